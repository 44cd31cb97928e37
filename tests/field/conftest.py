"""One running server per module."""

from tests.support.server import server

__all__ = ["server"]
