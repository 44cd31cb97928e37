"""Each event has a handler, and what it proposes comes from the ports."""

import typing
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from charging.tariff import Tariff
from csms.domain.concurrency import ConcurrencyLimit
from csms.domain.inbound import concurrency_of, tariff_of
from csms.domain.inbound import is_test as is_test_of
from csms.handlers.context import Context, Policies, Proposal
from csms.handlers.table import HANDLERS, propose
from csms.ports import BootDecision
from ocppj.actions import reporting_actions
from ocppj.model.authorization import (
    Authorize,
    AuthorizeResponse,
    CertificateStatus,
    ContractCertificate,
)
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, BootNotificationResponse, Heartbeat, HeartbeatResponse
from ocppj.model.data_transfer import DataTransfer, DataTransferResponse
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import Acknowledged, Reply, StationMessage, Unanswered
from ocppj.model.metering import MeterValues
from ocppj.model.reports import MessageKept, SendKept
from ocppj.model.security import SecurityEventNotification
from ocppj.model.smart_charging import (
    ChargingNeeds,
    ChargingNeedsReply,
    ChargingPeriod,
    ChargingSchedule,
    DynamicScheduleReply,
    EVChargingScheduleReply,
    NotifyEVChargingNeeds,
    NotifyEVChargingSchedule,
    PullDynamicScheduleUpdate,
)
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.model.variables import NotifyReport
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    AuthorizationStatus,
    ConnectorStatus,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    RegistrationStatus,
    StationId,
    TransactionEventKind,
)
from tests.support.gateway import ScriptedAdmission, ScriptedBoot, ScriptedTokens
from tests.support.plain_ports import CaseFoldResolver, OpenAccess

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PRICE = Tariff("t", "CAD", session_micro=1_000_000)
TAG = IdToken("04A1B2C3")


class ClosedAtNight(OpenAccess):
    """A policy that refuses whoever it is asked about, and remembers where."""

    evse_id: int | None = -1

    async def authorize(
        self, station_id: StationId, evse_id: int | None, id_token: IdToken, info: IdTokenInfo, at: datetime
    ) -> IdTokenInfo:
        """Not at this time."""
        self.evse_id = evse_id
        return replace(info, status=AuthorizationStatus.NOT_AT_THIS_TIME)


@pytest.fixture
def context() -> Context:
    """A station under the policy `quarantine`."""
    boot = ScriptedBoot()
    boot.decision = BootDecision(RegistrationStatus.PENDING, 7)
    policies = Policies(
        resolver=CaseFoldResolver(),
        admission=ScriptedAdmission(),
        boot=boot,
        tokens=ScriptedTokens(),
        authorization=ClosedAtNight(),
    )
    return Context(StationId("cp1"), NOON, policies)


async def found(proposal: Proposal) -> Reply:
    """The reply, asked for where it must be."""
    return await proposal if isinstance(proposal, Coroutine) else proposal


@pytest.mark.parametrize("version", OcppVersion)
def test_every_message_whose_answer_says_something_has_a_handler(version: OcppVersion) -> None:
    """Read from the classes of the wire: an answer with a required field cannot be left empty unnoticed."""
    translation = translation_for(version)
    asking = {
        message
        for message in typing.get_args(StationMessage)
        for action in translation.actions_of(message)
        if action not in reporting_actions(version)
    }
    assert asking <= set(HANDLERS)


async def test_a_boot_is_answered_by_the_boot_policy(context: Context) -> None:
    """Status and interval are the policy's, the time is that of reception."""
    reply = await found(propose(BootNotification("V", "M"), context))
    assert reply == BootNotificationResponse(RegistrationStatus.PENDING, 7, NOON)


async def test_a_heartbeat_is_answered_at_once(context: Context) -> None:
    """The hot path asks nobody."""
    assert propose(Heartbeat(), context) == HeartbeatResponse(NOON)


@pytest.mark.parametrize("contract", [ContractCertificate(), ContractCertificate("PEM")])
async def test_a_contract_that_nobody_can_verify_is_never_accepted(
    contract: ContractCertificate, context: Context
) -> None:
    """2.x C07.FR.17: whatever the token's own verdict."""
    reply = await found(propose(Authorize(TAG, contract), context))
    assert reply == AuthorizeResponse(
        IdTokenInfo(AuthorizationStatus.INVALID), CertificateStatus.CERT_CHAIN_ERROR
    )


async def test_authorize_applies_the_policy_to_the_tokens_verdict(context: Context) -> None:
    """Hours and access have the last word."""
    reply = await found(propose(Authorize(TAG), context))
    assert reply == AuthorizeResponse(IdTokenInfo(AuthorizationStatus.NOT_AT_THIS_TIME))


async def test_who_starts_with_a_button_is_accepted(context: Context) -> None:
    """2.0.1 C02.FR.02: anything else would end the charge (E05)."""
    nobody = IdToken("", IdTokenType.NO_AUTHORIZATION)
    event = TransactionEvent(TransactionEventKind.STARTED, "t1", NOON, evse_id=2, id_token=nobody)
    reply = await found(propose(event, context))
    assert reply == TransactionEventResponse("t1", IdTokenInfo(AuthorizationStatus.ACCEPTED))


async def test_a_transaction_is_judged_at_its_evse(context: Context) -> None:
    """Only the token in it is judged; the transaction itself is always taken."""
    event = TransactionEvent(TransactionEventKind.STARTED, None, NOON, evse_id=2, id_token=TAG)
    reply = await found(propose(event, context))
    assert reply == TransactionEventResponse("", IdTokenInfo(AuthorizationStatus.NOT_AT_THIS_TIME))
    policy = context.policies.authorization
    assert isinstance(policy, ClosedAtNight)
    assert policy.evse_id == 2


async def test_a_transaction_without_token_asks_nobody(context: Context) -> None:
    """The reply is there without a task."""
    event = TransactionEvent(TransactionEventKind.UPDATED, "t1", NOON)
    assert propose(event, context) == TransactionEventResponse("t1")


class OnePrice:
    """A price everywhere; counts how often it was asked for."""

    def __init__(self) -> None:
        self.asked = 0

    async def tariff_for(self, station_id: StationId) -> Tariff | None:
        """The one."""
        self.asked += 1
        return PRICE


@pytest.mark.parametrize(
    ("kind", "tariff"),
    [
        (TransactionEventKind.STARTED, PRICE),
        (TransactionEventKind.UPDATED, None),
        (TransactionEventKind.ENDED, PRICE),
    ],
)
async def test_the_price_comes_with_a_start_and_an_end(
    context: Context, kind: TransactionEventKind, tariff: Tariff | None
) -> None:
    """It is frozen at the start; what goes on asks nobody."""
    prices = OnePrice()
    priced = Context(context.station_id, context.received_at, replace(context.policies, tariffs=prices))
    reply = await found(propose(TransactionEvent(kind, "t1", NOON), priced))
    assert isinstance(reply, TransactionEventResponse)
    assert (reply.transaction_id, tariff_of(reply)) == ("t1", tariff)
    assert prices.asked == (tariff is not None)


@pytest.mark.parametrize("kind", list(TransactionEventKind))
async def test_the_start_of_a_test_has_no_price(context: Context, kind: TransactionEventKind) -> None:
    """Whether it is one is asked with its token, its own time and that of reception; of a start alone."""
    asked: list[Any] = []

    def is_test(*about: Any) -> bool:
        asked.append(about)
        return True

    prices = OnePrice()
    policies = replace(context.policies, tariffs=prices, is_test=is_test)
    event = TransactionEvent(kind, "t1", NOON, id_token=TAG)
    reply = await found(propose(event, Context(context.station_id, context.received_at, policies)))
    is_start = kind is TransactionEventKind.STARTED
    assert is_test_of(reply) is is_start
    assert asked == ([(context.station_id, TAG, NOON, context.received_at)] if is_start else [])
    assert bool(prices.asked) is (kind is TransactionEventKind.ENDED)


@pytest.mark.parametrize(
    "event",
    [
        StatusNotification(1, 1, ConnectorStatus.AVAILABLE, "Available"),
        MeterValues(1, None, ()),
        NotifyReport(1, 0, is_last=True, variables=()),
        SecurityEventNotification("x", None),
        FirmwareStatusNotification("Installed"),
        LogStatusNotification("Idle"),
        MessageKept(action="NotifyEvent", payload="{}", payload_bytes=2),
    ],
)
def test_reports_are_acknowledged(context: Context, event: StationMessage) -> None:
    """Nothing to ask, nothing to say."""
    assert propose(event, context) == Acknowledged()


def test_a_send_is_acknowledged_and_not_answered(context: Context) -> None:
    """2.1 N15.FR.02."""
    event = SendKept(action="NotifyPeriodicEventStream", payload="{}", payload_bytes=2)
    assert propose(event, context) == Unanswered()


async def test_no_vendor_is_known(context: Context) -> None:
    """An honest answer to a DataTransfer."""
    assert propose(DataTransfer("acme"), context) == DataTransferResponse("UnknownVendorId")


@pytest.mark.parametrize(
    ("transfer", "mode", "status"),
    [
        ("DC", None, "Rejected"),
        ("DC", "DynamicControl", "NoChargingProfile"),
        ("AC_three_phase", "ScheduledControl", "NoChargingProfile"),
        ("DC_BPT", "DynamicControl", "Rejected"),
    ],
)
def test_an_iso_15118_20_session_goes_on_without_a_profile(
    context: Context, transfer: str, mode: str | None, status: str
) -> None:
    """There Rejected ends it (Q01.FR.04): that is for discharging, which nobody here controls (K18.FR.04)."""
    needs = ChargingNeeds(energy_transfer=transfer, control_mode=mode)
    reply = propose(NotifyEVChargingNeeds(1, needs), context)
    assert reply == ChargingNeedsReply(status, "UnsupportedRequest")


def test_there_is_no_schedule_of_ours_for_a_car(context: Context) -> None:
    """K15.FR.12; 2.1 K28.FR.12."""
    schedule = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=6.0),))
    assert propose(NotifyEVChargingSchedule(1, schedule), context) == EVChargingScheduleReply(
        "Rejected", "UnsupportedRequest"
    )
    assert propose(PullDynamicScheduleUpdate(1), context) == DynamicScheduleReply(
        "Rejected", reason_code="UnsupportedRequest"
    )


class OneEach:
    """A policy of one transaction per token."""

    def limits_for(self, id_token: IdToken, info: IdTokenInfo) -> tuple[ConcurrencyLimit, ...]:
        """Its own."""
        return (ConcurrencyLimit(1, (id_token,)),)


@pytest.mark.parametrize(("kind", "is_limited"), [("Started", True), ("Updated", True), ("Ended", False)])
async def test_a_token_that_may_start_comes_with_its_limit(
    context: Context, kind: str, *, is_limited: bool
) -> None:
    """Decided where it is stored; nobody is kept from an end, and a button is nobody's."""
    limited = replace(context.policies, concurrency=OneEach())
    for policies in (limited, replace(limited, tariffs=OnePrice())):
        there = Context(context.station_id, NOON, policies)
        for token, limits in (
            (TAG, (ConcurrencyLimit(1, (TAG,)),)),
            (IdToken("", IdTokenType.NO_AUTHORIZATION), ()),
        ):
            event = TransactionEvent(TransactionEventKind(kind), "T1", NOON, id_token=token)
            reply = await found(propose(event, there))
            assert concurrency_of(reply) == (limits if is_limited else ())
        bare = TransactionEvent(TransactionEventKind(kind), "T1", NOON)
        assert concurrency_of(await found(propose(bare, there))) == ()
