"""The central system: accepts, records and commands stations. Knows nothing of provisioning."""
