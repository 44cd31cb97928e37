"""Durable work: what must happen later, or again, and survives whoever began it (architecture §10)."""
