"""Whether a station's answer to a raw call is a good one, whatever the action and the version."""

from collections.abc import Iterator, Mapping
from typing import Any

GOOD = frozenset({"Accepted", "AcceptedCanceled", "RebootRequired", "Scheduled", "Unlocked", "Unpublished"})
"""Of the words that answers of 1.6, 2.0.1 and 2.1 have for a status, those that say yes."""
_STATUSES = ("status", "attributeStatus")


def is_good_answer(payload: Any) -> bool:
    """An answer says yes if its status does, or every status in its lists; without any, by having come.

    1.6 GetConfiguration tells the keys that it does not know beside the others: then it is none.
    """
    if not isinstance(payload, Mapping):
        return False
    return not payload.get("unknownKey") and all(status in GOOD for status in _statuses(payload))


def _statuses(payload: Mapping[str, Any]) -> Iterator[Any]:
    yield from (payload[name] for name in _STATUSES if name in payload)
    for entries in payload.values():
        for each in entries if isinstance(entries, list) else ():
            if isinstance(each, Mapping):
                yield from (each[name] for name in _STATUSES if name in each)
