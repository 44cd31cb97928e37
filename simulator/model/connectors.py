"""The station's EVSEs and connectors as one: what happens to them, their availability, their reports."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import structs

from ocppj.model.availability import StatusNotification
from ocppj.model.diagnostics import PROBLEM, MonitoredEvent, NotifyEvent
from ocppj.model.messages import Reply, StationMessage
from ocppj.translation import WireCall
from ocppj.vocabulary import Availability, ConnectorStatus, VariableRef
from simulator.errors import NotConnectedError, NotPossibleError
from simulator.model.connector_states import IN_TRANSACTION, STATUS_OF, ConnectorState, Happening
from simulator.model.evse import Connector, Evse, build_evse
from simulator.model.inventory import AVAILABILITY
from simulator.model.template import StationTemplate
from simulator.model.variables import VariableStore
from simulator.model.version_rules import VersionRules

WHOLE_STATION = (0, 0)


class Connectors:
    """`inoperative` holds what was made so: the station (0, 0), an EVSE (e, 0), a connector (e, c)."""

    def __init__(
        self,
        template: StationTemplate,
        rules: VersionRules,
        variables: VariableStore,
        now: Callable[[], datetime],
        send: Callable[[StationMessage], "asyncio.Future[Reply] | None"],
    ) -> None:
        self.evses: dict[int, Evse] = {
            evse_id: build_evse(evse_id, one) for evse_id, one in enumerate(template.evses, 1)
        }
        self.inoperative: set[tuple[int, int]] = set()
        self.moved: Callable[[Connector], None] = lambda _connector: None
        """Called after whatever has happened to a connector."""
        self._rules = rules
        self._variables = variables
        self._now = now
        self._send = send
        self._reports_by = template.reports_status_by if not rules.reports_whole_station else "status"
        self._events_reported = 0
        self._has_problem: dict[tuple[int, int], bool] = {}
        self._reported: dict[tuple[int, int], WireCall | None] = {}

    # Looking

    def evse(self, evse_id: int) -> Evse:
        """Raises NotPossibleError."""
        found = self.evses.get(evse_id)
        if found is None:
            raise NotPossibleError(
                f"there is no EVSE {evse_id}: this station has {', '.join(map(str, self.evses))}"
            )
        return found

    def connector(self, evse_id: int, connector_id: int) -> Connector:
        """Raises NotPossibleError."""
        found = self.evse(evse_id).connectors.get(connector_id)
        if found is None:
            raise NotPossibleError(f"EVSE {evse_id} has no connector {connector_id}")
        return found

    def all(self) -> Iterator[Connector]:
        """All of them."""
        for evse in self.evses.values():
            yield from evse.connectors.values()

    def running(self) -> list[Evse]:
        """The EVSEs with a transaction."""
        return [evse for evse in self.evses.values() if evse.transaction is not None]

    # Happening

    def happen(self, connector: Connector, *happenings: Happening) -> None:
        """Let things happen to a connector, one after the other, and report where it ends up."""
        for happening in happenings:
            connector.happen(happening)
        self._note(connector)

    def release(self, evse: Evse) -> None:
        """The cable leaves the socket, or hangs on its hook again."""
        connector = evse.plugged
        if connector is not None:
            connector.is_plugged, connector.locked_by = False, None
            self.happen(connector, Happening.UNPLUGGED)

    def free_waiting(self, evse: Evse) -> None:
        """The connector that waited for a cable waits no longer."""
        first = evse.connectors[1]
        if first.state is ConnectorState.PREPARING and not first.is_plugged:
            self.happen(first, Happening.LAPSED)

    def set_availability(self, availability: Availability, evse_id: int, connector_id: int | None) -> str:
        """Accepted, Scheduled (a transaction runs: after it) or Rejected (no such thing here).

        OCPP 1.6 §5.2, 2.0.1 part 2 G03, G04. It outlives a restart, and shows with the next `refresh`.
        """
        key = (evse_id, connector_id or 0)
        if key != WHOLE_STATION and (
            evse_id not in self.evses or (connector_id and connector_id not in self.evses[evse_id].connectors)
        ):
            return "Rejected"
        if availability is Availability.INOPERATIVE:
            self.inoperative.add(key)
        else:
            self.inoperative.discard(key)
            if key == WHOLE_STATION and self._rules.reports_whole_station:
                self.inoperative.clear()  # 1.6 §5.2: connector 0 means the station and all connectors
        waits = availability is Availability.INOPERATIVE and any(
            self._is_in_use(one) and key in _keys_of(one) for one in self.all()
        )
        return "Scheduled" if waits else "Accepted"

    def refresh(self) -> None:
        """Let what was asked come true where no transaction is in its way."""
        for connector in self.all():
            is_operative = self._is_operative(connector)
            if connector.state is ConnectorState.UNAVAILABLE and is_operative:
                plugged = connector.is_plugged
                self.happen(connector, Happening.ENABLED_PLUGGED if plugged else Happening.ENABLED)
            elif connector.is_usable and not is_operative and not self._is_in_use(connector):
                self.happen(connector, Happening.DISABLED)
        is_open = WHOLE_STATION not in self.inoperative
        self._variables.put(AVAILABILITY, "Available" if is_open else "Unavailable")
        self._report_station()

    def clear_fault(self, connector: Connector) -> None:
        """The fault is gone; what remains decides where the connector goes."""
        connector.error = None
        if not self._is_operative(connector):
            self.happen(connector, Happening.CLEARED_DISABLED)
        else:
            plugged = connector.is_plugged
            self.happen(connector, Happening.CLEARED_PLUGGED if plugged else Happening.CLEARED)

    def _is_in_use(self, connector: Connector) -> bool:
        """Whether a transaction runs there, which may begin before energy flows and end after it."""
        evse = self.evse(connector.evse_id)
        return connector.state in IN_TRANSACTION or (
            evse.transaction is not None and evse.occupied is connector
        )

    def _is_operative(self, connector: Connector) -> bool:
        return not _keys_of(connector) & self.inoperative

    # Reporting

    def report_all(self, *, is_fresh: bool) -> None:
        """Tell every status that the central system does not know; all of them after a boot."""
        if is_fresh:
            self._reported.clear()
        self._report_station()
        for connector in self.all():
            self._report(connector)

    def status(self, connector: Connector) -> StatusNotification:
        """A connector's status as of now."""
        status, charging_state = STATUS_OF[connector.state]
        needs_cable = self._rules.occupied_needs_cable
        if status is ConnectorStatus.OCCUPIED and needs_cable and not connector.is_plugged:
            status = ConnectorStatus.AVAILABLE
        return StatusNotification(
            connector.evse_id,
            connector.connector_id,
            status,
            at=self._now(),
            error_code=connector.error,
            charging_state=charging_state,
        )

    def station_status(self) -> StatusNotification:
        """The whole station's."""
        is_open = WHOLE_STATION not in self.inoperative
        status = ConnectorStatus.AVAILABLE if is_open else ConnectorStatus.UNAVAILABLE
        return StatusNotification(0, 0, status, at=self._now())

    def _note(self, connector: Connector) -> None:
        status, _ = STATUS_OF[connector.state]
        ref = VariableRef("EVSE", "AvailabilityState", evse_id=connector.evse_id)
        self._variables.put(ref, status.value)
        self._report(connector)
        self.moved(connector)

    def _report_station(self) -> None:
        if self._rules.reports_whole_station:
            self._report_change(WHOLE_STATION, self.station_status())

    def _report(self, connector: Connector) -> None:
        self._report_change((connector.evse_id, connector.connector_id), self.status(connector))

    def _report_change(self, key: tuple[int, int], report: StatusNotification) -> None:
        """Only what is new as the version shows it; what is lost on the way is told again later."""
        words = self._rules.request(structs.replace(report, at=None))
        if self._reported.get(key) == words:
            return
        had_problem = self._has_problem.get(key, False)
        answered = self._send_status(report, had_problem=had_problem)
        self._has_problem[key] = report.status is ConnectorStatus.FAULTED
        if answered is not None:
            self._reported[key] = words
            answered.add_done_callback(lambda done: self._forget_lost(key, words, done))

    def _send_status(
        self, report: StatusNotification, *, had_problem: bool
    ) -> "asyncio.Future[Reply] | None":
        """By what this kind of station tells it with (2.x G01.FR.03 to .07: either will do)."""
        answered = self._send(report) if self._reports_by != "event" else None
        if self._reports_by != "status":
            answered = self._send(self._as_event(report, had_problem=had_problem)) or answered
        return answered

    def _as_event(self, report: StatusNotification, *, had_problem: bool) -> NotifyEvent:
        """The state, and a problem that comes or goes with it."""
        is_fault = report.status is ConnectorStatus.FAULTED
        values = {AVAILABILITY.variable: report.status.value}
        if is_fault or had_problem:
            values[PROBLEM] = str(is_fault).lower()
        events = []
        for variable, value in values.items():
            self._events_reported += 1
            events.append(
                MonitoredEvent(
                    VariableRef(
                        "Connector", variable, evse_id=report.evse_id, connector_id=report.connector_id
                    ),
                    value,
                    report.at,
                    self._events_reported,
                    tech_code=report.error_code,
                )
            )
        return NotifyEvent(tuple(events), generated_at=report.at)

    def _forget_lost(
        self, key: tuple[int, int], words: WireCall | None, done: "asyncio.Future[Reply]"
    ) -> None:
        is_lost = done.cancelled() or isinstance(done.exception(), NotConnectedError)
        if is_lost and self._reported.get(key) == words:
            del self._reported[key]


def _keys_of(connector: Connector) -> set[tuple[int, int]]:
    """What may be made inoperative and then includes this connector."""
    return {WHOLE_STATION, (connector.evse_id, 0), (connector.evse_id, connector.connector_id)}
