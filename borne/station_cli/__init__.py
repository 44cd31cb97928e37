"""A simulated station or fleet on the terminal: what it prints, and what can be typed."""
