"""Secrets out of frames before anybody records them."""

import json
from typing import Any

from csms.dialects.secrets import SECRET_WORDS, secrets_in

STARS = b"***"
_ESCAPED_ASCII = b"\\u00"
"""A name may be spelled with escapes: then only reading the frame tells."""
_MARK = b"\xff"
"""Stands for a secret until all are found: no text holds this byte, so that no secret is found in it, and
twenty secrets that read `*` do not grow the frame three times each."""
SECRETS_IN_PLACE = 16
"""So many secrets of a frame are hidden where they stand. One with more is kept as it reads, not as it came:
no station has so many, and each costs a search through the frame."""
IN_ALL_WORDS = b"auth"
"""Part of every secret word. Every frame comes through here: one search is enough for nearly all of them."""


def mask_frame(frame: bytes, secrets: tuple[str, ...] = ()) -> bytes:
    """The frame without `secrets` and without the values of secret variables in it."""
    folded = frame.lower()  # configuration keys have no case (OCPP 1.6 §9)
    may_hold_a_word = IN_ALL_WORDS in folded and any(word in folded for word in SECRET_WORDS)
    found = set(secrets)
    if may_hold_a_word or _ESCAPED_ASCII in folded:
        inside = _found_in(frame)
        if len(inside) > SECRETS_IN_PLACE:
            frame = json.dumps(_masked(json.loads(frame), inside)).encode()
        else:
            found |= inside
    if not found:
        return frame
    for secret in sorted(found, key=len, reverse=True):
        for spelling in {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], secret}:
            frame = frame.replace(spelling.encode("utf-8", "surrogatepass"), _MARK)
    return frame.replace(_MARK, STARS)


def mask_payload(payload: Any) -> Any:
    """A copy of a decoded payload without the values of secret variables."""
    secrets = secrets_in(payload)
    return _masked(payload, frozenset(secrets)) if secrets else payload


def _masked(node: Any, secrets: frozenset[str]) -> Any:
    if isinstance(node, dict):
        return {key: _masked(value, secrets) for key, value in node.items()}
    if isinstance(node, list):
        return [_masked(value, secrets) for value in node]
    return STARS.decode() if isinstance(node, str) and node in secrets else node


def _found_in(frame: bytes) -> frozenset[str]:
    try:
        return frozenset(secrets_in(json.loads(frame)))
    except (ValueError, RecursionError):
        return frozenset()
