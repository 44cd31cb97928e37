"""Secrets out of frames before anybody records them."""

import json
import re
from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from csms.domain.secrets import NAME_FIELDS, PERSONAL_FIELDS, VALUE_FIELDS, mask_payload
from ocppj.model.authorization import Authorize
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import Heartbeat
from ocppj.model.data_transfer import DataTransfer
from ocppj.model.messages import StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.security import SecurityEventNotification
from ocppj.model.transactions import TransactionEvent
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from runtime.secrets import HIDDEN, is_secret_name, mask_text

NEEDLES = (
    "pass",
    "secret",
    "pwd",
    "psk",
    'key"',
    'pin"',
    "credential",
    "://",
    ":\\/",
    "ate key-",
    "\\u00",
    *(action.lower() for action in PERSONAL_FIELDS),
)
"""What a frame must have, case aside, to be worth reading. JSON may spell with escapes."""
TOKEN, ID_TOKEN = 'token"', 'idtoken"'
"""Every start of a transaction names an id token: only other tokens are worth it."""
PLAIN_ACTIONS = frozenset(
    action
    for version in OcppVersion
    for message in (Heartbeat, TransactionEvent, MeterValues, Authorize)
    for action in translation_for(version).actions_of(message)
)
STARS = HIDDEN.encode()
FREE_TEXTS: dict[type[StationMessage], tuple[str, ...]] = {
    StatusNotification: ("info",),
    DataTransfer: ("text",),
    SecurityEventNotification: ("tech_info",),
}
"""The events in which a station tells what it wants, and where."""
CALL_LENGTH = 4
READ_MOST = 256 * 1024
"""Longer frames are not read but searched: a station may not make us walk through a megabyte twice."""

_PAIR = re.compile(r'"((?:[^"\\]|\\.){0,100}+)"(\s*+:\s*+)"((?:[^"\\]|\\.)*+)("|\\?\Z)', re.DOTALL)
"""A member with a text. It gives up nothing that it took, so that no frame can make it look twice."""


def has_no_secrets(action: str, frame: bytes) -> bool:
    """Whether a request that its schema takes without a finding can hold no secret.

    The hot path is not searched: none has a field for a secret, nor free text, but vendors' own data.
    """
    return action in PLAIN_ACTIONS and b"\\" not in frame and b"customData" not in frame


def mask_frame(frame: bytes, known: tuple[str, ...] = ()) -> bytes:
    """The frame without `known` secrets and without what is secret by its field, name or place in a URL.

    One that holds none comes back as it is, byte for byte; of one that does, what it says is kept.
    """
    if not _is_suspicious(frame) and not any(secret.encode("utf-8", "replace") in frame for secret in known):
        return frame
    try:
        if len(frame) > READ_MOST:
            return _searched(frame, known)
        message = json.loads(frame)
        masked = _without_personal(mask_payload(message, known))
    except (ValueError, RecursionError):
        return _searched(frame, known)
    if masked is message:
        return frame
    return json.dumps(masked, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def without_secrets(event: StationMessage, known: tuple[str, ...]) -> StationMessage:
    """One of `FREE_TEXTS` as it may be told: no secret in what the station wrote."""
    names = FREE_TEXTS[type(event)]
    texts = {name: text for name in names if isinstance(text := getattr(event, name), str)}
    return replace(event, **{name: mask_payload(text, known) for name, text in texts.items()})


def _without_personal(message: Any) -> Any:
    """A frame without what only managers read, where it is kept: `[2, id, action, payload]`."""
    if not (isinstance(message, list) and len(message) >= CALL_LENGTH and isinstance(message[2], str)):
        return message
    hidden, payload = PERSONAL_FIELDS.get(message[2]), message[3]
    if hidden is None or not isinstance(payload, dict):
        return message
    return [*message[:3], payload | dict.fromkeys(hidden & payload.keys(), HIDDEN), *message[4:]]


def _is_suspicious(frame: bytes) -> bool:
    folded = frame.lower().decode("latin-1")  # configuration keys have no case (OCPP 1.6 §9)
    return any(needle in folded for needle in NEEDLES) or folded.count(TOKEN) > folded.count(ID_TOKEN)


def _searched(frame: bytes, known: Iterable[str]) -> bytes:
    """A frame that is no JSON, or too long to be read: its texts one by one, as they stand."""
    text = frame.decode("latin-1")
    has_vpn = '"vpn"' in text
    personal = {name for action, names in PERSONAL_FIELDS.items() if f'"{action}"' in text for name in names}
    has_secret_name = any(
        is_secret_name(match[3]) for match in _PAIR.finditer(text) if match[1] in NAME_FIELDS
    )

    def shown(match: re.Match[str]) -> str:
        name, colon, value, end = match.groups()
        is_hidden = is_secret_name(name) or (has_secret_name and name in VALUE_FIELDS)
        is_hidden = is_hidden or (has_vpn and name == "key") or name in personal
        return f'"{name}"{colon}"{HIDDEN if is_hidden and value else value}{end}'

    spelled = (secret.encode("utf-8", "replace").decode("latin-1") for secret in known)
    masked = mask_text(_PAIR.sub(shown, text), tuple(spelled))
    return frame if masked == text else masked.encode("latin-1")
