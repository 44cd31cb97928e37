"""The step that gives a station its site's authorization list, in chunks of what it takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocppj.model.command import CommandAnswer
from ocppj.model.local_list import GetLocalListVersion, ListVersionAnswer, SendLocalList
from ocppj.vocabulary import LocalListEntry, LocalListUpdate, VariableRef
from provisioning.activation import desired
from provisioning.activation.station_dialog import FeatureLacking, StationDialog, StationErred
from provisioning.blockers import Code
from runtime.wording import Phrase

DEFAULT_CHUNK = 20
"""For stations that do not say what they take."""
ENVELOPE_BYTES = 200
ENTRY_BYTES = 220
"""What one entry needs in a message beside its token and its group: more than either version writes."""
LONGEST_TOKEN_V16 = 20
"""OCPP 1.6 CiString20Type."""
LAST_VERSION = 2**31 - 1
LIST_VERSION = Phrase("version de la liste locale", "local list version")
LIST = Phrase("liste d'autorisation locale", "local authorization list")


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a station takes: entries and bytes per message, entries in all (None: it does not say)."""

    items: int
    message_bytes: int | None
    total: int | None


async def send_list(dialog: StationDialog, entries: Sequence[LocalListEntry], *, is_v16: bool) -> None:
    """Send the list, and read its version back. A station without lists leaves a remark."""
    version = await _version(dialog)
    if version is None or version < 0:
        # OCPP 1.6 §5.10: -1 means that local lists are not supported.
        dialog.remark(Code.KEY_LACKING, key=LIST)
        return
    capacity = await _capacity(dialog, is_v16=is_v16)
    fitting = _fitting(dialog, entries, capacity, is_v16=is_v16)
    parts = list(chunks(fitting, capacity))
    # The first chunk replaces the list whatever its version was, so the numbers may begin anew.
    first = version + 1 if version + len(parts) < LAST_VERSION else 1
    if not await _send_parts(dialog, parts, first):
        return
    final, reported = first + len(parts) - 1, await _version(dialog)
    is_empty_v16 = is_v16 and not fitting and reported == 0  # 1.6 §5.10: an empty list has version 0
    if reported is None:
        dialog.remark(Code.NOT_PROVED, key=LIST_VERSION, asked=final)
    elif reported != final and not is_empty_v16:
        dialog.remark(
            Code.CONFIG_DRIFT,
            key=LIST_VERSION,
            asked=final,
            reported=reported,
        )


def chunks(entries: Sequence[LocalListEntry], capacity: Capacity) -> Iterator[Sequence[LocalListEntry]]:
    """The entries in parts that fit into one message each; one empty part for an empty list."""
    part: list[LocalListEntry] = []
    used = ENVELOPE_BYTES
    for entry in entries:
        needed = ENTRY_BYTES + len(entry.id_token.value.encode())
        if entry.info is not None and entry.info.group_id_token is not None:
            needed += len(entry.info.group_id_token.encode())
        is_too_big = capacity.message_bytes is not None and used + needed > capacity.message_bytes
        if part and (len(part) >= capacity.items or is_too_big):
            yield part
            part, used = [], ENVELOPE_BYTES
        part.append(entry)
        used += needed
    if part or not entries:
        yield part


async def _version(dialog: StationDialog) -> int | None:
    try:
        answer = await dialog.send(GetLocalListVersion())
    except FeatureLacking:
        return None
    return answer.local_list_version if isinstance(answer, ListVersionAnswer) else None


def _fitting(
    dialog: StationDialog, entries: Sequence[LocalListEntry], capacity: Capacity, *, is_v16: bool
) -> Sequence[LocalListEntry]:
    """The entries that the station can keep; what is left out is told."""
    if is_v16:
        short = [each for each in entries if len(each.id_token.value) <= LONGEST_TOKEN_V16]
        if len(short) < len(entries):
            dialog.remark(Code.TOKENS_UNFIT, count=len(entries) - len(short), limit=LONGEST_TOKEN_V16)
        entries = short
    if capacity.total is not None and len(entries) > capacity.total:
        dialog.remark(Code.LIST_TOO_LONG, count=len(entries), limit=capacity.total)
        entries = entries[: capacity.total]
    return entries


async def _send_parts(dialog: StationDialog, parts: Sequence[Sequence[LocalListEntry]], first: int) -> bool:
    """The first chunk replaces the list, the others add to it; False if the station will not have it."""
    for number, part in enumerate(parts):
        update = LocalListUpdate.DIFFERENTIAL if number else LocalListUpdate.FULL
        try:
            answer = await dialog.send(SendLocalList(first + number, update, tuple(part)))
        except FeatureLacking:
            dialog.remark(Code.KEY_LACKING, key=LIST)
            return False
        if not answer.is_accepted:
            return _refused(dialog, answer, is_begun=number > 0)
    return True


def _refused(dialog: StationDialog, answer: CommandAnswer, *, is_begun: bool) -> bool:
    if answer.status == "NotSupported":
        dialog.remark(Code.KEY_LACKING, key=LIST)
        return False
    if answer.status == "VersionMismatch" or is_begun:
        # Somebody else changed the list, or it broke half-way: begin again with Full on the next try.
        raise StationErred(Phrase(f"liste {answer.status}", f"list {answer.status}"))
    dialog.remark(Code.LIST_REFUSED, reason=answer.status)
    return False


async def _capacity(dialog: StationDialog, *, is_v16: bool) -> Capacity:
    """What the station says of itself. In 2.x the most it keeps is no value that can be read."""
    refs = (desired.LIST_CHUNK, desired.LIST_LIMIT_V16 if is_v16 else desired.LIST_BYTES)
    try:
        found = await dialog.read(*refs)
    except FeatureLacking:
        found = {}
    values = {ref: _number(result.value) for ref, result in found.items()}
    return Capacity(
        items=_positive(values, desired.LIST_CHUNK) or DEFAULT_CHUNK,
        message_bytes=_positive(values, desired.LIST_BYTES),
        total=_positive(values, desired.LIST_LIMIT_V16),
    )


def _positive(values: dict[VariableRef, int | None], ref: VariableRef) -> int | None:
    value = values.get(ref)
    return value if value is not None and value > 0 else None


def _number(text: str | None) -> int | None:
    try:
        return int(float(text)) if text is not None else None
    except (ValueError, OverflowError):
        return None
