"""What a certificate is held against: the issuer's keys, from a file or a server, and a folder of photos."""

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx

from charging.certificate.photos import photo_hash
from charging.certificate.signing import NotKeysError, PublishedKeys, keys_from_file
from runtime.errors import RuntimeProblem
from runtime.wording import Phrase

KEYS_ROUTE = "/api/v1/certificate-keys"
WITHIN_S = 15.0


class EvidenceUnusable(RuntimeProblem):
    """Something that was given cannot be read. `is_elsewhere`: a server did not answer as it must."""

    def __init__(self, words: Phrase, *, is_elsewhere: bool = False) -> None:
        super().__init__(words)
        self.is_elsewhere = is_elsewhere

    @classmethod
    def of_file(cls, path: Path, error: OSError) -> "EvidenceUnusable":
        """A file that the system does not give."""
        why = error.strerror or error
        return cls(Phrase(f"{path} est illisible : {why}", f"{path} cannot be read: {why}"))


def keys_of(source: str) -> PublishedKeys:
    """The keys in a file, or those that a server publishes: its address alone will do.

    Raises EvidenceUnusable.
    """
    is_url = source.startswith(("http://", "https://"))
    try:
        return keys_from_file(_fetched(source) if is_url else Path(source).read_bytes())
    except OSError as error:
        raise EvidenceUnusable.of_file(Path(source), error) from error
    except NotKeysError as error:
        raise EvidenceUnusable(
            Phrase(
                f"{source} ne contient pas les clés publiques d'un émetteur ({error}).",
                f"{source} does not hold the public keys of an issuer ({error}).",
            ),
            is_elsewhere=is_url,
        ) from error


def _fetched(url: str) -> bytes:
    parts = urlsplit(url)
    wanted = url if parts.path not in ("", "/") else urlunsplit(parts._replace(path=KEYS_ROUTE))
    try:
        answer = httpx.get(wanted, timeout=WITHIN_S, follow_redirects=True).raise_for_status()
    except httpx.HTTPError as error:
        raise EvidenceUnusable(
            Phrase(
                f"{wanted} ne donne pas les clés ({error}) : donnez le fichier qui a été publié.",
                f"{wanted} does not give the keys ({error}): name the file that was published.",
            ),
            is_elsewhere=True,
        ) from error
    return answer.content


def photo_hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a folder by its name, but hidden ones. Raises EvidenceUnusable."""
    hashes = {}
    try:
        for path in sorted(folder.iterdir()):
            if path.is_file() and not path.name.startswith("."):
                hashes[path.name] = photo_hash(path.read_bytes())
    except OSError as error:
        raise EvidenceUnusable.of_file(folder, error) from error
    return hashes
