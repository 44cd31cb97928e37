"""What the pages show and do: everything they know of the rest of the program."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar

from access.actions import Permission, may, scope_of
from access.guard import checked as may_checked
from access.guard import scope_checked
from access.principals import SERVER, AccessScope, Principal
from console.bench_views import BenchViews
from console.forms import checked
from console.frame_reading import read_frames
from console.install_views import InstallViews
from console.limit_views import LimitViews
from console.order_views import OrderViews
from console.people_views import PeopleViews
from console.plan_views import PlanViews
from console.power_curve import MEASURANDS
from console.shared_list import SharedList, StationsShown
from console.site_plan_views import SitePlanViews
from console.site_views import SiteViews
from console.today_views import TodayViews
from csms.api import ApiParts, StationViews
from csms.api.bodies import BODIES
from csms.api.calls import CallBody, callable_actions, raw_call
from csms.api.commands import offered_commands, request_command
from csms.api.display_messages import DisplayMessageView, display_message_view
from csms.api.frames import Reader
from csms.api.inventory_views import AttemptAnswer, attempt_view
from csms.api.outcome_views import OfferedCommandAnswer, OutcomeAnswer
from csms.api.quarantine import (
    DismissBody,
    TakeInBody,
    dismissed,
    found_in_quarantine,
    quarantine_unknown,
    readmitted,
)
from csms.api.quarantine_views import QuarantineAnswer, quarantine_view, whole_quarantine_view
from csms.api.reservations import ReservationView, reservation_view
from csms.api.reviews import ReviewBody, reviewed
from csms.api.roles import shown
from csms.api.stations import may_request, resolved
from csms.api.timeline import timeline_place, timeline_place_text
from csms.api.transaction_views import TransactionAnswer, WholeTransactionAnswer, transaction_view
from csms.api.transactions import find_one, whole_transaction
from csms.api.views import StationAnswer
from csms.central.wire_log import WireFrame
from csms.domain.quarantine import QuarantineRecord, QuarantineState
from csms.domain.records import SampleRecord, TransactionsWanted
from csms.domain.reservations import ReservationsWanted
from csms.domain.reviews import Review
from csms.domain.station_lists import StationsWanted
from csms.domain.timeline import TimelineEntry
from provisioning.api.station_views import RunAnswer
from provisioning.app import Provisioning
from runtime.http import Problem
from runtime.threads import AtOnce
from runtime.wording import Phrase, WayOut

TRANSACTIONS_SHOWN = 20
RESERVATIONS_SHOWN = 50
ATTEMPTS_SHOWN = 200
SAMPLES_DRAWN = 2000

Place = tuple[datetime, int]
"""Where a list of transactions goes on: the start and the number of the last one shown."""
T = TypeVar("T")


NO_PROVISIONING = Phrase("Aucune mise en service ne tourne ici", "No provisioning runs here")
START_IT = WayOut("Lancez le serveur par « borne up ».", "Start the server with `borne up`.")


def _running(part: T | None) -> T:
    """What is there where provisioning runs. Raises Problem 409 where it does not."""
    if part is None:
        raise Problem(409, "no_provisioning", NO_PROVISIONING, START_IT)
    return part


class StationProvisioning(Protocol):
    """Provisioning, as far as the pages need it. Refusals are raised as `runtime.http.Problem`."""

    async def adopt(self, station_id: str, by: str, scope: AccessScope) -> str | None:
        """Take in a station that nobody ordered; the claim code to give to the installer, told once.

        One at a place outside `scope` is unknown.
        """
        ...

    def activation(self, station_id: str) -> RunAnswer | None:
        """The last activation of a station, step by step; None without one."""
        ...

    def sites(self) -> Sequence[tuple[str, str]]:
        """Id and name of each site."""
        ...


class ConsoleViews:
    """Functions for pages. Give `backend` None where no provisioning runs."""

    def __init__(
        self,
        parts: ApiParts,
        backend: StationProvisioning | None = None,
        installing: InstallViews | None = None,
        provisioning: Provisioning | None = None,
        people: PeopleViews | None = None,
    ) -> None:
        self.parts = self._parts = parts
        self.installing, self.of_bench, self.limits = installing, BenchViews(parts), LimitViews(parts)
        self._backend = backend
        self._site_views = SiteViews(provisioning) if provisioning is not None else None
        self._order_views = OrderViews(provisioning) if provisioning is not None else None
        self._people = people
        self._plans = PlanViews(provisioning) if provisioning is not None else None
        thread = installing.thread if installing is not None else AtOnce()
        self._site_plans = SitePlanViews(provisioning, thread) if provisioning is not None else None
        self._stations = StationViews(parts)
        self._shared = SharedList(parts, self._stations)
        self.today = TodayViews(parts, self._stations)

    def at(self, who: Principal, station_id: str, action: Permission = Permission.READ) -> Principal:
        """Who they are at a station, if they may. Raises Problem."""
        return may_request(self._parts, station_id, who, action)

    def may(self, who: Principal, station_id: str, action: Permission) -> bool:
        """Whether they may do this at a station."""
        return may(who, action, self._parts.owners.of_station(resolved(self._parts, station_id)))

    async def stations(
        self, wanted: StationsWanted, after: str | None, count: int, who: Principal
    ) -> StationsShown:
        """`count` of the stations that fit, behind this one, that `who` may see: looked at once a second."""
        seen = replace(wanted, scope=scope_of(who, Permission.READ))
        if wanted.is_blocked is not None:
            seen = replace(seen, troubled=tuple(self._parts.details.troubled()))
        return await self._shared.stations(seen, after, count)

    @property
    def lifecycles(self) -> Sequence[str]:
        """How far a station can be."""
        return self._parts.details.lifecycles

    def sites(self, who: Principal) -> list[tuple[str, str]]:
        """Id and name of each site whose stations they may see, by name."""
        known = self._backend.sites() if self._backend is not None else ()
        seen = scope_of(who, Permission.READ)
        owned = [(each, self._parts.owners.of_site(each[0])) for each in known]
        found = [each for each, owner in owned if owner is not None and seen.covers(owner)]
        return sorted(found, key=lambda each: each[1].casefold())

    @property
    def of_sites(self) -> SiteViews:
        """Sites, places and tariffs. Raises Problem where no provisioning runs."""
        return _running(self._site_views)

    @property
    def of_plans(self) -> SitePlanViews:
        """Drawn floors of sites. Raises Problem where no provisioning runs."""
        return _running(self._site_plans)

    @property
    def of_orders(self) -> OrderViews:
        """Orders. Raises Problem where no provisioning runs."""
        return _running(self._order_views)

    @property
    def of_jobs(self) -> PlanViews:
        """Jobs, for whoever plans them. Raises Problem where no provisioning runs."""
        return _running(self._plans)

    def place_of(self, station_id: str) -> str:
        """The name of the place where a station is; without one, its MAC or its id."""
        details = self._parts.details.details(resolved(self._parts, station_id))
        place = details.place.name if details.place is not None else ""
        return place or details.mac or station_id

    @property
    def of_people(self) -> PeopleViews:
        """People, programs, invitations. Raises Problem where none are kept."""
        return _running(self._people)

    def may_adopt(self, who: Principal) -> bool:
        """Whether they may take in stations that nobody ordered."""
        return self.can_adopt and may(who, Permission.SET_UP, SERVER)

    def may_see_attempts(self, who: Principal) -> bool:
        """Whether they may see the connections that failed."""
        return may(who, Permission.READ_ATTEMPTS, SERVER)

    async def station(self, text: str, who: Principal) -> StationAnswer | None:
        """One station, by any spelling; None for an unknown one, and for one that is not theirs."""
        try:
            station_id = resolved(self._parts, text)
            self.at(who, station_id)
        except Problem:
            return None
        return await self._stations.station(station_id)

    async def transactions(self, station_id: str, who: Principal) -> list[TransactionAnswer]:
        """A station's last transactions, newest first."""
        wanted = TransactionsWanted(station_id=resolved(self._parts, station_id))
        here = self.at(who, station_id)
        found = await self._parts.records.transactions(wanted, TRANSACTIONS_SHOWN)
        return shown(here, [transaction_view(each) for each in found])

    async def past(
        self, station_id: str, who: Principal, limit: int, after: str | None = None
    ) -> tuple[Sequence[TimelineEntry], str | None]:
        """What happened to a station, newest first, and where that goes on. Raises Problem for who may not
        see what people did.
        """
        self.at(who, station_id, Permission.READ_AUDIT)
        place = timeline_place(after) if after is not None else None
        known = resolved(self._parts, station_id)
        found = await self._parts.history.timeline(known, limit + 1, place)
        on = timeline_place_text(found[limit - 1]) if len(found) > limit else None
        return found[:limit], on

    async def power_samples(self, transaction: TransactionAnswer) -> Sequence[SampleRecord]:
        """What a transaction's curve is drawn from; whoever sees the transaction may."""
        return await self._parts.records.latest_samples(transaction.number, MEASURANDS, SAMPLES_DRAWN)

    async def reservations(self, station_id: str, who: Principal) -> list[ReservationView]:
        """What a station may hold, as `who` may see it."""
        wanted = ReservationsWanted(resolved(self._parts, station_id), is_open=True)
        here = self.at(who, station_id)
        found = await self._parts.records.reservations(wanted, RESERVATIONS_SHOWN)
        return shown(here, [reservation_view(each) for each in found])

    async def shown_messages(self, station_id: str) -> list[DisplayMessageView]:
        """What a station may show on its display."""
        found = await self._parts.records.display_messages(resolved(self._parts, station_id))
        return [display_message_view(each) for each in found if each.is_there]

    async def reviewable(
        self, who: Principal, review: Review | None, after: Place | None, limit: int
    ) -> tuple[list[TransactionAnswer], Place | None]:
        """Transactions of all stations, newest first, and where the list goes on, if it does."""
        wanted = TransactionsWanted(review=review, scope=scope_of(who, Permission.READ))
        found = await self._parts.records.transactions(wanted, limit + 1, after)
        rows = shown(who, [transaction_view(each) for each in found[:limit]])
        last = found[limit - 1] if len(found) > limit else None
        return rows, (last.started_at, last.transaction_no) if last is not None else None

    async def waiting_for_review(self, who: Principal) -> int:
        """How many transactions wait for somebody who may decide; 0 for those who may not."""
        scope = scope_of(who, Permission.REVIEW)
        if not scope:
            return 0
        wanted = TransactionsWanted(review=Review.HELD, scope=scope)
        return await self._parts.records.count_transactions(wanted) or 0

    async def transaction(
        self, who: Principal, station: str, transaction_id: str, number: int | None = None
    ) -> WholeTransactionAnswer:
        """One transaction with what was decided about it; `number` where a station used its id again.

        Raises Problem: there is none.
        """
        one = await find_one(self._parts, who, station, transaction_id, number)
        here = self.at(who, one.station_id)
        return shown(here, await whole_transaction(self._parts, one, here))

    async def review(
        self, who: Principal, transaction: TransactionAnswer, fields: Mapping[str, object]
    ) -> WholeTransactionAnswer:
        """Decide about a transaction; how it stands then. Raises Problem."""
        one, body = transaction, checked(ReviewBody, fields)
        here = self.at(who, one.station_id, Permission.REVIEW)
        return await reviewed(self._parts, one.station_id, one.transaction_id, one.number, body, here)

    def attempts(self, who: Principal) -> list[AttemptAnswer]:
        """The last connections that failed, newest first. Raises Problem for who may not see them."""
        may_checked(who, Permission.READ_ATTEMPTS, SERVER)
        return [attempt_view(each) for each in self._parts.attempts.latest(limit=ATTEMPTS_SHOWN)]

    async def quarantine(
        self, who: Principal, state: str | None, station: str | None, before: int | None, limit: int
    ) -> list[QuarantineAnswer]:
        """Messages in quarantine, newest first. Raises Problem: not allowed, or no such station."""
        scope = scope_checked(who, Permission.DECIDE_QUARANTINE)
        found = await self._parts.quarantine.find(
            station_id=resolved(self._parts, station) if station is not None else None,
            state=QuarantineState(state) if state is not None else None,
            before=before,
            limit=limit,
            scope=scope,
        )
        return [quarantine_view(each) for each in found]

    async def waiting_in_quarantine(self, who: Principal) -> int:
        """How many messages wait for somebody who may decide; 0 for those who may not."""
        scope = scope_of(who, Permission.DECIDE_QUARANTINE)
        return await self._parts.quarantine.waiting(scope) if scope else 0

    async def quarantined(self, who: Principal, quarantine_id: int) -> QuarantineAnswer:
        """One message, as it came. Raises Problem."""
        return whole_quarantine_view(await self._quarantined(who, quarantine_id))

    async def readmit(self, who: Principal, quarantine_id: int, reason: str) -> None:
        """Take a message in again. Raises Problem."""
        await self._quarantined(who, quarantine_id)
        await readmitted(self._parts, quarantine_id, checked(TakeInBody, {"reason": reason}), who)

    async def dismiss(self, who: Principal, quarantine_id: int, reason: str) -> None:
        """Decide that a message counts for nothing. Raises Problem."""
        await self._quarantined(who, quarantine_id)
        await dismissed(self._parts, quarantine_id, checked(DismissBody, {"reason": reason}), who)

    async def _quarantined(self, who: Principal, quarantine_id: int) -> QuarantineRecord:
        """A message that they may decide about. Raises Problem."""
        scope_checked(who, Permission.DECIDE_QUARANTINE)
        found = await found_in_quarantine(self._parts, quarantine_id)
        owner = self._parts.owners.of_station(found.station_id)
        may_checked(who, Permission.DECIDE_QUARANTINE, owner, lambda: quarantine_unknown(quarantine_id))
        return found

    async def commands(self, station_id: str) -> list[OfferedCommandAnswer]:
        """Every command, and why this station cannot be asked it."""
        return await offered_commands(self._parts, resolved(self._parts, station_id))

    async def actions(self, station_id: str) -> list[str]:
        """What a raw call can ask of this station; nothing while it is offline."""
        return await callable_actions(self._parts, resolved(self._parts, station_id))

    @staticmethod
    def choices(name: str) -> dict[str, list[str]]:
        """The fields of a command that take one of a few words, and those words."""
        schema = BODIES[name].model_json_schema()
        words = {path: found["enum"] for path, found in schema.get("$defs", {}).items() if "enum" in found}
        inner = [each.get("properties", {}) for each in schema.get("$defs", {}).values()]
        found: dict[str, list[str]] = {}
        for fields in (*inner, schema["properties"]):
            for field, rule in fields.items():
                for each in (rule, *rule.get("anyOf", ())):
                    path = each.get("$ref", "").rpartition("/")[2]
                    options = words.get(path) or each.get("enum")
                    if options:
                        found[field] = options
        return found

    async def send(
        self, station_id: str, name: str, fields: Mapping[str, object], who: Principal
    ) -> OutcomeAnswer:
        """Send a command. Raises Problem: not allowed, not supported, or a field that is wrong."""
        body = checked(BODIES[name], fields)
        return await request_command(self._parts, station_id, body, who)

    async def call(
        self, station_id: str, action: str, payload: Mapping[str, object], who: Principal
    ) -> OutcomeAnswer:
        """The raw call. Raises Problem: not allowed, or no schema knows it."""
        here = self.at(who, station_id, Permission.OPERATE)
        body = CallBody.model_construct(action=action, payload=payload)
        return await raw_call(self._parts, station_id, body, here)

    async def frames(
        self, station_id: str, who: Principal, before: int | None = None, until: datetime | None = None
    ) -> Sequence[WireFrame]:
        """A station's last frames, or those before a frame or up to an instant, oldest first. Raises Problem
        for who may not see them.
        """
        self.at(who, station_id, Permission.READ_FRAMES)
        return await read_frames(self._parts.wire_log, resolved(self._parts, station_id), before, until)

    @staticmethod
    def reader() -> Reader:
        """Reads frames in order, and names answers after their calls."""
        return Reader()

    @property
    def can_adopt(self) -> bool:
        """Whether a provisioning server runs here."""
        return self._backend is not None

    async def adopt(self, station_id: str, who: Principal) -> str | None:
        """Take in a station that nobody ordered; its claim code. Raises Problem."""
        may_checked(who, Permission.SET_UP, SERVER)
        if self._backend is None:
            raise Problem(409, "no_provisioning", NO_PROVISIONING, START_IT)
        return await self._backend.adopt(station_id, who.name, scope_of(who, Permission.SET_UP))

    def activation(self, station_id: str) -> RunAnswer | None:
        """The last activation, step by step."""
        return self._backend.activation(station_id) if self._backend is not None else None
