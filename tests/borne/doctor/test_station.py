"""One station: what is known of it, and what may be it under a wrong name."""

from dataclasses import replace
from typing import Any

from access.principals import Role
from borne.doctor.remarks import Chapter, Level, next_step
from borne.doctor.station import examine_station
from csms.domain.links import LinkSecurity
from csms.domain.records import ConnectorRecord
from csms.gateway.attempts import Attempts
from ocppj.aio.endpoint import AttemptReason, FailedAttempt, Peer
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ConnectorStatus, RegistrationStatus
from runtime.client import ApiClient
from runtime.wording import Phrase
from tests.support.central import A16, AT, ServedCentral


async def examined(api: ServedCentral, name: str = A16) -> list[Chapter]:
    """As a viewer sees it."""
    token = api.client(Role.ADMIN).headers["authorization"].removeprefix("Bearer ")
    async with ApiClient(api.url, token) as client:
        return await examine_station(client, name, "http://192.0.2.1:9100/ocpp/")


def text_of(chapters: list[Chapter]) -> str:
    """All that is said."""
    return "\n".join(f"{remark.text} {remark.way_out or ''}" for each in chapters for remark in each.remarks)


def fail(attempts: Attempts, identity: str | None, reason: AttemptReason, **changes: Any) -> None:
    """Somebody fails to connect."""
    peer = Peer(address="192.0.2.7", port=40_000, is_secure=False)
    attempts.add(
        FailedAttempt(
            peer=peer, reason=reason, detail="It was so.", first_bytes=b"", identity=identity, **changes
        )
    )


async def test_a_station_online(api: ServedCentral) -> None:
    """Since when, from where, how it proved itself, what it does wrong."""
    api.central.stations.connect(A16, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
    api.central.details.known[A16] = {"lifecycle": "active", "blocked_by": [], "mac": None}
    chapters = await examined(api)
    text = text_of(chapters)
    for words in ("online since", "192.0.2.7, OCPP 1.6", "It is unauthenticated", "it is active"):
        assert words in text
    assert all(remark.level is not Level.PROBLEM for each in chapters for remark in each.remarks)


async def test_a_station_offline_with_its_failed_attempts(api: ServedCentral) -> None:
    """When it was last heard, and why it does not come back."""
    fail(api.central.attempts, A16.upper(), AttemptReason.TLS_ON_PLAIN_PORT)
    text = text_of(await examined(api))
    assert "It is offline, last heard at" in text
    assert "Write ws:// instead of wss://" in text


async def test_a_station_offline_without_a_trace(api: ServedCentral) -> None:
    """Nothing arrived: the network is to be looked at."""
    text = text_of(await examined(api))
    assert "No attempt to connect is known since then" in text
    assert "firewall" in text


async def test_a_name_that_is_nearly_the_station_s(api: ServedCentral) -> None:
    """Whoever types an id wrong mostly gets its end right; or the path is wrong and nobody knows the id."""
    fail(api.central.attempts, "xx24-b1-16", AttemptReason.REFUSED)
    fail(api.central.attempts, None, AttemptReason.WRONG_PATH)
    text = text_of(await examined(api))
    assert "these may be the station all the same" in text
    assert "xx24-b1-16" in text
    assert "/ocpp/<station id>" in text


async def test_a_station_nobody_has_seen(api: ServedCentral) -> None:
    """Its attempts say why; without any, the network is to be looked at."""
    fail(api.central.attempts, "GHOST", AttemptReason.FOREIGN_SUBPROTOCOL)
    (chapter,) = await examined(api, "ghost")
    assert [each.level for each in chapter.remarks] == [Level.PROBLEM, Level.NOTE]
    assert "Set the station to OCPP 1.6J" in (chapter.remarks[0].way_out or "")
    (chapter,) = await examined(api, "nobody")
    assert chapter.remarks[0].text == "nobody was never seen here."


async def test_what_blocks_it_and_what_it_lacks(api: ServedCentral) -> None:
    """Each with who clears it and how; faulty connectors too."""
    line = {
        "code": "W_KEY_LACKING",
        "text": "No DefaultPrice.",
        "way_out": "Update it.",
        "who_clears": "owner",
    }
    api.central.details.known[A16] = {
        "lifecycle": "localized",
        "blocked_by": [line | {"code": "E_NOT_ACTIVATED", "text": "It waits.", "way_out": "Activate it."}],
        "remarks": [line],
        "mac": "00:24:B1:16:00:01",
    }
    api.central.records.kept_connectors += [
        ConnectorRecord(A16, 0, 0, ConnectorStatus.AVAILABLE, "Available", AT),
        ConnectorRecord(A16, 1, 1, ConnectorStatus.FAULTED, "Faulted", AT, "GroundFailure"),
    ]
    _, way, connectors = await examined(api)
    assert [each.text for each in way.remarks] == [
        "00:24:B1:16:00:01 (localized): It waits. Cleared by: owner.",
        "00:24:B1:16:00:01 (localized): No DefaultPrice. Cleared by: owner.",
    ]
    assert [each.text for each in connectors.remarks] == ["EVSE 1, connector 1: Faulted (GroundFailure)"]


async def test_a_station_that_left_before_its_boot_was_accepted(api: ServedCentral) -> None:
    """Nobody leads it and nothing has accepted it: that is in the way, and how to clear it is said."""
    _, way, *_ = await examined(api)
    assert [each.level for each in way.remarks] == [Level.PROBLEM]
    assert f"borne ctl adopt {A16}" in (way.remarks[0].way_out or "")


async def test_a_station_that_is_accepted_without_a_lifecycle(api: ServedCentral) -> None:
    """A bench that accepts everybody."""
    kept = api.central.records.kept[A16]
    api.central.records.kept[A16] = replace(kept, registration=RegistrationStatus.ACCEPTED)
    _, way, *_ = await examined(api)
    assert [each.level for each in way.remarks] == [Level.GOOD]


async def test_quarantine_is_in_the_way(api: ServedCentral) -> None:
    """It may not charge, whatever else is well; adopting it is what to do next."""
    blocker = {
        "code": "E_NOT_ORDERED",
        "text": "Nobody ordered it.",
        "way_out": "Adopt it.",
        "ways_out": {"command": f"ctl adopt {A16}"},
        "who_clears": "administrator",
    }
    api.central.stations.connect(A16, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
    api.central.details.known[A16] = {"lifecycle": "quarantine", "blocked_by": [blocker], "mac": None}
    chapters = await examined(api)
    assert next_step(chapters) == f"Next: Adopt it: borne ctl adopt {A16}"


async def test_the_doctor_sends_nobody_to_itself(api: ServedCentral) -> None:
    """What others are told to ask for is being read already; the words before the command stay."""
    remark = {
        "code": "E_OFFLINE",
        "severity": "problem",
        "text": "It is offline.",
        "text_fr": "Elle est hors ligne.",
        "way_out": "Look at the failed connections.",
        "way_out_fr": "Voyez les échecs de connexion.",
        "ways_out": {"command": f"doctor {A16}"},
        "who_clears": "installer",
    }
    api.central.details.known[A16] = {
        "lifecycle": "active",
        "blocked_by": [],
        "remarks": [remark],
        "mac": None,
    }
    ways = [each.way for chapter in await examined(api) for each in chapter.remarks if each.way is not None]
    assert Phrase("Voyez les échecs de connexion.", "Look at the failed connections.") in ways
    assert not [each for each in ways if "borne doctor" in each.en + each.fr]
