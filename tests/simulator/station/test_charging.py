"""Cables and tokens: what a driver may do, and what is refused."""

from typing import Any

import pytest

from ocppj.model.authorization import ContractCertificate
from ocppj.session import Request
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenType
from runtime.lifecycle import Background
from simulator.errors import NotPossibleError
from simulator.model.connector_states import ConnectorState
from simulator.station.charging import TokenOutcome
from tests.support.answering import AnsweringLink, agree
from tests.support.simulated import changed_template, simulated


def verdicts(**tokens: dict[str, Any] | str | None) -> Any:
    """A script with a verdict for each token; a word is its status, None is silence."""

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action != "Authorize":
            return agree(link, request)
        found = tokens[request.message.id_tag]
        return (
            None if found is None else {"idTagInfo": {"status": found} if isinstance(found, str) else found}
        )

    return script


async def test_only_one_cable_for_each_evse() -> None:
    """And none can be pulled that is not in."""
    async with simulated(changed_template(evses=[{"connectors": 2}])) as stage:
        await stage.boot()
        with pytest.raises(NotPossibleError, match="no cable in EVSE 1, connector 1"):
            stage.station.unplug()
        stage.station.plug(1, 2)
        with pytest.raises(NotPossibleError, match="cable in connector 2 already"):
            stage.station.plug(1, 1)
        for evse_id, connector_id, what in ((2, 1, "EVSE 2"), (1, 3, "connector 3")):
            with pytest.raises(NotPossibleError, match=what):
                stage.station.plug(evse_id, connector_id)


async def test_second_connector_charges_as_well() -> None:
    """The first one, which the token had reserved, is free again."""
    async with simulated(changed_template("ac-201", evses=[{"connectors": 2}])) as stage:
        await stage.boot()
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.AUTHORIZED
        stage.station.plug(1, 2)
        await stage.rest()
        now = stage.station.snapshot()
        assert now.connector(1, 1).state is ConnectorState.AVAILABLE
        assert now.connector(1, 2).state is ConnectorState.CHARGING
        assert stage.said("TransactionEvent")[0].evse.connector_id == 2


@pytest.mark.parametrize("status", ["Blocked", "Expired", "Invalid", "ConcurrentTx"])
async def test_refused_token(status: str) -> None:
    """With the central system's word; nothing starts."""
    async with simulated(script=verdicts(BAD=status)) as stage:
        await stage.boot()
        stage.station.plug()
        result = await stage.meanwhile(stage.station.present("BAD"))
        assert (result.outcome, result.status) == (TokenOutcome.REFUSED, AuthorizationStatus(status))
        assert stage.station.snapshot().connector().state is ConnectorState.PREPARING


async def test_another_token_does_not_stop_the_charge_but_the_familys_does() -> None:
    """1.6 §3.10, 2.0.1 E07: the same group may."""
    family = {"status": "Accepted", "parentIdTag": "FAMILY"}

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "StartTransaction":
            return {"transactionId": 7, "idTagInfo": family}
        return verdicts(MOTHER=family, SON=family, STRANGER="Accepted")(link, request)

    async with simulated(script=script) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.meanwhile(stage.station.present("MOTHER"))
        refused = await stage.meanwhile(stage.station.present("STRANGER"))
        assert (refused.outcome, refused.reason) == (TokenOutcome.REFUSED, "another token charges here")
        assert (await stage.meanwhile(stage.station.present("SON"))).outcome is TokenOutcome.STOPPED
        assert stage.said("StopTransaction")[0].id_tag == "SON"


async def test_silent_central_system_leaves_it_to_the_station() -> None:
    """After the time-out list and cache decide, as offline."""
    async with simulated(script=verdicts(TAG=None)) as stage:
        await stage.boot()
        result = await stage.meanwhile(stage.station.present("TAG"), 31)
        assert (result.outcome, result.status) == (TokenOutcome.REFUSED, AuthorizationStatus.UNKNOWN)


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [("fault", "EVSE 1 is out of service"), ("remote start", "somebody else charges here")],
)
async def test_what_happens_while_it_asks_counts(meanwhile: str, reason: str) -> None:
    """The connector broke, or somebody was faster."""
    async with simulated(script=verdicts(TAG1=None)) as stage:
        await stage.boot()
        stage.station.plug()
        async with Background("driver") as tasks:
            presenting = tasks.start(stage.station.present("TAG1"))
            await stage.rest()
            asked = stage.link.requests[-1]
            if meanwhile == "fault":
                stage.station.fault()
            else:
                await stage.ask("RemoteStartTransaction", {"idTag": "FAST"})
            verdict = {"idTagInfo": {"status": "Accepted"}}
            stage.link.connection.send(stage.link.session.answer(asked.message_id, "Authorize", verdict))
            result: Any = await presenting
        assert (result.outcome, result.reason) == (TokenOutcome.REFUSED, reason)


async def test_local_list_spares_the_question() -> None:
    """LocalPreAuthorize."""
    template = changed_template(variables={"AuthCtrlr.LocalPreAuthorize": "true"})
    async with simulated(template) as stage:
        await stage.boot()
        entry = {"idTag": "LISTED", "idTagInfo": {"status": "Accepted"}}
        listed = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": [entry]}
        await stage.ask("SendLocalList", listed)
        stage.station.plug()
        assert (await stage.station.present("LISTED")).outcome is TokenOutcome.STARTED
        assert "Authorize" not in stage.actions


async def test_second_token_takes_the_place_of_one_that_waits_for_a_cable() -> None:
    """The last one who was authorized charges."""
    async with simulated() as stage:
        await stage.boot()
        await stage.station.present("FIRST")
        await stage.station.present("SECOND")
        stage.station.plug()
        await stage.rest()
        assert stage.said("StartTransaction")[0].id_tag == "SECOND"


async def test_next_driver_charges_the_same_car() -> None:
    """From Finishing, without pulling the cable."""
    async with simulated() as stage:
        await stage.boot()
        stage.station.plug()
        for token in ("FIRST", "FIRST", "SECOND"):
            await stage.station.present(token)
            await stage.rest()
        assert stage.station.snapshot().connector().state is ConnectorState.CHARGING
        assert [message.id_tag for message in stage.said("StartTransaction")] == ["FIRST", "SECOND"]


@pytest.mark.parametrize(("code", "reason"), [("GroundFailure", "GroundFault"), ("Melted", "Other")])
async def test_fault_ends_the_charge_with_its_reason(code: str, reason: str) -> None:
    """2.0.1 has words for some."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        stage.station.plug(2)
        await stage.station.present("TAG1", 2)
        stage.station.fault(code, 2)
        await stage.rest()
        assert stage.said("TransactionEvent")[-1].transaction_info.stopped_reason == reason
        assert stage.station.snapshot().connector(1).state is ConnectorState.AVAILABLE


async def test_power_cut_forgets_who_was_authorized() -> None:
    """The connector is free again."""
    async with simulated() as stage:
        await stage.boot()
        await stage.station.present("TAG1")
        stage.station.power_cut(5)
        await stage.advance(5)
        await stage.boot()
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE
        await stage.advance(100)
        assert stage.station.snapshot().connector().state is ConnectorState.AVAILABLE


async def test_never_accepted_it_charges_nobody_offline() -> None:
    """What was never let in has no list to trust."""
    async with simulated() as stage:
        stage.station.drop_link()
        await stage.advance(10)
        stage.station.plug()
        result = await stage.station.present("TAG1")
        assert (result.outcome, result.status) == (TokenOutcome.REFUSED, None)
        assert "not accepted" in result.reason


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("cable", ("EVCommunicationLost", "EVDisconnected", "Idle")),
        ("token", ("StopAuthorized", "Local", "EVConnected")),
    ],
)
async def test_end_tells_whether_the_car_is_still_there(ends: str, expected: tuple[str, str, str]) -> None:
    """2.0.1 ChargingStateEnumType: Idle only without a cable; EVDeparted is for parking bays (E09, E07)."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        if ends == "cable":
            stage.station.unplug()
        else:
            await stage.station.present("TAG1")
        await stage.rest()
        ended = stage.said("TransactionEvent")[-1]
        about = ended.transaction_info
        assert (ended.trigger_reason, about.stopped_reason, about.charging_state) == expected


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_family_in_the_cache_stops_a_remote_start_and_nobody_is_asked(template: str) -> None:
    """2.0.1 E01.FR.12: the group comes with the answer to the start. C01.FR.03: who is known may stop."""
    old = {"status": "Accepted", "parentIdTag": "FAMILY"}
    new = {"status": "Accepted", "groupIdToken": {"idToken": "FAMILY", "type": "Central"}}

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "StartTransaction":
            return {"transactionId": 7, "idTagInfo": old}
        if request.action == "TransactionEvent":
            return {"idTokenInfo": new} if request.message.id_token else {}
        if request.action == "Authorize":
            return {"idTagInfo": old} if template == "ac-16" else {"idTokenInfo": new}
        return agree(link, request)

    async with simulated(template, script) as stage:
        await stage.boot()
        await stage.meanwhile(stage.station.present("SON"))  # without a cable: only the cache learns of it
        await stage.advance(61)
        stage.station.plug()
        if template == "ac-16":
            await stage.ask("RemoteStartTransaction", {"idTag": "MOTHER"})
        else:
            token = {"idToken": "MOTHER", "type": "ISO14443"}
            await stage.ask("RequestStartTransaction", {"idToken": token, "remoteStartId": 1})
        await stage.rest()
        asked = len(stage.said("Authorize"))
        assert (await stage.meanwhile(stage.station.present("SON"))).outcome is TokenOutcome.STOPPED
        assert len(stage.said("Authorize")) == asked


CONTRACT = ContractCertificate("PEM")
EMAID = IdToken("DE8AC12E46L5VL", IdTokenType.EMAID)


@pytest.mark.parametrize(
    ("status", "outcome"), [("Accepted", TokenOutcome.STARTED), ("ContractCancelled", TokenOutcome.REFUSED)]
)
async def test_a_contract_is_asked_about_even_where_its_token_is_known(
    status: str, outcome: TokenOutcome
) -> None:
    """2.x C07.FR.01, .14: both the certificate and the token must be accepted."""

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "Authorize":
            return {"idTokenInfo": {"status": "Accepted"}, "certificateStatus": status}
        return agree(link, request)

    known = changed_template("ac-201", variables={"AuthCtrlr.LocalPreAuthorize": "true"})
    async with simulated(known, script) as stage:
        await stage.boot()
        stage.station.plug()
        result = await stage.meanwhile(stage.station.present(EMAID, 1, CONTRACT))
        assert result.outcome is outcome
        (said,) = stage.said("Authorize")
        assert (said.certificate, said.id_token.type) == ("PEM", "eMAID")


async def test_a_contract_that_nobody_can_verify_offline_is_refused() -> None:
    """2.x C07.FR.07, .08; and 1.6 has none."""
    trusting = changed_template("ac-201", variables={"AuthCtrlr.OfflineTxForUnknownIdEnabled": "true"})
    async with simulated(trusting) as stage:
        await stage.boot()
        stage.station.plug()
        stage.station.drop_link()
        assert (await stage.station.present(EMAID, 1, CONTRACT)).outcome is TokenOutcome.REFUSED
    async with simulated() as stage:
        await stage.boot()
        with pytest.raises(NotPossibleError, match=r"1\.6 knows no contract certificates"):
            await stage.station.present(EMAID, 1, CONTRACT)
