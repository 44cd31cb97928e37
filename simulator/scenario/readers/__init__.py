"""What a station's requests, with their answers, say in neutral words: one module per OCPP version."""
