"""A station that tells the same story in the words of its version."""

from dataclasses import dataclass
from typing import Any

from tests.support.wire_station import AGREED, Answer, WireStation

REGISTER = "Energy.Active.Import.Register"
NAMES = {"vendor": "Acme", "model": "One", "serial": "S-1", "firmware": "1.2.3"}
INTERVAL = {"component": "OCPPCommCtrlr", "variable": "HeartbeatInterval"}
CONNECTOR = {"id": 1, "connectorId": 1}


@dataclass(frozen=True)
class Moment:
    """A reading of the meter at a time."""

    at: str
    register_wh: int


class Teller:
    """1.6: connector 1 is EVSE 1; the central system numbers transactions."""

    def __init__(self, station: WireStation, name: str) -> None:
        self.station = station
        self.name = name
        self.transaction_id = ""
        self.variables = {"HeartbeatInterval": "300"}
        station.answers |= self.answers()

    def answers(self) -> dict[str, Answer]:
        """What it says to the commands of the stories."""
        return {
            "RemoteStartTransaction": AGREED,
            "RemoteStopTransaction": AGREED,
            "SendLocalList": AGREED,
            "GetLocalListVersion": {"listVersion": 3},
            "ChangeConfiguration": AGREED,
            "GetConfiguration": {
                "configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "42"}]
            },
            "ChangeAvailability": AGREED,
            "Reset": {"status": "Rejected"},
        }

    async def boot(self) -> dict[str, Any]:
        """Present itself with all that it knows of itself."""
        return await self.station.ask(
            "BootNotification",
            {
                "chargePointVendor": NAMES["vendor"],
                "chargePointModel": NAMES["model"],
                "chargePointSerialNumber": NAMES["serial"],
                "firmwareVersion": NAMES["firmware"],
            },
        )

    async def status(self, word: str, at: str) -> None:
        """What connector 1 does: one of 2.x's five words."""
        named = {"Occupied": "Charging"}.get(word, word)
        error = "OtherError" if word == "Faulted" else "NoError"
        await self.station.ask(
            "StatusNotification", {"connectorId": 1, "errorCode": error, "status": named, "timestamp": at}
        )

    async def authorize(self, token: str) -> str:
        """The verdict."""
        return str((await self.station.ask("Authorize", {"idTag": token}))["idTagInfo"]["status"])

    async def start(self, token: str, first: Moment) -> str:
        """Begin to charge; the verdict on the token."""
        answer = await self.station.ask("StartTransaction", self._start(token, first))
        self.transaction_id = str(answer["transactionId"])
        return str(answer["idTagInfo"]["status"])

    async def meter(self, moment: Moment, power_w: int) -> None:
        """A periodic sample."""
        values = [
            {
                "value": str(moment.register_wh),
                "measurand": REGISTER,
                "unit": "Wh",
                "context": "Sample.Periodic",
            },
            {
                "value": str(power_w),
                "measurand": "Power.Active.Import",
                "unit": "W",
                "context": "Sample.Periodic",
            },
        ]
        payload = {"connectorId": 1, "transactionId": int(self.transaction_id)}
        value = {"timestamp": moment.at, "sampledValue": values}
        await self.station.ask("MeterValues", payload | {"meterValue": [value]})

    async def stop(self, token: str, last: Moment, reason: str) -> None:
        """End it."""
        await self.station.ask(
            "StopTransaction",
            {
                "transactionId": int(self.transaction_id),
                "idTag": token,
                "meterStop": last.register_wh,
                "timestamp": last.at,
                "reason": reason,
            },
        )

    async def replay(self, token: str, moments: list[Moment]) -> None:
        """What happened while it was offline, each message twice, as after a lost answer."""
        first, *between, last = moments
        for _ in range(2):
            await self.start(token, first)
        for moment in between:
            for _ in range(2):
                await self.meter(moment, 7000)
        for _ in range(2):
            await self.stop(token, last, "Local")

    def remote_start_asked(self) -> dict[str, Any]:
        """What a remote start asked of it, in neutral words."""
        (frame,) = [each for each in self.station.asked if each[2] == "RemoteStartTransaction"]
        return {"id_token": frame[3]["idTag"], "evse_id": frame[3]["connectorId"]}

    def remote_stop_asked(self) -> str:
        """Which transaction it was to stop."""
        (frame,) = [each for each in self.station.asked if each[2] == "RemoteStopTransaction"]
        return str(frame[3]["transactionId"])

    def local_list_asked(self) -> dict[str, Any]:
        """Which list it was sent."""
        (frame,) = [each for each in self.station.asked if each[2] == "SendLocalList"]
        entries = frame[3]["localAuthorizationList"]
        return {
            "version": frame[3]["listVersion"],
            "update": frame[3]["updateType"],
            "tokens": {each["idTag"]: each["idTagInfo"]["status"] for each in entries},
        }

    def _start(self, token: str, first: Moment) -> dict[str, Any]:
        return {"connectorId": 1, "idTag": token, "meterStart": first.register_wh, "timestamp": first.at}


class Teller2x(Teller):
    """2.0.1 and 2.1: the station names transactions and numbers their events."""

    seq_no = 0
    is_offline = False

    def answers(self) -> dict[str, Answer]:
        """The same answers in the words of 2.x."""
        component, variable = {"name": "OCPPCommCtrlr"}, {"name": "HeartbeatInterval"}
        named = {"component": component, "variable": variable, "attributeStatus": "Accepted"}
        return {
            "RequestStartTransaction": AGREED,
            "RequestStopTransaction": AGREED,
            "SendLocalList": AGREED,
            "GetLocalListVersion": {"versionNumber": 3},
            "SetVariables": {"setVariableResult": [named]},
            "GetVariables": {"getVariableResult": [named | {"attributeValue": "42"}]},
            "ChangeAvailability": AGREED,
            "Reset": {"status": "Rejected"},
        }

    async def boot(self) -> dict[str, Any]:
        """With a reason, which 1.6 does not know."""
        station = {
            "vendorName": NAMES["vendor"],
            "model": NAMES["model"],
            "serialNumber": NAMES["serial"],
            "firmwareVersion": NAMES["firmware"],
        }
        payload = {"reason": "PowerUp", "chargingStation": station}
        return await self.station.ask("BootNotification", payload)

    async def status(self, word: str, at: str) -> None:
        """In its own five words."""
        payload = {"timestamp": at, "connectorStatus": word, "evseId": 1, "connectorId": 1}
        await self.station.ask("StatusNotification", payload)

    async def authorize(self, token: str) -> str:
        """The verdict."""
        answer = await self.station.ask("Authorize", {"idToken": _token(token)})
        return str(answer["idTokenInfo"]["status"])

    async def start(self, token: str, first: Moment) -> str:
        """Begin to charge; the verdict on the token."""
        self.transaction_id = f"t-{self.name}"
        more: dict[str, Any] = {"idToken": _token(token), "evse": CONNECTOR}
        answer = await self._event("Started", "Authorized", first, "Transaction.Begin", **more)
        return str(answer["idTokenInfo"]["status"])

    async def meter(self, moment: Moment, power_w: int) -> None:
        """A periodic sample."""
        await self._event("Updated", "MeterValuePeriodic", moment, "Sample.Periodic", power_w=power_w)

    async def stop(self, token: str, last: Moment, reason: str) -> None:
        """End it."""
        info = {"stoppedReason": reason}
        await self._event(
            "Ended", "StopAuthorized", last, "Transaction.End", info=info, idToken=_token(token)
        )

    async def replay(self, token: str, moments: list[Moment]) -> None:
        """The same, with the mark that 2.x has for it; what is sent again has its number again."""
        first, *between, last = moments
        self.is_offline = True
        for _ in range(2):
            self.seq_no = 0
            await self.start(token, first)
        for index, moment in enumerate(between):
            for _ in range(2):
                self.seq_no = index + 1
                await self.meter(moment, 7000)
        for _ in range(2):
            self.seq_no = len(moments) - 1
            await self.stop(token, last, "Local")

    def remote_start_asked(self) -> dict[str, Any]:
        """What a remote start asked of it, in neutral words."""
        (frame,) = [each for each in self.station.asked if each[2] == "RequestStartTransaction"]
        return {"id_token": frame[3]["idToken"]["idToken"], "evse_id": frame[3]["evseId"]}

    def remote_stop_asked(self) -> str:
        """Which transaction it was to stop."""
        (frame,) = [each for each in self.station.asked if each[2] == "RequestStopTransaction"]
        return str(frame[3]["transactionId"])

    def local_list_asked(self) -> dict[str, Any]:
        """Which list it was sent."""
        (frame,) = [each for each in self.station.asked if each[2] == "SendLocalList"]
        entries = frame[3]["localAuthorizationList"]
        return {
            "version": frame[3]["versionNumber"],
            "update": frame[3]["updateType"],
            "tokens": {each["idToken"]["idToken"]: each["idTokenInfo"]["status"] for each in entries},
        }

    async def _event(
        self,
        kind: str,
        trigger: str,
        moment: Moment,
        context: str,
        *,
        power_w: int | None = None,
        info: dict[str, Any] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        values = [{"value": moment.register_wh, "measurand": REGISTER, "context": context}]
        if power_w is not None:
            values.append({"value": power_w, "measurand": "Power.Active.Import", "context": context})
        payload = {
            "eventType": kind,
            "timestamp": moment.at,
            "triggerReason": trigger,
            "seqNo": self.seq_no,
            "transactionInfo": {"transactionId": self.transaction_id} | (info or {}),
            "meterValue": [{"timestamp": moment.at, "sampledValue": values}],
        }
        self.seq_no += 1
        more |= {"offline": True} if self.is_offline else {}
        return await self.station.ask("TransactionEvent", payload | more)


def _token(value: str) -> dict[str, str]:
    return {"idToken": value, "type": "ISO14443"}


TELLERS: dict[str, type[Teller]] = {"1.6": Teller, "2.0.1": Teller2x, "2.1": Teller2x}
