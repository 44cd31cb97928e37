"""Chance, injected: ids, secrets and jitter. `SystemChance` in production, `SeededChance` in tests and
replays.
"""

import random
import secrets
import uuid
from typing import Protocol

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Chance(Protocol):
    """Where randomness comes from."""

    def uuid(self) -> uuid.UUID:
        """A random UUID, version 4."""
        ...

    def message_id(self) -> str:
        """An id of 36 characters, unique, as OCPP messages have."""
        ...

    def secret_bytes(self, count: int) -> bytes:
        """`count` bytes nobody can guess."""
        ...

    def token(self, byte_count: int = 32) -> str:
        """A URL-safe secret of `byte_count` random bytes."""
        ...

    def uniform(self, low: float, high: float) -> float:
        """A number between `low` and `high`, for jitter and loads; not for secrets."""
        ...

    def jitter(self, value: float, share: float = 0.1) -> float:
        """`value` moved by at most `share` of itself either way."""
        ...

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        ...

    def letters(self, count: int, alphabet: str = CROCKFORD) -> str:
        """`count` characters of `alphabet` nobody can guess; by default Crockford's, without I, L,
        O and U.
        """
        ...


class SystemChance:
    """The operating system's randomness."""

    def __init__(self) -> None:
        self._random = random.Random()  # noqa: S311 - jitter only; everything secret comes from `secrets`

    def uuid(self) -> uuid.UUID:
        """A random UUID, version 4."""
        return uuid.uuid4()

    def message_id(self) -> str:
        """An id of 36 characters, unique, as OCPP messages have."""
        return str(uuid.uuid4())

    def secret_bytes(self, count: int) -> bytes:
        """`count` bytes nobody can guess."""
        return secrets.token_bytes(count)

    def token(self, byte_count: int = 32) -> str:
        """A URL-safe secret of `byte_count` random bytes."""
        return secrets.token_urlsafe(byte_count)

    def uniform(self, low: float, high: float) -> float:
        """A number between `low` and `high`."""
        return self._random.uniform(low, high)

    def jitter(self, value: float, share: float = 0.1) -> float:
        """`value` moved by at most `share` of itself either way."""
        return value * self._random.uniform(1 - share, 1 + share)

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return self._random.randint(low, high)

    def letters(self, count: int, alphabet: str = CROCKFORD) -> str:
        """`count` characters of `alphabet` nobody can guess."""
        return "".join(secrets.choice(alphabet) for _ in range(count))


class SeededChance(SystemChance):
    """The same ids, secrets and jitter again for the same seed. Never in production: everyone can
    guess them.
    """

    def __init__(self, seed: int = 1) -> None:
        super().__init__()
        self._random = random.Random(seed)  # noqa: S311 - predictable on purpose

    def uuid(self) -> uuid.UUID:
        """The next UUID of the seed."""
        return uuid.UUID(int=self._random.getrandbits(128), version=4)

    def message_id(self) -> str:
        """The next message id of the seed."""
        return str(self.uuid())

    def secret_bytes(self, count: int) -> bytes:
        """The next bytes of the seed."""
        return self._random.randbytes(count)

    def token(self, byte_count: int = 32) -> str:
        """The next token of the seed, in hex."""
        return self._random.randbytes(byte_count).hex()

    def letters(self, count: int, alphabet: str = CROCKFORD) -> str:
        """The next characters of the seed."""
        return "".join(self._random.choice(alphabet) for _ in range(count))
