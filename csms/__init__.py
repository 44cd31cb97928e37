"""The central system: accepts stations, records what they send, commands them. Knows nothing of provisioning."""
