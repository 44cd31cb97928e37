"""Who may do and see what in the central system (docs/reference/roles.md): viewers read, managers command,
installers try a station out.
"""

from typing import Annotated, Any

from fastapi import Depends

from access.guard import everybody, require
from access.principals import Principal, Role

ANYONE = Depends(everybody)
MANAGER = Depends(require(Role.MANAGER))
INSTALLER = Depends(require(Role.MANAGER, Role.INSTALLER))
"""Also who sees frames and failed connections: they tell drivers' id tokens, and what a box got wrong."""
ADMINISTRATOR = Depends(require())
Anyone = Annotated[Principal, ANYONE]
Manager = Annotated[Principal, MANAGER]
Administrator = Annotated[Principal, ADMINISTRATOR]
Installer = Annotated[Principal, INSTALLER]

_TOKEN_FIELDS = frozenset({"id_token", "group_id_token", "id_tag", "parent_id_tag"})
_FREE_TEXTS = {"data.transfer": "text", "message.kept": "payload"}
"""News in which a vendor may say anything, also who charges."""
LONG_TOKEN, SHORT_TOKEN = 12, 6


def sees_wire(role: Role) -> bool:
    """Whether this role sees frames, waits for them, and sees the connections that failed."""
    return role is not Role.VIEWER


def manages(role: Role) -> bool:
    """Whether this role decides about messages in quarantine, and sees them."""
    return role in (Role.ADMIN, Role.MANAGER)


def sees_tokens(role: Role) -> bool:
    """Whether this role sees who charges; others see enough to tell two drivers apart."""
    return role is not Role.VIEWER


def shown(who: Principal, document: Any) -> Any:
    """What the API tells, as this role may see it."""
    return document if sees_tokens(who.role) else _without_tokens(document)


def shortened(value: str) -> str:
    """An id token for who need not know it: its ends where it is long, else only its end."""
    if len(value) >= LONG_TOKEN:
        return f"{value[:2]}…{value[-2:]}"
    return f"…{value[-2:]}" if len(value) >= SHORT_TOKEN else "…"


def _without_tokens(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_tokens(each) for each in node]
    if not isinstance(node, dict):
        return node
    free_text = _FREE_TEXTS.get(str(node.get("event")))
    if free_text is not None and isinstance(node.get("payload"), dict):
        node = node | {"payload": node["payload"] | {free_text: None}}
    return {
        name: _hidden(value) if name in _TOKEN_FIELDS else _without_tokens(value)
        for name, value in node.items()
    }


def _hidden(token: Any) -> Any:
    if isinstance(token, str):
        return shortened(token)
    if isinstance(token, dict) and isinstance(token.get("value"), str):
        return token | {"value": shortened(token["value"])}
    return token
