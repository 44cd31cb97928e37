"""One file for a bug report: all that is known of a station, and nothing that is nobody else's business."""

import asyncio
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from borne.cli import app
from borne.doctor.bundle import without_private
from tests.support.server import LiveServer, live_server
from tests.support.wire_station import basic

SECRET = b"planted-secret-of-20"
PLANTED = (
    "planted-secret-of-20", "hunter2hunter2", "apn-planted-77", "ftp-planted-pass",
    "45.50170", "-73.56730", "45.5017", "RUEPLANTEE", "CARDPLANTED01", "vendorkey-planted",
)  # fmt: skip
"""Secrets, a position, an address, a driver's card: none of them may be in the file."""
AT = "2026-05-01T10:00:00Z"
WORDS = (
    "position 45.50170,-73.56730",
    '{"lat": 45.5017, "lon": -73.56730}',
    "lat=45.5017 lon=-73.56730",
    "password=hunter2hunter2",
)
FILES = {
    "station.json", "lifecycle.json", "activation.json", "configuration.json", "frames.json", "attempts.json",
    "commands.json", "connector-states.json", "security-events.json", "transactions.json", "findings.json",
    "versions.json",
}  # fmt: skip


async def plant(server: LiveServer) -> None:
    """A station and people who say everything that must not be told on."""
    answers: dict[str, Any] = {
        "GetConfiguration": {
            "configurationKey": [
                {"key": "AuthorizationKey", "readonly": False, "value": "hunter2hunter2"},
                {"key": "VendorApiKey", "readonly": False, "value": "vendorkey-planted"},
                {"key": "GpsLatitude", "readonly": False, "value": "45.50170"},
                {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
            ]
        },
        "ChangeConfiguration": {"status": "Accepted"},
        "UpdateFirmware": {},
    }
    await server.add_token("CARDPLANTED01")
    async with server.station("cp1", answers=answers, additional_headers=basic("cp1", SECRET)) as station:
        start = {
            "connectorId": 1,
            "idTag": "CARDPLANTED01",
            "meterStart": 0,
            "timestamp": AT,
        }
        await station.ask("StartTransaction", start)
        for data in WORDS:
            await station.call("DataTransfer", {"vendorId": "Acme", "data": data})
        tell = {
            "type": "X",
            "timestamp": AT,
            "techInfo": "at 45.50170, -73.56730",
        }
        await station.ask("SecurityEventNotification", tell)
        status = {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted", "info": WORDS[0]}
        await station.ask("StatusNotification", status)
        await server.command("cp1", "get-variables")
        await server.call("cp1", "ChangeConfiguration", {"key": "ApnPassword", "value": "apn-planted-77"})
        location = "ftp://user:ftp-planted-pass@files.example/fw.bin"
        update = {"location": location, "retrieveDate": "2026-05-01T10:00:00Z"}
        await server.call("cp1", "UpdateFirmware", update)
        await station.ask("Heartbeat")


async def doctor(server: LiveServer, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    """Exit code and all that was printed."""
    monkeypatch.setenv("BORNE_API", server.running.http_url)
    monkeypatch.setenv("BORNE_TOKEN", server.running.token)
    result = await asyncio.to_thread(CliRunner().invoke, app, ["doctor", *words])
    return result.exit_code, result.output


async def test_a_bundle_tells_everything_but_secrets_places_and_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is inside is printed; what was planted is nowhere in it; what explains a fault is."""
    path = tmp_path / "cp1.zip"
    async with live_server(tmp_path / "var", wire_log="all", secrets={"cp1": SECRET}) as server:
        await plant(server)
        code, shown = await doctor(server, monkeypatch, "cp1", "--bundle", str(path))
        assert code in (0, 1), shown
        assert "Look into it before you send it." in shown
        again, refused = await doctor(server, monkeypatch, "cp1", "--bundle", str(path))
        assert again == 3
        assert "is not overwritten" in refused
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as bundle:
        assert set(bundle.namelist()) == FILES
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert all(name in shown for name in FILES)
    found = {(planted, name) for planted in PLANTED for name, text in texts.items() if planted in text}
    assert found == set()
    documents = {name: json.loads(text) for name, text in texts.items()}
    assert documents["station.json"]["vendor"] == "Acme"
    actions = [frame["action"] for frame in documents["frames.json"]["messages"]]
    assert {"BootNotification", "StartTransaction", "GetConfiguration", "Heartbeat"} <= set(actions)
    values = {each["variable"]: each["value"] for each in documents["configuration.json"]}
    assert values["HeartbeatInterval"] == "300"
    assert {"borne", "python", "platform"} <= documents["versions.json"].keys()
    assert [each["error_code"] for each in documents["connector-states.json"]] == ["GroundFailure"]
    assert documents["findings.json"]


async def test_a_bundle_is_of_one_station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a station it is a wrong use; one that was never seen has its attempts and little else."""
    async with live_server(tmp_path / "var") as server:
        code, _ = await doctor(server, monkeypatch, "--bundle", str(tmp_path / "a.zip"))
        assert code == 2
        code, _ = await doctor(server, monkeypatch, "nobody", "--bundle", str(tmp_path / "a.zip"))
    with zipfile.ZipFile(tmp_path / "a.zip") as bundle:
        assert json.loads(bundle.read("station.json")) == {"missing": "404 station_unknown"}
        assert json.loads(bundle.read("attempts.json")) == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
        max_leaves=10,
    )
)
def test_what_holds_nothing_private_keeps_its_shape(document: Any) -> None:
    """Masked twice is masked once; keys and lists stay."""
    masked = without_private(document)
    assert without_private(masked) == masked
    assert type(masked) is type(document)
    if isinstance(document, dict):
        assert masked.keys() == document.keys()


@pytest.mark.parametrize(
    "at", ["latitude", "Longitude", "gpsPosition", "lat", "site_address", "idTag", "made_by"]
)
def test_places_and_people_are_taken_out_by_name(at: str) -> None:
    """Numbers and texts alike, and the value that stands beside such a name."""
    assert without_private({at: 45.5017}) == {at: "***"}
    assert without_private({"variable": "GpsLatitude", "value": "45"}) == {
        "variable": "GpsLatitude",
        "value": "***",
    }
