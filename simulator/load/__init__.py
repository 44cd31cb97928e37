"""`borne load`: many light stations that keep a central system's hot path busy, and what that took."""
