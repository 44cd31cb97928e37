"""An own certificate authority for a server that no public one can name: phones on its network trust it."""
