"""What anybody may ask for, without a token or a login."""

INVITATION_PAGE = "/invitation"
"""What a link opens; its secret stands behind the hash, which no server and no log gets."""
ACCEPT_PATH, OPEN_PATH = f"{INVITATION_PAGE}/accept", f"{INVITATION_PAGE}/open"
PUBLIC_INVITATION_PATHS = frozenset({INVITATION_PAGE, ACCEPT_PATH, OPEN_PATH})
"""Where whoever has the link of an invitation is, before they have a login."""
OWN_CA_PATH = "/own-ca.crt"
"""The own authority's certificate, which a phone installs before it can trust anything here."""
PUBLIC_PATHS = (
    frozenset({"/healthz", "/readyz", "/favicon.ico", "/api/v1/certificate-keys", OWN_CA_PATH})
    | PUBLIC_INVITATION_PATHS
)
"""Probes; the public keys of certificates, which whoever is handed one must be able to get; and the above."""
