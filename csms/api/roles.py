"""What the routes of the central system ask for (`access.actions` decides), and what is seen of documents."""

from collections.abc import Iterable, Iterator
from types import NoneType
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends
from msgspec.structs import replace

from access.actions import Permission, may_wherever
from access.guard import Guard
from access.principals import Principal
from csms.api.transaction_views import IdTokenAnswer
from runtime.views import View

GUARD = Guard("csms")
READER = Depends(GUARD.requires(Permission.READ))
LISTER = Depends(GUARD.requires_anywhere(Permission.READ))
FRAME_READER = Depends(GUARD.requires(Permission.READ_FRAMES))
"""Frames and what was sent tell drivers' id tokens, and what a box got wrong."""
ATTEMPT_READER = Depends(GUARD.requires(Permission.READ_ATTEMPTS))
PERSONAL_KEEPER = Depends(GUARD.requires(Permission.READ_PERSONAL))
AUDITOR = Depends(GUARD.requires(Permission.READ_AUDIT))
TOKEN_CHECKER = Depends(GUARD.requires(Permission.CHECK_TOKEN))
TOKEN_KEEPER = Depends(GUARD.requires(Permission.MANAGE_TOKENS))
QUARANTINE_LISTER = Depends(GUARD.requires_anywhere(Permission.DECIDE_QUARANTINE))
QUARANTINE_KEEPER = Depends(GUARD.requires(Permission.DECIDE_QUARANTINE))
Reader = Annotated[Principal, READER]
Lister = Annotated[Principal, LISTER]
FrameReader = Annotated[Principal, FRAME_READER]
TokenKeeper = Annotated[Principal, TOKEN_KEEPER]
QuarantineLister = Annotated[Principal, QUARANTINE_LISTER]
QuarantineKeeper = Annotated[Principal, QUARANTINE_KEEPER]
FirmwareKeeper = Annotated[Principal, Depends(GUARD.requires_of_server(Permission.OPERATE))]
"""Firmware files are the server's, whoever's stations get them."""
Reviewer = Annotated[Principal, Depends(GUARD.requires(Permission.REVIEW))]
Operator = Annotated[Principal, Depends(GUARD.requires(Permission.OPERATE))]
Tester = Annotated[Principal, Depends(GUARD.requires(Permission.TRY_OUT))]
TesterAnywhere = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.TRY_OUT))]
BenchUser = Annotated[Principal, Depends(GUARD.requires(Permission.USE_BENCH))]
BenchClerk = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.USE_BENCH))]
"""The station is named in the body, or found by its tags."""
Founder = Annotated[Principal, Depends(GUARD.requires(Permission.SET_UP))]

_TOKEN_FIELDS = frozenset({"id_token", "group_id_token", "id_tag", "parent_id_tag"})
_FREE_TEXTS = {"data.transfer": "text", "message.kept": "payload"}
"""News in which a vendor may say anything, also who charges."""
LONG_TOKEN, SHORT_TOKEN = 12, 6
_WITHOUT_PARTS = (str, int, float, NoneType)


T = TypeVar("T")


def shown(who: Principal, content: T) -> T:
    """What the API tells, a view or JSON values, as they may see it: of places where they are not the same
    thing, as the least.

    Who may not see who charges sees enough to tell two drivers apart.
    """
    return content if may_wherever(who, Permission.READ_ID_TOKENS) else cast("T", _without_tokens(content))


def shortened(value: str) -> str:
    """An id token for who need not know it: its ends where it is long, else only its end."""
    if len(value) >= LONG_TOKEN:
        return f"{value[:2]}…{value[-2:]}"
    return f"…{value[-2:]}" if len(value) >= SHORT_TOKEN else "…"


def _without_tokens(node: Any) -> Any:
    """What has nothing to hide stays the same object: most of what is told has not."""
    if isinstance(node, list | tuple):
        return type(node)(map(_without_tokens, node))
    if not isinstance(node, dict):
        fields = _hidden_fields(_fields_of(node)) if isinstance(node, View) else {}
        return replace(node, **fields) if fields else node
    free_text = _FREE_TEXTS.get(str(node.get("event")))
    if free_text is not None and isinstance(node.get("payload"), dict):
        node = node | {"payload": node["payload"] | {free_text: None}}
    return node | _hidden_fields(node.items())


def _hidden_fields(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Of these fields those that are told otherwise."""
    found = {}
    for name, value in fields:
        if name in _TOKEN_FIELDS:
            found[name] = _hidden(value)
        elif not isinstance(value, _WITHOUT_PARTS) and (content := _without_tokens(value)) is not value:
            found[name] = content
    return found


def _fields_of(view: View) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(view, name)) for name in view.__struct_fields__)


def _hidden(token: Any) -> Any:
    if isinstance(token, IdTokenAnswer):
        return replace(token, value=shortened(token.value))
    if isinstance(token, str):
        return shortened(token)
    if isinstance(token, dict) and isinstance(token.get("value"), str):
        return token | {"value": shortened(token["value"])}
    return token
