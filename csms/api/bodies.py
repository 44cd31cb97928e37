"""The bodies of the commands, made of the commands' own arguments, and the command that each one means.

A value type stands in a body as people write it: an id token as `id_token` and `id_token_type`, a variable by
its names beside its value. What is marked INSIDE is not asked for, what is MADE_UP may be left out.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from types import UnionType
from typing import Annotated, Any, ClassVar, NamedTuple, Union, get_args, get_origin

import msgspec
from pydantic import AwareDatetime, Field, create_model

from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command
from ocppj.vocabulary import (
    CONFIGURATION_KEY_COMPONENT,
    AuthorizationStatus,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    LocalListEntry,
    VariableRef,
)
from runtime.bodies import Body as StrictBody

LONGEST_TIMEOUT_S = 600.0
ID = Annotated[int, Field(ge=0, le=2**31 - 1)]
Text = Annotated[str, Field(min_length=1, max_length=50)]  # names of components and variables, 2.0.1 part 2
Token = Annotated[str, Field(min_length=1, max_length=36)]

MakeNumber = Callable[[], int]


class Part(NamedTuple):
    """One argument: its fields in the body, and its value in the model."""

    fields: Mapping[str, Any]
    """By name: (type, default or Field)."""
    value: Callable[[Any, MakeNumber], Any]
    """Of a body; `number()` makes up what was left out."""


class CommandBody(StrictBody):
    """What every command takes: how long the station may need."""

    made_of: ClassVar[type[Command]]
    arguments: ClassVar[Mapping[str, Part]]

    timeout_s: float = Field(default=30.0, gt=0, le=LONGEST_TIMEOUT_S, allow_inf_nan=False)

    def command(self, number: MakeNumber) -> Command:
        """The command in the model's words; `number()` makes up an id where none was given."""
        return self.made_of(**{name: part.value(self, number) for name, part in self.arguments.items()})


class Nested(StrictBody):
    """A part of a body that is an object of its own."""

    made_of: ClassVar[type[Any]]
    arguments: ClassVar[Mapping[str, Part]]

    def in_model(self, number: MakeNumber) -> Any:
        """In the model's words."""
        return self.made_of(**{name: part.value(self, number) for name, part in self.arguments.items()})


class Variable(Nested):
    """A variable of a component; of a 1.6 station a configuration key: leave the component away."""

    variable: Text
    component: Text = CONFIGURATION_KEY_COMPONENT
    component_instance: Text | None = None
    variable_instance: Text | None = None
    evse_id: ID | None = None
    connector_id: ID | None = None

    def in_model(self, number: MakeNumber) -> VariableRef:  # noqa: ARG002 - nothing is made up
        """In the model's words."""
        return _ref_in(self, "ref")


class LocalListEntryBody(Nested):
    """A line of a local list; `status` null takes the token off the list (differential)."""

    id_token: Token
    id_token_type: IdTokenType = IdTokenType.ISO14443
    status: AuthorizationStatus | None = AuthorizationStatus.ACCEPTED
    group_id_token: str | None = Field(default=None, max_length=36)
    expires_at: AwareDatetime | None = None

    def in_model(self, number: MakeNumber) -> LocalListEntry:  # noqa: ARG002 - nothing is made up
        """In the model's words."""
        token = _token_in(self, "id_token")
        if self.status is None:
            return LocalListEntry(token, None)
        return LocalListEntry(token, IdTokenInfo(self.status, self.group_id_token, _in_utc(self.expires_at)))


# --- Arguments → fields -----------------------------------------------------------------------------------


def _token_in(body: Any, name: str) -> IdToken:
    return IdToken(getattr(body, name), getattr(body, f"{name}_type"))


def _ref_in(body: Any, name: str) -> VariableRef:  # noqa: ARG001 - it is always written like this
    return VariableRef(
        body.component,
        body.variable,
        body.component_instance,
        body.variable_instance,
        body.evse_id,
        body.connector_id,
    )


def _token_fields(name: str) -> dict[str, Any]:
    return {name: (Token, ...), f"{name}_type": (IdTokenType, IdTokenType.ISO14443)}


def _ref_fields(name: str) -> dict[str, Any]:  # noqa: ARG001 - it is always written like this
    return {key: (field.rebuild_annotation(), field) for key, field in Variable.model_fields.items()}


def _optional_token_fields(name: str) -> dict[str, Any]:
    """Of a group, as a rule: those are Central, because the central system makes them up."""
    return {name: (Token | None, None), f"{name}_type": (IdTokenType, IdTokenType.CENTRAL)}


def _optional_token_in(body: Any, name: str) -> IdToken | None:
    return _token_in(body, name) if getattr(body, name) is not None else None


_OPTIONAL_TOKEN = (IdToken | None,)
_SEVERAL_FIELDS: dict[Any, tuple[Callable[[str], dict[str, Any]], Callable[[Any, str], Any]]] = {
    IdToken: (_token_fields, _token_in),
    VariableRef: (_ref_fields, _ref_in),
}
"""Value types that are several fields of the body they stand in."""
_OBJECTS: dict[Any, Any] = {
    VariableRef: Variable,
    LocalListEntry: LocalListEntryBody,
    datetime: AwareDatetime,
}
"""Value types that a body says otherwise than the model."""
_BOUNDS = ("ge", "le", "gt", "lt", "min_length", "max_length", "pattern")


def _parts_of(kind: Any) -> dict[str, Part]:
    found = {each.name: _part(each) for each in msgspec.structs.fields(kind)}
    return {name: part for name, part in found.items() if part is not None}


def _part(field: msgspec.structs.FieldInfo) -> Part | None:
    """None for what is not asked of people."""
    kind, marks = _unwrapped(field.type)
    if marks.get("inside"):
        return None
    name = marks.get("outside_name", field.name)
    if kind in _SEVERAL_FIELDS:
        make_fields, read = _SEVERAL_FIELDS[kind]
        return Part(make_fields(name), lambda body, _: read(body, name))
    if kind in _OPTIONAL_TOKEN:
        return Part(_optional_token_fields(name), lambda body, _: _optional_token_in(body, name))
    if marks.get("made_up"):
        optional = {name: (_pydantic(field.type) | None, None)}
        return Part(optional, lambda body, number: _or_made(body, name, number))
    fields = {name: (_pydantic(field.type), ... if field.required else _plain_default(field))}
    return Part(fields, lambda body, number: _model_value(getattr(body, name), number))


def _or_made(body: Any, name: str, number: MakeNumber) -> Any:
    given = getattr(body, name)
    return given if given is not None else number()


def _plain_default(field: msgspec.structs.FieldInfo) -> Any:
    return Field(default_factory=list) if isinstance(field.default, tuple) else field.default


def _unwrapped(annotation: Any) -> tuple[Any, dict[str, Any]]:
    """The type itself, and its marks."""
    marks: dict[str, Any] = {}
    while get_origin(annotation) is Annotated:
        for meta in annotation.__metadata__:
            marks |= meta.extra or {}
        annotation = annotation.__origin__
    return annotation, marks


def _pydantic(annotation: Any) -> Any:
    """The type as pydantic takes it, with the bounds of the model."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bounded(annotation)
    if origin in (Union, UnionType):
        return _union(get_args(annotation))
    if origin is tuple:
        return list[_pydantic(get_args(annotation)[0])]  # type: ignore[misc] # made at import
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return _model(annotation, annotation.__name__, Nested)
    return _OBJECTS.get(annotation, annotation)


def _bounded(annotation: Any) -> Any:
    metas = annotation.__metadata__
    bounds = {name: bound for meta in metas for name in _BOUNDS if (bound := getattr(meta, name)) is not None}
    inner = _pydantic(annotation.__origin__)
    return Annotated[inner, Field(**bounds)] if bounds else inner


def _union(kinds: tuple[Any, ...]) -> Any:
    """Of a closed set of words with free text beside it, people get the words."""
    has_words = any(isinstance(each, type) and issubclass(each, Enum) for each in kinds)
    return Union[tuple(_pydantic(each) for each in kinds if not (has_words and each is str))]  # noqa: UP007


def _model_value(value: Any, number: MakeNumber) -> Any:
    if isinstance(value, list):
        return tuple(_model_value(each, number) for each in value)
    if isinstance(value, Nested):
        return value.in_model(number)
    return _in_utc(value) if isinstance(value, datetime) else value


def _in_utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at is not None else None


def _model(kind: Any, name: str, base: type[StrictBody]) -> Any:
    """The pydantic model of a Struct of the model."""
    parts = _parts_of(kind)
    fields = {key: field for part in parts.values() for key, field in part.fields.items()}
    model: Any = create_model(name, __base__=base, __doc__=kind.__doc__, **fields)
    model.made_of, model.arguments = kind, parts
    return model


BODIES: dict[str, type[CommandBody]] = {
    name: _model(command, f"{command.__name__}CommandBody", CommandBody) for name, command in COMMANDS.items()
}
"""By the command's name."""
