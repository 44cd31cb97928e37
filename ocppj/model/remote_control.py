"""Remote control: charging, cables and messages at the central system's word."""

from typing import Annotated, ClassVar

from msgspec import Meta

from ocppj.model.command import MADE_UP, Command, CommandAnswer, Number
from ocppj.model.smart_charging import ChargingProfile
from ocppj.vocabulary import IdToken, TriggeredMessage


class UnlockAnswer(CommandAnswer, frozen=True):
    """Whether the cable is free now."""

    good: ClassVar[frozenset[str]] = frozenset({"Unlocked"})


class UnlockConnector(Command, frozen=True):
    """Release a cable."""

    name: ClassVar[str] = "unlock-connector"
    answer: ClassVar[type[CommandAnswer]] = UnlockAnswer

    evse_id: Number
    connector_id: Number = 1


class TriggerMessage(Command, frozen=True):
    """Ask a station for a message now."""

    name: ClassVar[str] = "trigger-message"

    message: TriggeredMessage | str
    """A word that we do not know is kept as it came."""
    evse_id: Number | None = None
    connector_id: Number | None = None
    custom_trigger: Annotated[str, Meta(min_length=1, max_length=50)] | None = None
    """Which of the station's own messages, with the word CustomTrigger (2.1, F06.FR.20)."""


CUSTOM_TRIGGER = "CustomTrigger"
TRIGGER_BOOT = TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION)


class RemoteStartAnswer(CommandAnswer, frozen=True):
    """`transaction_id`: of the transaction that had begun before (F01.FR.13)."""

    transaction_id: str | None = None


class RemoteStart(Command, frozen=True):
    """Start a transaction for an id token."""

    name: ClassVar[str] = "remote-start"
    answer: ClassVar[type[CommandAnswer]] = RemoteStartAnswer

    id_token: IdToken
    remote_start_id: Annotated[Number | None, MADE_UP]
    """By which the transaction is known again; 1.6 has none."""
    evse_id: Number | None = None
    charging_profile: ChargingProfile | None = None
    """A TxProfile for the transaction to come, which has no id yet (1.6 §5.16.2, 2.x K05)."""

    @property
    def profile_fault(self) -> str | None:
        """Why no central system sends this profile with a start; None: it may."""
        profile = self.charging_profile
        if profile is None:
            return None
        if profile.purpose != "TxProfile":
            return "a start takes a TxProfile only: charging_profile"  # K05.FR.02
        if profile.transaction_id is not None:  # 1.6 errata 3.41; there is none yet
            return "the transaction of a start has no id yet: charging_profile.transaction_id"
        return None


class RemoteStop(Command, frozen=True):
    """End a transaction."""

    name: ClassVar[str] = "remote-stop"

    transaction_id: Annotated[str, Meta(min_length=1, max_length=36)]
    """As the central system knows it."""
