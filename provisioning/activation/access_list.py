"""The step that gives a station its site's authorization list, in chunks of what it takes."""

from collections.abc import Sequence

from csms.domain.commands import GetLocalListVersion, SendLocalList
from ocppj.vocabulary import LocalListEntry, LocalListUpdate, VariableRef
from provisioning.activation import desired
from provisioning.activation.conversation import Conversation, FeatureLacking, NoAnswer
from provisioning.catalogue import Code

DEFAULT_CHUNK = 20
"""For stations that do not say what they take."""


async def send_list(talk: Conversation, entries: Sequence[LocalListEntry], *, is_v16: bool) -> None:
    """Send the list, and read its version back. A station without lists leaves a remark."""
    try:
        version = (await talk.send(GetLocalListVersion())).local_list_version
    except FeatureLacking:
        version = -1
    if version is None or version < 0:
        # OCPP 1.6 §5.10: -1 means that local lists are not supported.
        talk.remark(Code.KEY_LACKING, key="local authorization list")
        return
    chunk, limit = await _limits(talk, is_v16=is_v16)
    if limit is not None and len(entries) > limit:
        talk.remark(Code.LIST_TOO_LONG, count=len(entries), limit=limit)
        entries = entries[:limit]
    final = await _send_chunks(talk, entries, chunk, version + 1)
    if final is None:
        return
    reported = (await talk.send(GetLocalListVersion())).local_list_version
    if reported != final:
        talk.remark(Code.CONFIG_DRIFT, key="local list version", asked=final, reported=reported)


async def _send_chunks(
    talk: Conversation, entries: Sequence[LocalListEntry], chunk: int, version: int
) -> int | None:
    """The first chunk replaces the list, the others add to it; the last version sent, None if refused."""
    parts = [entries[start : start + chunk] for start in range(0, len(entries), chunk)] or [entries]
    for number, part in enumerate(parts):
        update = LocalListUpdate.DIFFERENTIAL if number else LocalListUpdate.FULL
        answer = await talk.send(SendLocalList(version + number, update, tuple(part)))
        if answer.is_accepted:
            continue
        if answer.status == "VersionMismatch" or number:
            # Somebody else changed the list, or it broke half-way: begin again with Full on the next try.
            raise NoAnswer(f"local list {answer.status}")
        talk.remark(Code.LIST_REFUSED, reason=answer.status)
        return None
    return version + len(parts) - 1


async def _limits(talk: Conversation, *, is_v16: bool) -> tuple[int, int | None]:
    """Entries per message, and entries in all if the station says."""
    total = desired.LIST_LIMIT_V16 if is_v16 else desired.LIST_ENTRIES
    try:
        found = await talk.read(desired.LIST_CHUNK, total)
    except FeatureLacking:
        found = {}
    values = {ref: _number(result.value) for ref, result in found.items()}
    chunk = _positive(values, desired.LIST_CHUNK) or DEFAULT_CHUNK
    # In 2.x the value of `Entries` is how many there are; the most it takes is a characteristic, not a value.
    return chunk, _positive(values, total) if is_v16 else None


def _positive(values: dict[VariableRef, int | None], ref: VariableRef) -> int | None:
    value = values.get(ref)
    return value if value is not None and value > 0 else None


def _number(text: str | None) -> int | None:
    try:
        return int(float(text)) if text is not None else None
    except (ValueError, OverflowError):
        return None
