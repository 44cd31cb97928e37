"""The TLS side of a port, from the files that the settings name."""

import ssl
from collections.abc import Callable
from pathlib import Path

from runtime.errors import RuntimeProblem
from runtime.wording import Phrase


class CertificateUnusable(RuntimeProblem):
    """The TLS certificate or its key cannot be used."""


def usable_certificate(
    chain: Path | None, key: Path | None, context: Callable[[Path, Path], ssl.SSLContext]
) -> ssl.SSLContext | None:
    """The TLS side of a port; None without a certificate. Raises CertificateUnusable."""
    if chain is None or key is None:
        return None
    try:
        return context(chain, key)
    except (OSError, ssl.SSLError) as error:
        raise CertificateUnusable(
            Phrase(
                f"Le certificat {chain} avec la clé {key} est inutilisable : {error.strerror or error}. "
                "Donnez une chaîne de certificats PEM et sa clé non chiffrée.",
                f"The certificate {chain} with the key {key} cannot be used: {error.strerror or error}. "
                "Give a PEM certificate chain and its unencrypted key.",
            )
        ) from error
