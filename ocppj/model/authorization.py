"""Authorization: who may charge, and what a station remembers of it."""

from typing import ClassVar

import msgspec

from ocppj.model.command import Command
from ocppj.vocabulary import IdToken, IdTokenInfo


class Authorize(msgspec.Struct, frozen=True, gc=False):
    """A driver has presented an id token: may it charge?"""

    id_token: IdToken


class AuthorizeResponse(msgspec.Struct, frozen=True, gc=False):
    """The verdict."""

    info: IdTokenInfo


class ClearCache(Command, frozen=True):
    """Empty a station's authorization cache."""

    name: ClassVar[str] = "clear-cache"
