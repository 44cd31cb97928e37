"""What anybody may read, without a token or a login."""

PUBLIC_PATHS = frozenset({"/healthz", "/readyz", "/favicon.ico", "/api/v1/certificate-keys"})
"""Probes; and the public keys of certificates, which whoever is handed one must be able to get."""
