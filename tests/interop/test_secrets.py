"""Nobody is shown a secret: of the fields, of the URLs, of what a station repeats, on every version."""

from typing import Any

import pytest

from tests.support.payloads import AT
from tests.support.server import LiveServer
from tests.support.wire_station import VERSIONS, Answer, basic

pytestmark = pytest.mark.asyncio(loop_scope="module")
OWN = "Eigenvogel-4711-geheim"
"""The password that the station logs in with."""
CANARY = "Kanarienvogel"
"""Begins every secret that we send; what is shown must not have it."""
URL = f"ftp://user:{CANARY}-url@host/x?sig={CANARY}-sig"
PROFILE: dict[str, Any] = {
    "configurationSlot": 1,
    "connectionData": {
        "ocppVersion": "OCPP20",
        "ocppTransport": "JSON",
        "ocppCsmsUrl": f"wss://u:{CANARY}-csms@host/ocpp",
        "messageTimeout": 30,
        "securityProfile": 1,
        "ocppInterface": "Wireless0",
        "apn": {"apn": "x", "apnAuthentication": "PAP", "apnPassword": f"{CANARY}-apn", "simPin": 24681357},
        "vpn": {
            "server": "x",
            "user": "u",
            "password": f"{CANARY}-vpn",
            "key": f"{CANARY}-key",
            "type": "IKEv2",
        },
    },
}
PROFILE_V21 = {
    **PROFILE,
    "connectionData": PROFILE["connectionData"] | {"basicAuthPassword": f"{CANARY}-basic-auth"},
}
LOG = {"logType": "DiagnosticsLog", "requestId": 1, "log": {"remoteLocation": URL}}
FIRMWARE = {"requestId": 1, "firmware": {"location": URL, "retrieveDateTime": AT}}
WIFI = {"component": {"name": "Modem"}, "variable": {"name": "WifiPSK"}, "attributeValue": f"{CANARY}-wifi"}
CALLS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "1.6": [
        ("ChangeConfiguration", {"key": "WifiPassword", "value": f"{CANARY}-wifi"}),
        ("GetDiagnostics", {"location": URL}),
        ("UpdateFirmware", {"location": URL, "retrieveDate": AT}),
        ("GetLog", LOG),
        ("DataTransfer", {"vendorId": "x", "data": f'{{"apiKey": "{CANARY}-api"}}'}),
    ],
    "2.0.1": [
        ("SetVariables", {"setVariableData": [WIFI]}),
        ("SetNetworkProfile", PROFILE),
        ("GetLog", LOG),
        ("UpdateFirmware", FIRMWARE),
        ("PublishFirmware", {"location": URL, "checksum": "0" * 32, "requestId": 1}),
        ("DataTransfer", {"vendorId": "x", "data": {"apiKey": f"{CANARY}-api"}}),
    ],
    "2.1": [
        ("SetVariables", {"setVariableData": [WIFI]}),
        ("SetNetworkProfile", PROFILE_V21),
        ("GetLog", LOG),
        ("UpdateFirmware", FIRMWARE),
        ("PublishFirmware", {"location": URL, "checksum": "0" * 32, "requestId": 1}),
        ("DataTransfer", {"vendorId": "x", "data": {"apiKey": f"{CANARY}-api"}}),
    ],
}
ECHO = f"cannot take {CANARY}-url, {CANARY}-wifi, {CANARY}-api, nor {OWN}"


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_is_sent_and_what_a_station_repeats_of_it_is_nowhere(
    server: LiveServer, version: str
) -> None:
    """Neither in answers of the API, nor in wire log, rows, files or logs; the station refuses and quotes."""
    station_id = f"echo-{version}"
    answers: dict[str, Answer] = {action: ("InternalError", "no") for action, _ in CALLS[version]}
    headers = basic(station_id, OWN)
    shown: list[Any] = []
    async with server.station(station_id, version, answers=answers, additional_headers=headers) as station:
        for number, (action, payload) in enumerate(CALLS[version] * 2):
            if number == len(CALLS[version]):  # from now on it knows them all
                station.answers |= dict.fromkeys(answers, ("InternalError", ECHO))
            outcome = await server.call(station_id, action, payload)
            assert outcome["outcome"] == "error"
            shown.append(outcome)
        security = {"type": "X", "timestamp": AT, "techInfo": f"lost {URL} {ECHO}"}
        await station.call("SecurityEventNotification", security)
        await station.call("DataTransfer", {"vendorId": "x", "data": ECHO})
        billing = "StartTransaction" if version == "1.6" else "TransactionEvent"
        await station.call(billing, {"seqNo": "many", "customData": {"vendorId": "x", "password": f"{OWN}!"}})
        shown.append(await server.messages(station_id))
        assert "***" in str(shown[-1])
        assert CANARY in str(station.asked)
        await station.ws.close(3000, f"lost {CANARY}-url, {CANARY}-wifi and {OWN}")
    await server.until_offline(station_id)
    shown.append(await server.get(f"/stations/{station_id}"))
    assert shown[-1]["link_end"]["reason"].startswith("3000 lost ***")
    shown += [server.rows("SELECT * FROM quarantine"), server.rows("SELECT * FROM security_events")]
    shown.append(server.logs)
    for secret in (CANARY, OWN, OWN.encode().hex(), "24681357"):
        assert secret not in str(shown)
        for file in server.var.iterdir():
            assert secret.encode() not in file.read_bytes(), (file, secret)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_variable_of_a_vendor_that_is_secret_by_its_name_is_neither_shown_nor_kept(
    server: LiveServer, version: str
) -> None:
    """Read with a command; its name and that it exists stay."""
    station_id = f"read-{version}"
    answers: dict[str, Answer] = {
        "GetConfiguration": {
            "configurationKey": [{"key": "WifiPassword", "readonly": False, "value": f"{CANARY}-wifi"}]
        },
        "GetVariables": {
            "getVariableResult": [
                {key: value for key, value in WIFI.items() if key != "attributeValue"}
                | {"attributeStatus": "Accepted", "attributeValue": f"{CANARY}-wifi"}
            ]
        },
    }
    name = {"variable": "WifiPassword"} if version == "1.6" else {"component": "Modem", "variable": "WifiPSK"}
    async with server.station(station_id, version, answers=answers):
        outcome = await server.command(station_id, "get-variables", variables=[name])
        assert outcome["answer"]["variables"][0]["value"] == "***"
        assert CANARY not in str(outcome)
    await server.until_offline(station_id)
    kept = await server.get(f"/stations/{station_id}/variables")
    assert name["variable"] in str(kept)
    assert CANARY not in str(kept)


async def test_a_refused_request_is_shown_without_its_query_and_secret_headers(server: LiveServer) -> None:
    """Some stations carry their password in the URL; the attempts are there for more people than that."""
    raw = await server.raw()
    headers = {"X_Api_Key": CANARY, "Referer": f"/?k={CANARY}"}
    raw.send_upgrade(f"/elsewhere/x?password={CANARY}&token={CANARY}", **headers)
    assert b"404" in await raw.read_to_end()
    attempts = await server.get("/connection-attempts")
    assert "/elsewhere/x?***" in attempts[0]["first_bytes"]
    assert CANARY not in str(attempts)
