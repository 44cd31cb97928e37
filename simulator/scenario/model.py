"""What a scenario file may hold: the file, its roles, and every kind of step (docs/reference/scenarios.md).

A step is a mapping with one verb (the key that says what happens) and some words that every step knows
(`Step`). What must agree across a file (roles, variables, patterns) is looked at by `checks`.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from simulator.scenario.strict_model import PreparedReply, StrictModel
from simulator.scenario.values import Name, Seconds, Translated, WholeNumber, Word

Version = Literal["1.6", "2.0.1", "2.1"]
Scope = Literal["1.6", "2.0.1", "2.1", "sim", "wire"]
VERSIONS: tuple[Version, ...] = ("1.6", "2.0.1", "2.1")


def scopes(value: Any) -> Any:
    """One or several; a version may look like a number."""
    found = value if isinstance(value, list) else [value]
    return tuple(str(each) for each in found)


Scopes = Annotated[tuple[Scope, ...], BeforeValidator(scopes)]


class Condition(StrictModel):
    """A value and a pattern."""

    value: Any
    is_: Any = Field(alias="is")


class Step(StrictModel):
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
    clause: Word | None = None
    """The requirement that it looks at, such as `B01.FR.01`: told where it fails."""
    wanted_by: Literal["specification", "tool"] = "specification"
    main: bool = False
    """In a test case: the validation that the case is for; the last one where none is marked."""
    capture: dict[Name, Word] = Field(default_factory=dict)

    @property
    def begins_action(self) -> bool:
        """Whether this very step brings something about."""
        return self.is_action

    @property
    def requests(self) -> tuple[str, ...]:
        """What it asks of the central system's API, as `METHOD /path`: the role must be for it."""
        return ()


# --- Actions at a station --------------------------------------------------------------------------


class ConnectArguments(StrictModel):
    """`fresh`: start again even if connected. The others are for a station that is played frame by frame."""

    fresh: bool = False
    user: Word | None = None
    password: Word | None = None
    refused: bool = False


class ConnectStep(Step):
    """Switch the station on and see it connected."""

    verb = "connect"
    is_action = True
    connect: ConnectArguments | None = None


class DisconnectStep(Step):
    """Cut its network."""

    verb = "disconnect"
    is_action = True
    disconnect: None = None


class ReconnectStep(Step):
    """Bring its network back."""

    verb = "reconnect"
    is_action = True
    reconnect: None = None


class PowerCutStep(Step):
    """Take its power away, and give it back."""

    verb = "power_cut"
    is_action = True
    power_cut: None = None


class ConnectorRef(StrictModel):
    """Which connector."""

    evse: WholeNumber = 1
    connector: WholeNumber = 1


class PlugStep(Step):
    """Put a cable with a car into a connector."""

    verb = "plug"
    is_action = True
    plug: ConnectorRef | None = None


class UnplugStep(Step):
    """Pull it."""

    verb = "unplug"
    is_action = True
    unplug: ConnectorRef | None = None


class PresentedToken(StrictModel):
    """A token at the reader of an EVSE; with a `contract` (PEM) it is the eMAID of a car that presents itself
    through the cable (2.x C07).
    """

    token: Word
    evse: WholeNumber = 1
    contract: Word | None = None


def _presented(value: Any) -> Any:
    return {"token": value} if isinstance(value, str) else value


class PresentStep(Step):
    """Hold a token to the reader."""

    verb = "present"
    is_action = True
    present: Annotated[PresentedToken, BeforeValidator(_presented)]


class FaultArguments(ConnectorRef):
    """A fault of a connector: 1.6's error codes."""

    code: Word = "OtherError"


class FaultStep(Step):
    """Break a connector."""

    verb = "fault"
    needs_simulation = True
    is_action = True
    fault: FaultArguments


class ClearFaultStep(Step):
    """Repair it."""

    verb = "clear_fault"
    needs_simulation = True
    is_action = True
    clear_fault: ConnectorRef | None = None


class PromptStep(Step):
    """Ask whoever is there to do something; on `sim` nobody is."""

    verb = "prompt"
    is_action = True
    prompt: Translated
    hand: Name | None = None
    """What a rig calls it (`hands.HANDS`, or a name of its own)."""


class SendStep(Step):
    """Send a raw frame from the station: text or JSON; `{action, payload}` is a CALL that is answered."""

    verb = "send"
    needs_simulation = True
    is_action = True
    send: Any = None
    answer: Any = None


class ReplyStep(Step):
    """How the tool answers a CALL from now on, where the tool itself is one end of the wire."""

    verb = "reply"
    reply: PreparedReply


class ExpectStep(Step):
    """Wait for an event in neutral words, or for a raw frame; or for one of them for each version."""

    verb = "expect"
    expect: dict[str, Any]


class NeverStep(Step):
    """See that something does not happen during `within`."""

    verb = "never"
    never: dict[str, Any]


class StatusWanted(StrictModel):
    """`evse` and `connector` left away: every connector."""

    is_: Any = Field(alias="is")
    evse: WholeNumber | None = None
    connector: WholeNumber | None = None


def _status(value: Any) -> Any:
    return value if isinstance(value, dict) and "is" in value else {"is": value}


class StatusStep(Step):
    """Wait until connectors have a status."""

    verb = "status"
    status: Annotated[StatusWanted, BeforeValidator(_status)]


class ApiRequestStep(Step):
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

    @property
    def requests(self) -> tuple[str, ...]:
        """What it asks; a refusal that is wanted is no obstacle."""
        return (self.ask,) if self.refused is None else ()


class CommandStep(Step):
    """A command of the central system to the station. Without `answer` the station must agree."""

    verb = "command"
    needs_api = True
    is_action = True
    command: Word
    body: dict[str, Any] = Field(default={}, alias="with")
    answer: Any = None

    @property
    def requests(self) -> tuple[str, ...]:
        """Each command has a route of its own."""
        return (f"POST /stations/{{station_id}}/commands/{self.command}",)


class CallStep(Step):
    """Any CALL of the station's version, sent by the central system; or one for each version."""

    verb = "call"
    needs_api = True
    is_action = True
    call: dict[str, Any]
    answer: Any = None

    @property
    def requests(self) -> tuple[str, ...]:
        """The raw call."""
        return ("POST /stations/{station_id}/calls",)


class AllowStep(Step):
    """See that an id token may charge; the central system is told of it where it does not know it."""

    verb = "allow"
    needs_api = True
    allow: Word

    @property
    def requests(self) -> tuple[str, ...]:
        """To look is enough where the token is known."""
        return ("GET /tokens/{value}",)


class MarkStep(Step):
    """Note something beside the station's frames, where the central system has an API for it."""

    verb = "mark"
    mark: Word

    @property
    def requests(self) -> tuple[str, ...]:
        """A marker."""
        return ("POST /stations/{station_id}/markers",)


class CheckStep(Step):
    """Compare a value."""

    verb = "check"
    check: Any
    is_: Any = Field(alias="is")


class WaitStep(Step):
    """Let time pass."""

    verb = "wait"
    wait: Seconds


class GroupStep(Step):
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
    Annotated[ConnectStep, Tag("<connect>")]
    | Annotated[DisconnectStep, Tag("<disconnect>")]
    | Annotated[ReconnectStep, Tag("<reconnect>")]
    | Annotated[PowerCutStep, Tag("<power_cut>")]
    | Annotated[PlugStep, Tag("<plug>")]
    | Annotated[UnplugStep, Tag("<unplug>")]
    | Annotated[PresentStep, Tag("<present>")]
    | Annotated[FaultStep, Tag("<fault>")]
    | Annotated[ClearFaultStep, Tag("<clear_fault>")]
    | Annotated[PromptStep, Tag("<prompt>")]
    | Annotated[SendStep, Tag("<send>")]
    | Annotated[ReplyStep, Tag("<reply>")]
    | Annotated[ExpectStep, Tag("<expect>")]
    | Annotated[NeverStep, Tag("<never>")]
    | Annotated[StatusStep, Tag("<status>")]
    | Annotated[ApiRequestStep, Tag("<ask>")]
    | Annotated[CommandStep, Tag("<command>")]
    | Annotated[CallStep, Tag("<call>")]
    | Annotated[AllowStep, Tag("<allow>")]
    | Annotated[MarkStep, Tag("<mark>")]
    | Annotated[CheckStep, Tag("<check>")]
    | Annotated[WaitStep, Tag("<wait>")]
    | Annotated[GroupStep, Tag("<steps>")],
    Discriminator(_verb_of),
]
