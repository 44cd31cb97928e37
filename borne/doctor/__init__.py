"""`borne doctor`: why a station does not connect, whether this machine is fit to serve, and the way out."""
