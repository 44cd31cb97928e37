"""SQL of provisioning: one module per aggregate, each query named."""
