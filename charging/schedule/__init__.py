"""Charging profiles: which a station may hold, and what they come to at an instant or over a time.

1.6 §3.13, 2.0.1 and 2.1 part 2 K. Pure, and of no version: what the versions rule differently is an argument.
"""
