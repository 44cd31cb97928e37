"""Set-ups of accounts, as the API tells them."""

from collections.abc import Sequence

from csms.domain.station_details import BlockerAnswer
from ocppj.vocabulary import StationId
from provisioning.accounts import AccountSetUp, DoneBy, SetUpStep
from provisioning.blockers import Blocker
from provisioning.details import blocker_views
from provisioning.gates.account import ACCOUNT
from provisioning.gates.contacts import CONTACTS
from provisioning.gates.facts import GateFacts
from provisioning.gates.organisation import ORGANISATION
from provisioning.rules.accounts import account_facts
from runtime.texts import instant_text
from runtime.views import View


class SetUpStepAnswer(View, frozen=True, kw_only=True):
    """One of the four steps. Both are null while it is open."""

    step: str
    done_at: str | None
    done_by: str | None


class ContactAnswer(View, frozen=True, kw_only=True):
    """Whom to ring for something."""

    role: str
    name: str
    email: str | None
    phone: str | None


class SetUpAnswer(View, frozen=True, kw_only=True):
    """How far an account is. `blocked_by` is what holds up its stations; billing does where a price waits for
    it, which each station tells.
    """

    organisation_id: str
    opened_at: str
    opened_by: str
    steps: tuple[SetUpStepAnswer, ...]
    is_done: bool
    legal_name: str | None
    address: str | None
    billing: str
    contacts: tuple[ContactAnswer, ...]
    stations: tuple[str, ...]
    stations_confirmed: int | None
    blocked_by: tuple[BlockerAnswer, ...]


def set_up_view(set_up: AccountSetUp, stations: Sequence[StationId]) -> SetUpAnswer:
    """The set-up of an account."""
    done = set_up.done
    return SetUpAnswer(
        organisation_id=set_up.organisation_id,
        opened_at=instant_text(set_up.opened.at),
        opened_by=set_up.opened.by,
        steps=tuple(_step(step, each) for step, each in done.items()),
        is_done=all(done.values()),
        legal_name=set_up.legal_name,
        address=set_up.address,
        billing=set_up.billing.value,
        contacts=tuple(
            ContactAnswer(role=each.role.value, name=each.name, email=each.email, phone=each.phone)
            for each in set_up.contacts
        ),
        stations=tuple(sorted(stations)),
        stations_confirmed=set_up.stations,
        blocked_by=blocker_views(_in_the_way(set_up)),
    )


def _in_the_way(set_up: AccountSetUp) -> tuple[Blocker, ...]:
    facts = GateFacts(account=account_facts(set_up, None))
    found = (gate.check(facts) for gate in (ACCOUNT, ORGANISATION, CONTACTS))
    return tuple(each for each in found if each is not None)


def _step(step: SetUpStep, done: DoneBy | None) -> SetUpStepAnswer:
    return SetUpStepAnswer(
        step=step.value,
        done_at=instant_text(done.at) if done is not None else None,
        done_by=done.by if done is not None else None,
    )
