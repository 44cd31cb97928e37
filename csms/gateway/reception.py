"""How requests are received, by version: what may come before a boot, what is kept and what is refused."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from csms.domain.announced import ANNOUNCED
from csms.gateway.refusals import REFUSALS
from ocppj.actions import actions_of, reporting_actions
from ocppj.model.catalogue import COMMANDS
from ocppj.model.metering import MeterValues
from ocppj.model.remote_control import TriggerMessage
from ocppj.model.security import SecurityEventNotification
from ocppj.model.transactions import TransactionEvent
from ocppj.translation import Translation, translation_for
from ocppj.versions import OcppVersion

SIGNING = "SignCertificate"
"""What every trigger for a certificate asks for: SignChargePointCertificate, SignV2GCertificate, …"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Reception:
    """Of one version. Get it from `RECEPTIONS`."""

    version: OcppVersion
    translation: Translation = field(init=False)
    """Of what its stations send, and of the commands that the model has."""
    keeps_billing_before_accepted: bool
    """Whether billing messages of a station that is not accepted are stored and answered, not refused."""
    triggers: Set[str]
    """Actions of ours that name the request they ask for."""
    invites: Mapping[str, tuple[str, ...]]
    """By action of ours: the requests that bring its result."""
    billing: Set[str]
    """Actions whose requests may not get lost (reliability §0)."""

    def __post_init__(self) -> None:
        """The version's translation goes with it."""
        object.__setattr__(self, "translation", translation_for(self.version))

    def keeps(self, action: str, *, is_send: bool = False) -> bool:
        """Whether a request without an event of its own is kept: its answer decides nothing.

        Not the CALL of a SEND's action, which nothing can answer.
        """
        if self.translation.knows(action) or action not in reporting_actions(self.version):
            return False
        return is_send or actions_of(self.version)[action].response is not None

    def refusal(self, action: str, message: Any, at: datetime) -> dict[str, Any] | None:
        """The refusal that the specification gives for what is not built; None: it gives none."""
        refusal = REFUSALS[self.version].get(action)
        return refusal.answer(message, at) if refusal is not None else None

    def expected_before_accept(self, action: str, payload: dict[str, Any]) -> tuple[str, ...]:
        """Which requests a CALL asks the station for: those are expected before it is accepted (B02.FR.09).

        More than the clause names: what a station reports because of a request of ours was asked for too.
        """
        if action in self.triggers:
            named = str(payload.get("requestedMessage"))
            return (SIGNING if named.startswith("Sign") else named,)
        return self.invites.get(action, ())

    def is_billing(self, action: str) -> bool:
        """Whether requests of this action may not get lost (reliability §0)."""
        return action in self.billing


def _invites(version: OcppVersion, others: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What the model says of its commands, what comes in parts, and `others`, which are raw calls only."""
    translation, actions = translation_for(version), actions_of(version)
    invites: dict[str, tuple[str, ...]] = {
        action: (report,) for action, report in ANNOUNCED.items() if action in actions
    }
    for command in COMMANDS.values():
        if version in command.versions and command.brings:
            brought = (_actions(translation, each) for each in command.brings)
            named = tuple(action for each in brought for action in each if action in actions)
            invites[translation.action_of(command)] = named
    return {**invites, **others}


def _actions(translation: Translation, message: type[Any] | str) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else translation.actions_of(message)


def _billing(version: OcppVersion, *messages: type[Any]) -> frozenset[str]:
    translation = translation_for(version)
    return frozenset(action for each in messages for action in translation.actions_of(each))


def _triggers(version: OcppVersion) -> frozenset[str]:
    return frozenset({translation_for(version).action_of(TriggerMessage)})


_V16 = Reception(
    version=OcppVersion.V16,
    keeps_billing_before_accepted=True,  # 1.6 §4.2 forbids them, and stations delete what is refused
    triggers=_triggers(OcppVersion.V16) | {"ExtendedTriggerMessage"},
    invites=_invites(OcppVersion.V16, {}),
    billing=_billing(OcppVersion.V16, TransactionEvent, MeterValues),
)
_V201 = Reception(
    version=OcppVersion.V201,
    keeps_billing_before_accepted=False,  # B02.FR.09 wants the SecurityError
    triggers=_triggers(OcppVersion.V201),
    invites=_invites(OcppVersion.V201, {}),
    # Security events are among them: their delivery is guaranteed (A04.FR.02).
    billing=_billing(OcppVersion.V201, TransactionEvent, MeterValues, SecurityEventNotification),
)
_V21 = replace(
    _V201,
    version=OcppVersion.V21,
    invites=_invites(OcppVersion.V21, {"RequestBatterySwap": ("BatterySwap",)}),
)
RECEPTIONS: Mapping[OcppVersion, Reception] = {each.version: each for each in (_V16, _V201, _V21)}
