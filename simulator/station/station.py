"""One simulated station: what a person can do to it, and what can be seen of it.

    station = Station(template, identify(template, chance=chance), url=url, clock=clock, chance=chance)
    tasks.start(station.run())                    # power on, until cancelled
    await station.wait_until(lambda now: now.is_accepted, 60)
    station.plug()
    await station.present("TAG1")

It speaks OCPP 1.6, 2.0.1 or 2.1, as its template says; nothing here knows which. All times are
those of its clock.
"""

import ssl
from collections.abc import Mapping
from typing import Any

import msgspec

from ocppj.aio.client import Dial
from ocppj.aio.errors import ConnectError, ConnectionNotOpenError
from ocppj.aio.watch import Watch
from ocppj.errors import MisuseError
from ocppj.model.authorization import ContractCertificate
from ocppj.vocabulary import BootReason, IdToken
from runtime.chance import Chance
from runtime.clock import Clock
from simulator.connection.file_client import FileClient
from simulator.connection.link import CsmsLink
from simulator.errors import NotConnectedError, NotPossibleError
from simulator.model.connector_states import ConnectorState
from simulator.model.stored_state import StateFile
from simulator.model.template import StationIdentity, StationTemplate
from simulator.model.vehicle import Vehicle
from simulator.station.charging import TokenResult, question_of
from simulator.station.composition import StationComposition, StationEnvironment
from simulator.station.firmware import FirmwareFault
from simulator.station.snapshot import Condition, StationSnapshot


class Station:
    """A station. `password` is what it is delivered with; one that its state file has kept wins.

    `watch` is shared by the connections of a fleet; `dial` replaces TCP (see `ocppj.aio.pipe`). Raises
    AddressError, TemplateError, StateFileError.
    """

    def __init__(
        self,
        template: StationTemplate,
        identity: StationIdentity,
        *,
        url: str,
        clock: Clock,
        chance: Chance,
        state_file: StateFile | None = None,
        password: str | None = None,
        tls: ssl.SSLContext | None = None,
        frames_kept: int = 500,
        watch: Watch | None = None,
        dial: Dial | None = None,
        files: FileClient | None = None,
    ) -> None:
        self.template = template
        self.identity = identity
        self.station_id = identity.station_id
        self._chance = chance
        environment = StationEnvironment(
            url=url,
            clock=clock,
            chance=chance,
            state_file=state_file,
            tls=tls,
            frames_kept=frames_kept,
            watch=watch,
            dial=dial,
            files=files,
        )
        parts = self._parts = StationComposition(template, identity, environment)
        self.tap = parts.tap
        self.log = parts.log
        self.variables = parts.variables
        parts.power.lost_at = parts.state_keeper.restore(password)

    async def run(self) -> None:
        """Power on: connect, boot, serve, reconnect; until cancelled. Raises StateFileError at the start."""
        parts = self._parts
        parts.state_keeper.save()
        parts.power.back()
        try:
            await parts.connection.run()
        finally:
            parts.power.cut(text="switched off")
            await parts.firmware.close()
            await parts.logs.close()
            parts.state_keeper.try_save()

    # Looking

    def snapshot(self) -> StationSnapshot:
        """The station as it is now."""
        return self._parts.snapshot()

    @property
    def trouble(self) -> ConnectError | None:
        """Why the last attempt to connect failed; None once one has succeeded."""
        return self._parts.connection.trouble

    async def wait_until(self, condition: Condition, timeout_s: float) -> StationSnapshot:
        """The first snapshot that meets `condition`, looked at whenever something changes.

        Raises WaitTimeoutError, which says how the station was at last.
        """
        return await self._parts.watchers.wait_until(condition, timeout_s)

    # Hands

    def plug(self, evse_id: int = 1, connector_id: int = 1, vehicle: Vehicle | None = None) -> None:
        """Put a cable in. Raises NotPossibleError."""
        self._parts.charging.plug(evse_id, connector_id, vehicle or self.template.vehicle.vehicle())

    def unplug(self, evse_id: int = 1, connector_id: int = 1) -> None:
        """Pull the cable at the car; by default it ends a transaction. Raises NotPossibleError."""
        self._parts.charging.unplug(evse_id, connector_id)

    async def present(
        self, id_token: str | IdToken, evse_id: int = 1, contract: ContractCertificate | None = None
    ) -> TokenResult:
        """Hold a token to the reader: a charge starts, stops, or is refused. Raises NotPossibleError.

        With a `contract` it is the car that presents itself through the cable (2.x C07).
        """
        if not self._parts.power.is_on:
            raise NotPossibleError("the station has no power")
        token = id_token if isinstance(id_token, IdToken) else IdToken(id_token)
        self._check_token(token, contract)
        result = await self._parts.charging.present(evse_id, token, contract)
        self._parts.changed()
        return result

    def fault(self, code: str = "InternalError", evse_id: int = 1, connector_id: int = 1) -> None:
        """Break a connector; a transaction there ends. Raises NotPossibleError."""
        self._parts.charging.fault(self._parts.connectors.connector(evse_id, connector_id), code)

    def clear_fault(self, evse_id: int = 1, connector_id: int = 1) -> None:
        """Repair it. Raises NotPossibleError."""
        connector = self._parts.connectors.connector(evse_id, connector_id)
        if connector.state is not ConnectorState.FAULTED:
            raise NotPossibleError(f"connector {connector_id} of EVSE {evse_id} is not faulted")
        self._parts.connectors.clear_fault(connector)

    def limit(self, limit: float, *, unit: str = "A", source: str = "EMS", evse_id: int = 0) -> None:
        """Somebody else than the central system limits the station, or an EVSE (2.x K11, K12)."""
        if evse_id:
            self._parts.connectors.evse(evse_id)  # raises NotPossibleError
        self._parts.smart_charging.limit(limit, unit=unit, source=source, evse_id=evse_id)

    def release_limit(self, *, source: str = "EMS", evse_id: int = 0) -> None:
        """They do so no longer (2.x K13). Raises NotPossibleError."""
        if not self._parts.smart_charging.release(source=source, evse_id=evse_id):
            raise NotPossibleError(f"{source} does not limit that")

    def fail_firmware(self, fault: FirmwareFault | None) -> None:
        """What goes wrong with the next updates of the firmware; None: nothing any more."""
        self._parts.firmware.fault = fault

    def fail_logs(self, *, is_failing: bool = True) -> None:
        """Whether uploads of logs fail."""
        self._parts.logs.fails = is_failing

    # Power and network

    def power_cut(self, for_s: float | None = 1.0) -> None:
        """Cut the power for so long; None: until `power_back`. Memory is kept, the boot reason is PowerUp."""
        self._parts.power.cut(for_s)
        self._parts.state_keeper.try_save()

    def power_back(self) -> None:
        """The power is there again."""
        self._parts.power.back()

    def reset(self) -> None:
        """Press the reset button: transactions end, then it starts again."""
        self._parts.transactions.stop_all(reason="Reboot", trigger="AbnormalCondition")
        self._parts.power.restart(BootReason.LOCAL_RESET)

    def drop_link(self) -> None:
        """The network is gone, without a goodbye; nothing is dialled until `restore_link`."""
        self._parts.connection.drop()

    def restore_link(self) -> None:
        """The network is back: the station dials at once."""
        self._parts.connection.restore()

    # The wire by hand

    def send_raw(self, text: bytes) -> None:
        """Send any text as one message, whatever it is. Raises NotConnectedError."""
        try:
            self._link().send_by_hand(text)
        except ConnectionNotOpenError as error:
            raise NotConnectedError(str(error)) from None

    async def call(self, action: str, payload: Mapping[str, Any]) -> Any:
        """Send any request of the version, accepted or not; the answer's payload as JSON values.

        Raises NotPossibleError for a request that the version does not have so (see `send_raw`),
        NotConnectedError, CallFailedError, CallTimeoutError.
        """
        try:
            answered = self._link().call(self._chance.message_id(), action, payload)
        except MisuseError as error:
            raise NotPossibleError(str(error)) from None
        response = await answered
        return msgspec.json.decode(response.payload)

    def _link(self) -> CsmsLink:
        link = self._parts.connection.link
        if link is None:
            raise NotConnectedError(f"{self.station_id} is not connected")
        return link

    def _check_token(self, token: IdToken, contract: ContractCertificate | None) -> None:
        """No reader reads a token that the version cannot tell, and no car presents such a contract."""
        call = self._parts.rules.request(question_of(token, contract))
        if call is None:
            raise NotPossibleError(f"OCPP {self._parts.rules.version.label} knows no contract certificates")
        try:
            self._parts.codec.encode_request(call.action, call.payload)
        except MisuseError as error:
            raise NotPossibleError(f"no such token: {error}") from None
