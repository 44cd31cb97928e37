"""The tables of the central system, and the queries on them: one module per aggregate, each query named."""
