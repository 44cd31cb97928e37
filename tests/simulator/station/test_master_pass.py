"""Master pass (2.0.1 C16): a token of one group ends everybody's charge, and starts none."""

from typing import Any

from ocppj.session import Request
from simulator.station.charging import TokenOutcome
from tests.support.answering import AnsweringLink, agree
from tests.support.simulated import changed_template, simulated

POLICE = {"AuthCtrlr.MasterPassGroupId": "MASTERS", "AuthCtrlr.AuthorizeRemoteStart": "true"}
KIND = changed_template("ac-201", variables=POLICE)


def of_groups(link: AnsweringLink, request: Request) -> Any:
    """MASTER is of the masters, everybody else of nobody."""
    if request.action != "Authorize":
        return agree(link, request)
    info: dict[str, Any] = {"status": "Accepted"}
    if request.message.id_token.id_token.startswith("MASTER"):
        info["groupIdToken"] = {"idToken": "masters", "type": "Central"}
    return {"idTokenInfo": info}


async def test_it_ends_every_charge() -> None:
    """C16.FR.02: on both EVSEs; the reason is its own."""
    async with simulated(KIND, of_groups) as stage:
        await stage.boot()
        for evse_id in (1, 2):
            stage.station.plug(evse_id)
            await stage.meanwhile(stage.station.present(f"TAG{evse_id}", evse_id))
        result = await stage.meanwhile(stage.station.present("MASTER"))
        await stage.rest()
        assert result.outcome is TokenOutcome.STOPPED
        ends = [each for each in stage.said("TransactionEvent") if each.event_type == "Ended"]
        assert [each.transaction_info.stopped_reason for each in ends] == ["MasterPass"] * 2
        assert {each.id_token.id_token for each in ends} == {"MASTER"}


async def test_it_starts_none() -> None:
    """C16.FR.03, also from afar; and another's token does not end a charge."""
    async with simulated(KIND, of_groups) as stage:
        await stage.boot()
        stage.station.plug()
        result = await stage.meanwhile(stage.station.present("MASTER"))
        assert (result.outcome, result.reason) == (TokenOutcome.REFUSED, "a master pass starts nothing")
        token = {"idToken": "MASTER2", "type": "ISO14443"}
        await stage.ask("RequestStartTransaction", {"idToken": token, "remoteStartId": 9, "evseId": 1})
        await stage.rest()
        assert "TransactionEvent" not in stage.actions
        await stage.meanwhile(stage.station.present("TAG1"))
        assert (await stage.meanwhile(stage.station.present("TAG2"))).outcome is TokenOutcome.REFUSED


async def test_nor_does_one_that_the_station_knows() -> None:
    """C16.FR.03, .04: a remote start of a token that is in the cache, of which nobody is asked."""
    knowing = POLICE | {"AuthCtrlr.LocalPreAuthorize": "true"}
    async with simulated(changed_template("ac-201", variables=knowing), of_groups) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.meanwhile(stage.station.present("MASTER"))
        token = {"idToken": "MASTER", "type": "ISO14443"}
        await stage.ask("RequestStartTransaction", {"idToken": token, "remoteStartId": 9, "evseId": 1})
        await stage.rest()
        assert stage.actions.count("Authorize") == 1
        assert "TransactionEvent" not in stage.actions


async def test_without_a_group_there_is_none() -> None:
    """The variable is empty as delivered."""
    async with simulated("ac-201", of_groups) as stage:
        await stage.boot()
        stage.station.plug()
        assert (await stage.meanwhile(stage.station.present("MASTER"))).outcome is TokenOutcome.STARTED
