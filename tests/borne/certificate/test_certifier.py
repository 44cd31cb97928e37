"""A run of `borne run` certified: all its frames, what came of it, and who signs."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from borne.certificate.certifier import CertificateUnwritable, CertificateWish, RunCertifier
from charging.certificate.document import from_file
from charging.certificate.verifying import CertificateEvidence, Trust, verify
from ocppj.versions import OcppVersion
from provisioning.issuer import IssuerKeys
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from simulator.scenario.conversation import Conversation
from simulator.scenario.event_log import KEPT, EventLog
from simulator.scenario.verdicts import RunResult, StepResult, Verdict

AT = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
BOOT = {"chargePointVendor": "Ampère", "chargePointModel": "AC-22", "firmwareVersion": "1.4.2"}
ANSWER = {"status": "Accepted", "currentTime": "2026-11-24T13:30:00Z", "interval": 300}
SECRET = "correct-horse-battery"


def driver_of(bound: str = "sim", **fields: Any) -> Any:
    """A role; `fields` is what is known of its station."""
    event_log = EventLog(Conversation(OcppVersion.V16))
    return SimpleNamespace(
        station_id="cp1", bound=bound, version=OcppVersion.V16, event_log=event_log, fields=fields
    )


@pytest.fixture
def keys(tmp_path: Path) -> IssuerKeys:
    """Of a bench."""
    return IssuerKeys(tmp_path / "key.pem", "bench", SeededChance(1))


def certifier_to(file: Path, keys: IssuerKeys, clock: ManualClock | None = None) -> RunCertifier:
    """Whoever certifies to that file."""
    wish = CertificateWish(
        file=file, run_id="run-1", program="borne 0", scenario="power-up", by="Zoé", language="fr"
    )
    return RunCertifier(wish, keys, clock or ManualClock(AT))


def result_of(verdict: Verdict = Verdict.PASSED) -> RunResult:
    """A run of one step."""
    return RunResult("power-up", "X", "a", ("1.6",), 7, "", verdict, steps=[StepResult("1", "Link", verdict)])


def test_a_run_is_certified_with_all_its_frames(tmp_path: Path, keys: IssuerKeys) -> None:
    """More than expectations look at; secrets masked; what comes after the run is not of it."""
    clock, driver = (
        ManualClock(AT + timedelta(minutes=1)),
        driver_of(mac="02:B0:16:C3:F7:A0", vendor="known before"),
    )
    certifier = certifier_to(tmp_path / "cp1.json", keys, clock)
    log = driver.event_log
    log.add("station", json.dumps([2, "b", "BootNotification", BOOT]), AT)
    certifier.run_began({"a": driver})
    log.add("csms", json.dumps([3, "b", ANSWER]), AT)
    change = {"key": "AuthorizationKey", "value": SECRET}
    log.add("csms", json.dumps([2, "c", "ChangeConfiguration", change]), AT)
    for _ in range(KEPT):
        log.add("station", '[3,"c",{"status":"Accepted"}]', AT)
    certifier.run_ended(result_of(), {"a": driver})
    log.add("station", "late", AT)
    assert certifier.issue() == tmp_path / "cp1.json"

    frames = (tmp_path / "cp1.frames.jsonl").read_bytes()
    assert SECRET.encode() not in frames
    assert json.loads(frames.splitlines()[1])["at"] == "2026-11-24T13:31:00Z"
    for name in ("cp1.json", "cp1.pdf"):
        found = verify((tmp_path / name).read_bytes(), keys.published(), CertificateEvidence(frames, {}))
        assert (found.trust, found.refused) == (Trust.VALID, ())
    said = from_file((tmp_path / "cp1.json").read_bytes()).certificate
    assert (said.frames.count, said.frames.tap, said.verdict) == (KEPT + 3, "station", "passed")
    assert (said.run.by, said.run.seed, said.issuer) == ("Zoé", 7, "bench")
    assert said.station.is_simulated
    assert (said.station.vendor, said.station.firmware, said.station.macs) == (
        "Ampère",
        "1.4.2",
        ("02:B0:16:C3:F7:A0",),
    )


def test_a_wired_station_is_none_that_is_played(tmp_path: Path, keys: IssuerKeys) -> None:
    """Its frames come from a log, which is said; what it did not say at its boot is what is known."""
    certifier, driver = certifier_to(tmp_path / "cp1.json", keys), driver_of("wire", model="AC-22", mac=None)
    certifier.run_began({"a": driver})
    certifier.run_ended(result_of(Verdict.FAILED), {"a": driver})
    certifier.issue()
    said = from_file((tmp_path / "cp1.json").read_bytes()).certificate
    assert (said.frames.tap, said.station.is_simulated, said.verdict) == ("wire_log", False, "failed")
    assert (said.station.model, said.station.macs, said.frames.count) == ("AC-22", (), 0)


def test_a_run_that_never_ended_is_not_certified(tmp_path: Path, keys: IssuerKeys) -> None:
    """Nothing is written."""
    certifier = certifier_to(tmp_path / "cp1.json", keys)
    certifier.run_began({"a": driver_of()})
    assert certifier.issue() is None
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_takes_nothing_is_told(tmp_path: Path, keys: IssuerKeys) -> None:
    """With the file."""
    certifier = certifier_to(tmp_path / "none" / "cp1.json", keys)
    certifier.run_began({"a": driver_of()})
    certifier.run_ended(result_of(), {"a": driver_of()})
    with pytest.raises(CertificateUnwritable, match=r"none/cp1\.json"):
        certifier.issue()
