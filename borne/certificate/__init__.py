"""Power-up certificates in a terminal: verified, and the keys that sign them."""
