"""The key that signs power-up certificates: made at first need, followed by another, its public half kept.

Two files: the private key as PEM (mode 0600), and beside it the public halves of all keys that there were,
with the dates between which each signed. A certificate is held against those, however old it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from charging.certificate.document import canonical
from charging.certificate.signing import (
    NotKeysError,
    PublishedKey,
    PublishedKeys,
    key_id_of,
    keys_from_file,
    public_bytes_of,
    published,
)
from runtime.chance import Chance
from runtime.errors import RuntimeProblem
from runtime.private_file import write_private
from runtime.wording import Phrase

ISSUER_KEY = "certificate-key.pem"
"""In `var/`."""
PUBLIC_SUFFIX = ".public.json"
VALID_FOR = timedelta(days=730)
SEED_BYTES = 32


class IssuerKeyUnusable(RuntimeProblem):
    """A key that cannot be read or written; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: the key of now, and all that were."""

    key: Ed25519PrivateKey
    keys: PublishedKeys

    @property
    def name(self) -> str:
        """As certificates say it."""
        return self.keys.issuer


class IssuerKeys:
    """The two files. `path` is the private one; `name` is the issuer's until a rotation gives it another."""

    def __init__(self, path: Path, name: str, chance: Chance) -> None:
        self._path = path
        self._public = public_path(path)
        self._name = name
        self._chance = chance

    def published(self) -> PublishedKeys:
        """All public keys, the oldest first; none where no certificate was needed yet.

        Raises IssuerKeyUnusable.
        """
        try:
            return keys_from_file(self._public.read_bytes())
        except FileNotFoundError:
            return PublishedKeys("borne-certificate-keys/1", self._name)
        except (OSError, NotKeysError) as error:
            raise _unusable(self._public, error) from error

    def issuer(self, now: datetime) -> Issuer:
        """Whoever signs now: the key that is there and has not ended, else a new one.

        Raises IssuerKeyUnusable.
        """
        key, keys = self._private(), self.published()
        if key is None:
            return self.rotate(now)
        known = keys.key(key_id_of(public_bytes_of(key)))
        if known is None:  # the public file was lost: since when it signed is no longer known
            keys = _with(keys, published(public_bytes_of(key), None, now + VALID_FOR))
            self._write(self._public, canonical(keys))
        elif known.valid_until is not None and known.valid_until <= now:
            return self.rotate(now)
        return Issuer(key, keys)

    def rotate(self, now: datetime, name: str | None = None) -> Issuer:
        """A new key from now on; the one before ends now, and stays published. Raises IssuerKeyUnusable.

        The public file is written first: a crash in between leaves a key that has ended, and the next that
        is needed follows it.
        """
        key = Ed25519PrivateKey.from_private_bytes(self._chance.secret_bytes(SEED_BYTES))
        keys = self.published()
        ended = msgspec.structs.replace(
            keys, issuer=name or keys.issuer, keys=tuple(_ended(each, now) for each in keys.keys)
        )
        keys = _with(ended, published(public_bytes_of(key), now, now + VALID_FOR))
        self._write(self._public, canonical(keys))
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._write(self._path, pem)
        return Issuer(key, keys)

    def _private(self) -> Ed25519PrivateKey | None:
        try:
            key = load_pem_private_key(self._path.read_bytes(), password=None)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:  # TypeError: it has a password
            raise _unusable(self._path, error) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise _unusable(self._path, ValueError("not Ed25519"))
        return key

    def _write(self, path: Path, content: bytes) -> None:
        try:
            write_private(path, content)
        except OSError as error:
            raise _unusable(path, error) from error


def public_path(path: Path) -> Path:
    """Where the public halves stand that belong to a private key's file."""
    return path.with_suffix(PUBLIC_SUFFIX)


def _with(keys: PublishedKeys, key: PublishedKey) -> PublishedKeys:
    return msgspec.structs.replace(keys, keys=(*keys.keys, key))


def _ended(key: PublishedKey, now: datetime) -> PublishedKey:
    is_over = key.valid_until is not None and key.valid_until <= now
    return key if is_over else msgspec.structs.replace(key, valid_until=now)


def _unusable(path: Path, error: Exception) -> IssuerKeyUnusable:
    why = (error.strerror if isinstance(error, OSError) else None) or error
    return IssuerKeyUnusable(
        Phrase(
            f"La clé des certificats {path} est inutilisable ({why}) : restaurez-la de la sauvegarde.",
            f"The key of the certificates {path} cannot be used ({why}): restore the file from the backup.",
        )
    )
