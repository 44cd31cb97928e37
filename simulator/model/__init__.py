"""What a station is made of, without a connection: its state, its variables, its rules."""
