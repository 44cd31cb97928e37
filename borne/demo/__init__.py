"""The demo: three simulated stations, and the people who lead two of them from their boxes to a charge."""
