"""The reader of billing messages that nobody else could read: what can be read of them is used.

A part that nobody needs never refuses the message that carries the energy (architecture, rule 18). OCPP 1.6
§4.8 and §4.10: sanity checks "SHOULD NOT ever cause the Central System to not respond", and a station deletes
what was refused. What is left out or unknown is named in `findings`; what cannot be JSON is refused as ever.
"""

from typing import Any

from msgspec import inspect, structs

from ocppj import findings as slugs
from ocppj.errors import ErrorKind, PayloadError
from ocppj.findings import Finding
from ocppj.json_text import Unreadable, read_json_parts
from ocppj.numbers import number_in_text
from ocppj.structs import WireStruct
from ocppj.tolerant import TolerantReader, wrong_type
from ocppj.units import value_in_base
from ocppj.versions import OcppVersion

MOST_LEFT_OUT = 200
"""Parts of one message; one with more is refused: looking for the rest of it would hold up the others."""

_TIMED = frozenset({"timestamp"})
MAY_BE_UNKNOWN: dict[str, frozenset[str]] = {
    "StartTransactionRequest": frozenset({"connectorId", "idTag", "meterStart", "timestamp"}),
    "StopTransactionRequest": frozenset({"transactionId", "meterStop", "timestamp"}),
    "TransactionEventRequest": frozenset({"eventType", "timestamp", "triggerReason", "seqNo"}),
    "MeterValuesRequest": frozenset({"connectorId", "evseId", "meterValue"}),
    "MeterValue": _TIMED,
    "TransactionData": _TIMED,
    "MeterValueType": _TIMED,
}
"""Required fields, by the class that has them, without which the rest still says something. The billing
messages are those whose request is here. A 2.x transaction's id is not: its event would be nobody's."""

_SAMPLE = frozenset({"context", "format", "measurand", "phase", "location", "unit", "unitOfMeasure"})
_MEANINGS: dict[str, frozenset[str]] = {
    "SampledValue": _SAMPLE,
    "StopTransactionRequestSampledValue": _SAMPLE,
    "SampledValueType": _SAMPLE,
    "UnitOfMeasureType": frozenset({"unit", "multiplier"}),
}
"""Optional fields that say what the others mean: a power whose measurand was left out would be an energy.
Where one cannot be read, the whole is left out."""

_READINGS = frozenset({"$.meterStart", "$.meterStop"})


def is_billing(message: type[WireStruct]) -> bool:
    """Whether a message class is a request that is salvaged."""
    name = message.__name__
    return name.endswith("Request") and name in MAY_BE_UNKNOWN


class SalvagingReader(TolerantReader):
    """Reads one billing message. `is_partial`: something of it was left out or is unknown."""

    __slots__ = ("_left_out", "_unknown_of_message")

    def __init__(self, version: OcppVersion) -> None:
        super().__init__(version, is_lenient=True)
        self._left_out = 0
        self._unknown_of_message = 0

    @property
    def is_partial(self) -> bool:
        """Whether something was lost."""
        return self._left_out > 0

    def read_text(self, message: type[WireStruct], text: bytes) -> Any:
        """A struct of class `message`. Raises PayloadError where nothing of it can be used."""
        found = self.read(message, read_json_parts(text, self.findings))
        if self._unknown_of_message == sum(part.required for part in structs.fields(message)):
            raise PayloadError(ErrorKind.TYPE_CONSTRAINT, "$", "unreadable", "nothing in it can be read")
        return found

    def _read(self, shape: inspect.Type, value: Any, path: str) -> Any:
        if isinstance(value, Unreadable):
            raise PayloadError(ErrorKind.FORMAT_VIOLATION, path, "unreadable", value.why)
        return super()._read(shape, value, path)

    def _field(self, shape: inspect.StructType, part: inspect.Field, value: Any, path: str) -> Any:
        before = len(self.findings)
        try:
            return self._read(part.type, value, path)
        except PayloadError as error:
            del self.findings[before:]  # what was odd about a part that is not used
            return self._instead(shape, part, path, error)

    def _missing(self, shape: inspect.StructType, part: inspect.Field, path: str) -> Any:
        try:
            return super()._missing(shape, part, path)
        except PayloadError as error:
            return self._instead(shape, part, path, error)

    def _instead(self, shape: inspect.StructType, part: inspect.Field, path: str, error: PayloadError) -> Any:
        """What stands for a field that cannot be read. Raises its error where nothing can."""
        owner, wire = shape.cls.__name__, part.encode_name
        if not part.required and wire not in _MEANINGS.get(owner, ()):
            self._leave_out(slugs.PART_LEFT_OUT, error)
            return None
        if wire not in MAY_BE_UNKNOWN.get(owner, ()):
            raise error
        self._leave_out(slugs.REQUIRED_UNKNOWN, error)
        if path.count(".") == 1:
            self._unknown_of_message += 1
        return [] if isinstance(part.type, inspect.ListType) else None

    def _list(self, shape: inspect.ListType, value: Any, path: str) -> list[Any]:
        if isinstance(value, dict):
            self._note(slugs.ITEM_FOR_LIST, path, "is an object, not an array of them")
            value = [value]
        found = super()._list(shape, value, path)
        return [each for each in found if each is not _LEFT_OUT]

    def _item(self, shape: inspect.ListType, value: Any, path: str) -> Any:
        before = len(self.findings)
        try:
            return super()._item(shape, value, path)
        except PayloadError as error:
            del self.findings[before:]
            self._leave_out(slugs.PART_LEFT_OUT, error)
            return _LEFT_OUT

    def _leave_out(self, slug: str, error: PayloadError) -> None:
        self._left_out += 1
        if self._left_out > MOST_LEFT_OUT:
            raise _TooMuchError from error
        self._note(slug, error.path, error.detail.removeprefix(f"{error.path}: "))

    def _odd_time(self, text: str, path: str) -> None:
        """2.x refuses a time that is none (part 2 §3 FR.03), but not the energy that comes with it."""
        try:
            super()._odd_time(text, path)
        except PayloadError:
            self._note(slugs.UNREADABLE_TIME, path, "is no time")

    def _int(self, shape: inspect.IntType, value: Any, path: str) -> int:
        if path not in _READINGS:
            return super()._int(shape, value, path)
        number = self._reading(value, path)
        if isinstance(number, float) and not number.is_integer():
            self._note(slugs.FRACTION_FOR_INTEGER, path, "is not a whole number of Wh")
            return number  # type: ignore[return-value] # the fraction is energy, and no reader minds it
        return super()._int(shape, number, path)

    def _reading(self, value: Any, path: str) -> int | float:
        """A reading of the register in Wh, also from a text with its unit."""
        number = number_in_text(value) if isinstance(value, str) else None
        if number is None:
            return self._number(value, path)
        wh, unit = value_in_base(number.value, number.unit, "Energy.Active")
        if unit != "Wh":
            raise wrong_type(path, "a number of Wh", value)
        slug = slugs.ODD_NUMBER if number.is_odd else slugs.STRING_FOR_NUMBER
        self._note(slug, path, "is text, not a number")
        return int(wh) if wh.is_integer() else wh

    def _any(self, shape: inspect.Type, value: Any, path: str) -> Any:
        if isinstance(value, Unreadable):
            raise PayloadError(ErrorKind.FORMAT_VIOLATION, path, "unreadable", value.why)
        return super()._any(shape, value, path)


class _TooMuchError(Exception):
    """So much cannot be read that it is not worth looking for the rest."""


_LEFT_OUT = object()


class Salvaged:
    """What could be read of a billing message."""

    __slots__ = ("findings", "is_partial", "message")

    def __init__(self, message: Any, findings: tuple[Finding, ...], *, is_partial: bool) -> None:
        self.message = message
        self.findings = findings
        self.is_partial = is_partial


def salvaged(message: type[WireStruct], text: bytes, version: OcppVersion) -> Salvaged | None:
    """What can be read of a billing message that was refused; None where that is nothing."""
    reader = SalvagingReader(version)
    try:
        found = reader.read_text(message, text)
    except (PayloadError, _TooMuchError):
        return None
    return Salvaged(found, tuple(reader.findings), is_partial=reader.is_partial)
