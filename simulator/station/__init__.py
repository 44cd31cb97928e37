"""A station that runs: what people and its central system do to it, and what follows."""
