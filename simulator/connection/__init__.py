"""A station's way to its central system: dialling, registration, what is sent and what waits to be sent."""
