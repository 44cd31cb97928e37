"""The station's variables: one store for every OCPP version (2.0.1 part 1 §4; 1.6 keys are a view of it).

What a variable is (`StationVariable`) is shared by all stations of a template; a station keeps only the
values that differ. Names compare without regard to case.
"""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ocppj.model.variables import ReportedAttribute, ReportedVariable
from ocppj.vocabulary import VariableRef


class Mutability(enum.Enum):
    """Who may do what with a value (MutabilityEnumType)."""

    READ_ONLY = "ReadOnly"
    WRITE_ONLY = "WriteOnly"
    READ_WRITE = "ReadWrite"


class Kind(enum.Enum):
    """What a value is (DataEnumType)."""

    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    OPTION_LIST = "OptionList"
    MEMBER_LIST = "MemberList"
    DATE_TIME = "dateTime"


class SetStatus(enum.Enum):
    """What came of setting a variable (SetVariableStatusEnumType)."""

    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    UNKNOWN_COMPONENT = "UnknownComponent"
    UNKNOWN_VARIABLE = "UnknownVariable"
    REBOOT_REQUIRED = "RebootRequired"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationVariable:
    """One variable with its limits. `maximum` bounds a number, or the length of a text."""

    ref: VariableRef
    value: str | None = None
    kind: Kind = Kind.STRING
    mutability: Mutability = Mutability.READ_WRITE
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[str, ...] = ()
    needs_reboot: bool = False
    attributes: tuple[tuple[str, str], ...] = ()
    """Those beside the Actual one, with their values; nobody sets them."""

    def reported(self, value: str | None) -> ReportedVariable:
        """The variable as a report tells it, with its value."""
        least = self.minimum if self.kind is not Kind.MEMBER_LIST else None  # of a list: how many words
        return ReportedVariable(
            ref=self.ref,
            value=value if self.mutability is not Mutability.WRITE_ONLY else None,
            is_read_only=self.mutability is Mutability.READ_ONLY,
            unit=self.unit,
            data_type=self.kind.value,
            max_limit=self.maximum,
            min_limit=least,
            values_list=",".join(self.options) or None,
            is_write_only=self.mutability is Mutability.WRITE_ONLY,
            is_persistent=True,
            supports_monitoring=True,
            attributes=tuple(
                ReportedAttribute(name, value, is_read_only=True, is_persistent=True, is_constant=True)
                for name, value in self.attributes
            ),
        )

    def accepts(self, value: str) -> bool:
        """Whether `value` is one that this variable can have."""
        match self.kind:
            case Kind.BOOLEAN:
                return value.lower() in ("true", "false")
            case Kind.INTEGER | Kind.DECIMAL:
                return self._accepts_number(value)
            case Kind.OPTION_LIST:
                return value in self.options
            case Kind.MEMBER_LIST:
                words = _words(value)
                is_known = not self.options or all(word.strip() in self.options for word in words)
                return is_known and len(words) >= (self.minimum or 0)
            case Kind.STRING | Kind.DATE_TIME:
                return len(value) >= (self.minimum or 0) and len(value) <= (self.maximum or 2500)

    def _accepts_number(self, value: str) -> bool:
        try:
            number = float(int(value)) if self.kind is Kind.INTEGER else float(value)
        except ValueError:
            return False
        is_above = self.minimum is None or number >= self.minimum
        return is_above and (self.maximum is None or number <= self.maximum)


class VariableStore:
    """One station's variables. `subscribe` hears of every value that comes into force."""

    def __init__(self, variables: Mapping[VariableRef, StationVariable]) -> None:
        self._variables = variables
        self._values: dict[VariableRef, str] = {}
        self._awaiting_reboot: dict[VariableRef, str] = {}
        self._listeners: list[Callable[[VariableRef, str], None]] = []
        self._computed: dict[VariableRef, Callable[[], str]] = {}

    def compute(self, ref: VariableRef, read: Callable[[], str]) -> None:
        """Let a variable have whatever `read` gives at the moment it is asked for."""
        self._computed[_folded(ref)] = read

    def subscribe(self, listener: Callable[[VariableRef, str], None]) -> None:
        """Call `listener(ref, value)` when a value comes into force by `write` or `restart`."""
        self._listeners.append(listener)

    def find(self, ref: VariableRef) -> StationVariable | None:
        """The variable, or None if this station has none by that name."""
        return self._variables.get(_folded(ref))

    def has_component(self, ref: VariableRef) -> bool:
        """Whether the station has any variable of that component."""
        name, evse_id = ref.component.lower(), ref.evse_id
        return any(known.component == name and known.evse_id == evse_id for known in self._variables)

    def value(self, ref: VariableRef) -> str | None:
        """The value in force, also of a write-only variable; None where there is none."""
        key = _folded(ref)
        if key in self._computed and key in self._variables:
            return self._computed[key]()
        found = self._values.get(key)
        if found is not None:
            return found
        variable = self._variables.get(key)
        return variable.value if variable is not None else None

    def text(self, component: str, variable: str, default: str = "") -> str:
        """A value in force as text."""
        found = self.value(VariableRef(component, variable))
        return default if found is None else found

    def number(self, component: str, variable: str, default: float, instance: str | None = None) -> float:
        """A value in force as a number; `default` where there is none."""
        found = self.value(VariableRef(component, variable, variable_instance=instance))
        try:
            return float(found) if found is not None else default
        except ValueError:
            return default

    def flag(self, component: str, variable: str, instance: str | None = None) -> bool:
        """A value in force as a truth; false where there is none."""
        found = self.value(VariableRef(component, variable, variable_instance=instance))
        return (found or "").lower() == "true"

    def words(self, component: str, variable: str) -> tuple[str, ...]:
        """A value in force as a list of words."""
        return tuple(word.strip() for word in _words(self.text(component, variable)))

    def write(self, ref: VariableRef, value: str) -> SetStatus:
        """Set a value as the central system may (OCPP 2.0.1 B05)."""
        variable = self.find(ref)
        if variable is None:
            known = self.has_component(ref)
            return SetStatus.UNKNOWN_VARIABLE if known else SetStatus.UNKNOWN_COMPONENT
        if variable.mutability is Mutability.READ_ONLY or not variable.accepts(value):
            return SetStatus.REJECTED
        if variable.needs_reboot:
            self._awaiting_reboot[_folded(ref)] = value
            return SetStatus.REBOOT_REQUIRED
        self.put(ref, value)
        for listener in self._listeners:
            listener(variable.ref, value)
        return SetStatus.ACCEPTED

    def put(self, ref: VariableRef, value: str) -> None:
        """Set a value from inside the station: read-only ones too, and nobody is told."""
        self._values[_folded(ref)] = value

    def restart(self) -> None:
        """Let what waited for a reboot come into force."""
        waiting, self._awaiting_reboot = self._awaiting_reboot, {}
        for key, value in waiting.items():
            self._values[key] = value
            for listener in self._listeners:
                listener(self._variables[key].ref, value)

    def __iter__(self) -> Iterator[StationVariable]:
        return iter(self._variables.values())

    def __len__(self) -> int:
        return len(self._variables)

    def changed(self) -> dict[str, str]:
        """The settings that differ from the template's, by a text that `restore` takes.

        What waits for a reboot is among them: whoever restores them has rebooted. Read-only ones are not:
        they follow from what the station is doing.
        """
        return {
            _text_of(key): value
            for key, value in (self._values | self._awaiting_reboot).items()
            if self._variables[key].mutability is not Mutability.READ_ONLY
        }

    def restore(self, values: Mapping[str, str]) -> None:
        """Take values that `changed` gave; those of variables that are gone or read-only are dropped."""
        by_text = {
            _text_of(key): key
            for key, variable in self._variables.items()
            if variable.mutability is not Mutability.READ_ONLY
        }
        self._values |= {by_text[text]: value for text, value in values.items() if text in by_text}


def index(variables: Iterable[StationVariable]) -> dict[VariableRef, StationVariable]:
    """Variables by folded name; a later one replaces an earlier one."""
    return {_folded(variable.ref): variable for variable in variables}


def _folded(ref: VariableRef) -> VariableRef:
    return VariableRef(
        ref.component.lower(),
        ref.variable.lower(),
        ref.component_instance.lower() if ref.component_instance else None,
        ref.variable_instance.lower() if ref.variable_instance else None,
        ref.evse_id,
        ref.connector_id,
    )


def _text_of(key: VariableRef) -> str:
    place = (key.evse_id, key.connector_id)
    return str(key) if place == (None, None) else f"{key}@{key.evse_id}.{key.connector_id}"


def _words(value: str) -> list[str]:
    return [word for word in value.split(",") if word.strip()]
