"""Firmware and logs on their way: what a status, a boot, an answer and the time make of them."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.domain.transfers import OPEN_TRANSFERS, TransferKind, TransferNews, TransferNewsKind, TransferState
from csms.rules.boot import station_booted
from csms.rules.diagnostics import log_status_reported
from csms.rules.firmware import firmware_status_reported
from csms.rules.rows import WorkRow
from csms.rules.state import Decision, State
from csms.rules.transfer_rows import TransferRow, TransferStepRow
from csms.rules.transfers import (
    BOOT_WITHIN,
    SCHEDULED_FOR,
    SILENT_AFTER,
    STEPS_KEPT,
    deadline,
    look_at,
    transfer_news,
)
from ocppj.model.boot import BootNotification, BootNotificationResponse
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import Acknowledged
from ocppj.vocabulary import RegistrationStatus
from tests.support.inbound import CP1, CP2, NOON, inbound, minutes

S, N = TransferState, TransferNewsKind
UPDATE = TransferRow(
    number=7,
    station_id=CP1,
    kind=TransferKind.FIRMWARE,
    state=S.UNDER_WAY,
    file_id="f",
    version_wanted="2.0",
    version_before="1.0",
    asked_by="api:ann",
    asked_at=NOON,
    moved_at=NOON,
)
BOOTED = BootNotificationResponse(RegistrationStatus.ACCEPTED, 300, NOON)
LOG = TransferRow(
    number=8,
    station_id=CP1,
    kind=TransferKind.LOG,
    state=S.UNDER_WAY,
    asked_by="api:ann",
    asked_at=NOON,
    moved_at=NOON,
)


def row(of: TransferRow = UPDATE, **more: Any) -> TransferRow:
    """One as stored."""
    return TransferRow(**{name: getattr(of, name) for name in of.__struct_fields__} | more)


def state_with(*rows: TransferRow) -> State:
    """As loaded."""
    state = State()
    state.apply(rows)
    return state


def told(state: State, status: str, number: int | None = 7, at: int = 1) -> Decision:
    """A status of an update."""
    event = FirmwareStatusNotification(status, number)
    return firmware_status_reported(state, inbound(event, received_at=minutes(at)), Acknowledged())


def booted(state: State, version: str | None, at: int = 2) -> Decision:
    """A boot."""
    event = BootNotification(vendor="Acme", model="One", firmware_version=version)
    return station_booted(state, inbound(event, received_at=minutes(at)), BOOTED)


def moved(decision: Decision) -> list[tuple[int, str, str | None]]:
    """(number, state, reason) of the rows, told as news too."""
    rows = [each for each in decision.rows if isinstance(each, TransferRow)]
    news = [each.payload["state"] for each in decision.events if each.event == "transfer.changed"]
    assert news == [each.state.value for each in rows]
    return [(each.number, each.state.value, each.reason) for each in rows]


def looks(decision: Decision) -> list[str]:
    """The transfers whose work goes on."""
    return [each.request.key for each in decision.rows if isinstance(each, WorkRow)]


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        ("DownloadScheduled", S.UNDER_WAY, None),
        ("Downloading", S.UNDER_WAY, None),
        ("SignatureVerified", S.UNDER_WAY, None),
        ("InstallRebooting", S.UNDER_WAY, None),
        ("Installed", S.INSTALLED, None),
        ("DownloadFailed", S.FAILED, "DownloadFailed"),
        ("InvalidSignature", S.FAILED, "InvalidSignature"),
        ("InstallVerificationFailed", S.FAILED, "InstallVerificationFailed"),
        ("InstallationFailed", S.FAILED, "InstallationFailed"),
    ],
)
def test_a_status_moves_the_update_that_it_is_of(
    status: str, state: TransferState, reason: str | None
) -> None:
    """L01.FR.01, .10; each is kept, and the work goes on where it is over."""
    decision = told(state_with(row()), status)
    assert moved(decision) == [(7, state.value, reason)]
    [step] = [each for each in decision.rows if isinstance(each, TransferStepRow)]
    assert step == TransferStepRow(7, 0, status, minutes(1))
    assert looks(decision) == (["7"] if state is S.FAILED else [])


def test_without_a_number_it_is_of_the_last_one() -> None:
    """1.6 has none for unsigned updates; one of another station or kind is not meant."""
    state = state_with(row(number=5), row(), row(number=9, station_id=CP2), row(LOG, number=10))
    assert moved(told(state, "Downloading", None)) == [(7, "under_way", None)]
    assert moved(told(state_with(row(state=S.PROVEN)), "Downloading", None)) == []


@pytest.mark.parametrize("number", [9, 10, 77])
def test_a_number_of_something_else_moves_nothing(number: int) -> None:
    """Another station's, a log's, nobody's."""
    state = state_with(row(), row(number=9, station_id=CP2), row(LOG, number=10))
    decision = told(state, "Downloading", number)
    assert moved(decision) == []
    assert decision.events[0].event == "firmware.status"


def test_idle_says_nothing_of_it() -> None:
    """A triggered status, with nothing under way at the station."""
    assert moved(told(state_with(row()), "Idle", None)) == []


def test_what_comes_late_moves_nothing_that_is_over() -> None:
    """It is kept as a status."""
    assert moved(told(state_with(row(state=S.PROVEN)), "Installing")) == [(7, "proven", None)]
    assert moved(told(state_with(row(state=S.SILENT)), "DownloadFailed")) == [(7, "silent", None)]


def test_statuses_beyond_the_last_kept_are_counted_only() -> None:
    """A station may repeat itself for ever."""
    decision = told(state_with(row(steps=STEPS_KEPT)), "Downloading")
    assert not [each for each in decision.rows if isinstance(each, TransferStepRow)]
    assert moved(decision) == [(7, "under_way", None)]


def test_a_boot_with_the_wanted_version_proves_it() -> None:
    """Whatever was told before: some install and then reboot (L01.FR.32); case and blanks do not count."""
    for before in (S.UNDER_WAY, S.INSTALLED):
        decision = booted(state_with(row(state=before, version_wanted="V2.0")), " v2.0 ")
        assert moved(decision) == [(7, "proven", None)]
        assert looks(decision) == ["7"]


def test_a_boot_with_another_version_after_installed_shows_that_nothing_changed() -> None:
    """Before that, some reboot to install (L01.FR.15): it says nothing yet."""
    assert moved(booted(state_with(row(state=S.INSTALLED)), "1.0")) == [(7, "unchanged", None)]
    before = booted(state_with(row()), "1.0")
    assert moved(before) == [(7, "under_way", None)]
    assert looks(before) == []


def test_installed_after_the_boot_is_proven_at_once() -> None:
    """The new firmware tells it (L01.FR.32 a), where the boot did not prove it already."""
    assert moved(told(state_with(row(version_after="2.0")), "Installed")) == [(7, "proven", None)]
    assert moved(told(state_with(row(version_after="1.0")), "Installed")) == [(7, "installed", None)]


def test_a_boot_that_tells_no_version_proves_nothing() -> None:
    """And one that waited for the station is asked for now."""
    assert moved(booted(state_with(row(state=S.INSTALLED)), None)) == []
    waiting = booted(state_with(row(state=S.WAITING), row(LOG, state=S.WAITING)), "2.0")
    assert (moved(waiting), looks(waiting)) == ([], ["7", "8"])
    assert looks(booted(state_with(row(station_id=CP2), row(state=S.PROVEN)), "2.0")) == []


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Uploading", S.UNDER_WAY),
        ("Uploaded", S.UNDER_WAY),
        ("UploadFailure", S.FAILED),
        ("UploadFailed", S.FAILED),
        ("PermissionDenied", S.FAILED),
        ("AcceptedCanceled", S.CANCELLED),
    ],
)
def test_a_log_moves_likewise(status: str, state: TransferState) -> None:
    """N01; whether it came is looked for by the work, once the station says so."""
    event = LogStatusNotification(status, 8)
    decision = log_status_reported(state_with(row(LOG)), inbound(event), Acknowledged())
    assert [each[1] for each in moved(decision)] == [state.value]
    assert looks(decision) == ([] if status == "Uploading" else ["8"])


def test_what_the_server_finds_out() -> None:
    """Of one that waits: the answer; of one that goes on: what came, or that nothing more does."""
    waiting = state_with(row(state=S.WAITING))
    for kind, state, reason in ((N.AGREED, "under_way", None), (N.REFUSED, "failed", "why")):
        news = TransferNews(CP1, 7, kind, reason)
        assert moved(transfer_news(waiting, news, minutes(1))) == [(7, state, reason)]
    going = state_with(row(LOG))
    for kind, state in ((N.RECEIVED, "received"), (N.LACKING, "failed"), (N.OVERDUE, "silent")):
        assert moved(transfer_news(going, TransferNews(CP1, 8, kind), minutes(1))) == [(8, state, None)]
    installed = state_with(row(state=S.INSTALLED))
    overdue = transfer_news(installed, TransferNews(CP1, 7, N.OVERDUE, "no boot"), minutes(1))
    assert moved(overdue) == [(7, "unchanged", "no boot")]


def test_news_of_what_is_over_or_moved_already_are_none() -> None:
    """A status was faster than the answer."""
    agreed = TransferNews(CP1, 7, N.AGREED)
    for known in (state_with(), state_with(row(state=S.PROVEN)), state_with(row())):
        assert transfer_news(known, agreed, NOON) == Decision()


def test_what_was_under_way_is_given_up_for_a_later_one() -> None:
    """L01.FR.24, N01.FR.12; a log is not given up for a firmware, nor another station's."""
    state = state_with(
        row(number=5),
        row(number=6, state=S.WAITING),
        row(state=S.WAITING),
        row(number=9, station_id=CP2),
        row(LOG),
    )
    decision = transfer_news(state, TransferNews(CP1, 7, N.AGREED), minutes(1))
    assert moved(decision) == [(5, "cancelled", None), (7, "under_way", None)]
    assert looks(decision) == ["5"]


def test_when_it_is_told_that_nothing_more_came() -> None:
    """From the last status on, and not before it may begin; longer while it waits for its cars."""
    assert deadline(row()) == NOON + SILENT_AFTER
    assert deadline(row(state=S.INSTALLED)) == NOON + BOOT_WITHIN
    assert deadline(row(status="InstallScheduled")) == NOON + SCHEDULED_FOR
    later = NOON + timedelta(days=2)
    assert deadline(row(install_at=later)) == later + SILENT_AFTER
    assert deadline(row(retrieve_at=later)) == later + SILENT_AFTER


def test_the_work_is_named_by_its_number() -> None:
    """So that a later look takes the place of one that waits."""
    request = look_at(row(), NOON).request
    assert (request.kind, request.subject, request.key, request.cause) == (
        "file-transfer",
        CP1,
        "7",
        "firmware",
    )


WORDS = st.sampled_from(
    ["Idle", "Downloading", "Downloaded", "Installing", "Installed", "InstallRebooting", "DownloadFailed"]
)


@given(st.lists(WORDS | st.sampled_from(["boot 1.0", "boot 2.0"]), max_size=12))
def test_whatever_comes_in_whatever_order_it_is_proven_only_by_a_boot(course: list[str]) -> None:
    """And what is over stays as it is."""
    state = state_with(row())
    for at, word in enumerate(course):
        before = state.transfers[7]
        version = word.removeprefix("boot ") if word.startswith("boot ") else None
        decision = booted(state, version, at) if version else told(state, word, 7, at)
        state.apply(decision.rows)
        after = state.transfers[7]
        if before.state not in OPEN_TRANSFERS:
            assert after.state is before.state
        if after.state is S.PROVEN:
            assert "boot 2.0" in course[: at + 1]
