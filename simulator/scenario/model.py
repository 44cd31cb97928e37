"""What a scenario file may hold: the file, its roles, and every kind of step (docs/reference/scenarios.md).

A step is a mapping with one verb (the key that says what happens) and some words that every step knows
(`Step`). What must agree across a file (roles, variables, patterns) is looked at by `checks`.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from simulator.scenario.values import Name, Seconds, Translated, WholeNumber, Word

Version = Literal["1.6", "2.0.1", "2.1"]
Scope = Literal["1.6", "2.0.1", "2.1", "sim", "wire"]
VERSIONS: tuple[Version, ...] = ("1.6", "2.0.1", "2.1")


class Part(BaseModel):
    """A typing error never passes for a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _scopes(value: Any) -> Any:
    """One or several; a version may look like a number."""
    found = value if isinstance(value, list) else [value]
    return tuple(str(each) for each in found)


Scopes = Annotated[tuple[Scope, ...], BeforeValidator(_scopes)]


class Condition(Part):
    """A value and a pattern."""

    value: Any
    is_: Any = Field(alias="is")


class Step(Part):
    """What every step knows besides its verb."""

    verb: ClassVar[str]
    needs_api: ClassVar[bool] = False
    """Whether it asks the central system."""
    needs_simulation: ClassVar[bool] = False
    """Whether only a simulated station can do it."""
    is_action: ClassVar[bool] = False
    """Whether it brings something about: expectations then look at what came since."""

    title: Translated | None = None
    advice: Translated | None = None
    """What to do when it fails."""
    on: Name | None = None
    only: Scopes = ()
    when: Condition | None = None
    """Not applicable where the value does not fit."""
    within: Seconds | None = None
    keep_going: bool = False
    """A failure fails the scenario, but the next steps are done all the same."""
    capture: dict[Name, Word] = {}

    @property
    def begins_action(self) -> bool:
        """Whether this very step brings something about."""
        return self.is_action


# --- Actions of the hand --------------------------------------------------------------------------


class Connection(Part):
    """`fresh`: start again even if it is connected already."""

    fresh: bool = False


class Connect(Step):
    """Switch the station on and see it connected."""

    verb = "connect"
    is_action = True
    connect: Connection | None = None


class Disconnect(Step):
    """Cut its network."""

    verb = "disconnect"
    is_action = True
    disconnect: None = None


class Reconnect(Step):
    """Bring its network back."""

    verb = "reconnect"
    is_action = True
    reconnect: None = None


class PowerCut(Step):
    """Take its power away, and give it back."""

    verb = "power_cut"
    is_action = True
    power_cut: None = None


class Socket(Part):
    """Which connector."""

    evse: WholeNumber = 1
    connector: WholeNumber = 1


class Plug(Step):
    """Put a cable with a car into a connector."""

    verb = "plug"
    is_action = True
    plug: Socket | None = None


class Unplug(Step):
    """Pull it."""

    verb = "unplug"
    is_action = True
    unplug: Socket | None = None


class Presented(Part):
    """A token at the reader of an EVSE."""

    token: Word
    evse: WholeNumber = 1


def _presented(value: Any) -> Any:
    return {"token": value} if isinstance(value, str) else value


class Present(Step):
    """Hold a token to the reader."""

    verb = "present"
    is_action = True
    present: Annotated[Presented, BeforeValidator(_presented)]


class Breakage(Socket):
    """A fault of a connector: 1.6's error codes."""

    code: Word = "OtherError"


class Fault(Step):
    """Break a connector."""

    verb = "fault"
    needs_simulation = True
    is_action = True
    fault: Breakage


class ClearFault(Step):
    """Repair it."""

    verb = "clear_fault"
    needs_simulation = True
    is_action = True
    clear_fault: Socket | None = None


class Prompt(Step):
    """Ask whoever is there to do something; on `sim` nobody is."""

    verb = "prompt"
    is_action = True
    prompt: Translated


# --- The wire -------------------------------------------------------------------------------------


class Send(Step):
    """Send a raw frame from the station: a text, or JSON; or one for each version."""

    verb = "send"
    needs_simulation = True
    is_action = True
    send: Any = None


class Expect(Step):
    """Wait for an event in neutral words, or for a raw frame; or for one of them for each version."""

    verb = "expect"
    expect: dict[str, Any]


class Never(Step):
    """See that something does not happen during `within`."""

    verb = "never"
    never: dict[str, Any]


class StatusWanted(Part):
    """`evse` and `connector` left away: every connector."""

    is_: Any = Field(alias="is")
    evse: WholeNumber | None = None
    connector: WholeNumber | None = None


def _status(value: Any) -> Any:
    return value if isinstance(value, dict) and "is" in value else {"is": value}


class Status(Step):
    """Wait until connectors have a status."""

    verb = "status"
    status: Annotated[StatusWanted, BeforeValidator(_status)]


# --- The central system ---------------------------------------------------------------------------


class Ask(Step):
    """Ask the central system's API: `ask: GET /stations/${a.id}`; `until` asks again until it fits."""

    verb = "ask"
    needs_api = True
    ask: Annotated[str, Field(pattern=r"^(GET|POST|PUT|PATCH|DELETE) /[^\s]+$")]
    body: Any = None
    answer: Any = None
    until: Any = None
    refused: Any = None
    """The problem that is expected instead of an answer."""

    @property
    def begins_action(self) -> bool:
        """Looking brings nothing about."""
        return not self.ask.startswith("GET ")


class Command(Step):
    """A command of the central system to the station. Without `answer` the station must agree."""

    verb = "command"
    needs_api = True
    is_action = True
    command: Word
    body: dict[str, Any] = Field(default={}, alias="with")
    answer: Any = None


class Call(Step):
    """Any CALL of the station's version, sent by the central system; or one for each version."""

    verb = "call"
    needs_api = True
    is_action = True
    call: dict[str, Any]
    answer: Any = None


class Allow(Step):
    """See that an id token may charge; the central system is told of it where it does not know it."""

    verb = "allow"
    needs_api = True
    allow: Word


class Mark(Step):
    """Note something beside the station's frames, where the central system has an API for it."""

    verb = "mark"
    mark: Word


# --- Everything else ------------------------------------------------------------------------------


class Check(Step):
    """Compare a value."""

    verb = "check"
    check: Any
    is_: Any = Field(alias="is")


class Wait(Step):
    """Let time pass."""

    verb = "wait"
    wait: Seconds


class Group(Step):
    """Steps that belong together: one line in the report; `repeat` does them several times."""

    verb = "steps"
    steps: "list[AnyStep]" = Field(min_length=1)
    repeat: Annotated[int, Field(ge=1, le=10_000)] = 1


KINDS: dict[str, type[Step]] = {kind.verb: kind for kind in Step.__subclasses__()}
"""Every verb."""


def tag_of(verb: str) -> str:
    """How a verb is marked in pydantic's error paths; no key of a file looks like it."""
    return f"<{verb}>"


def _verb_of(value: Any) -> str | None:
    if isinstance(value, Step):
        return tag_of(value.verb)
    verbs = [key for key in value if key in KINDS] if isinstance(value, dict) else []
    return tag_of(verbs[0]) if len(verbs) == 1 else None


AnyStep = Annotated[
    Annotated[Connect, Tag("<connect>")]
    | Annotated[Disconnect, Tag("<disconnect>")]
    | Annotated[Reconnect, Tag("<reconnect>")]
    | Annotated[PowerCut, Tag("<power_cut>")]
    | Annotated[Plug, Tag("<plug>")]
    | Annotated[Unplug, Tag("<unplug>")]
    | Annotated[Present, Tag("<present>")]
    | Annotated[Fault, Tag("<fault>")]
    | Annotated[ClearFault, Tag("<clear_fault>")]
    | Annotated[Prompt, Tag("<prompt>")]
    | Annotated[Send, Tag("<send>")]
    | Annotated[Expect, Tag("<expect>")]
    | Annotated[Never, Tag("<never>")]
    | Annotated[Status, Tag("<status>")]
    | Annotated[Ask, Tag("<ask>")]
    | Annotated[Command, Tag("<command>")]
    | Annotated[Call, Tag("<call>")]
    | Annotated[Allow, Tag("<allow>")]
    | Annotated[Mark, Tag("<mark>")]
    | Annotated[Check, Tag("<check>")]
    | Annotated[Wait, Tag("<wait>")]
    | Annotated[Group, Tag("<steps>")],
    Discriminator(_verb_of),
]


class Role(Part):
    """A station of the scenario, bound when it is run."""

    simulated: Annotated[list[Word], Field(min_length=1)] = ["ac-16", "ac-201"]
    """Templates that stand in, one run each, when nobody binds the role."""
    admission: Literal["accept", "none"] = "accept"
    """Whether the central system is told beforehand to let a simulated station in."""
    may_be_wired: bool = True


class Scenario(Part):
    """A scenario file."""

    scenario: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
    title: Translated
    about: Translated | None = None
    versions: Annotated[tuple[Version, ...], BeforeValidator(_scopes)] = VERSIONS
    roles: Annotated[dict[Name, Role], Field(min_length=1)] = {"a": Role()}
    variables: dict[Name, Any] = {}
    steps: Annotated[list[AnyStep], Field(min_length=1)]
    on_failure: list[AnyStep] = []
    """Done when the steps did not all pass: what must be put back."""
