"""The authorization list: in chunks of what a station takes, read back by its version."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.ports import TokenSource
from ocppj.model.command import CommandAnswer
from ocppj.model.local_list import GetLocalListVersion, ListVersionAnswer, SendLocalList
from ocppj.model.variables import SetVariables
from ocppj.vocabulary import (
    AuthorizationStatus,
    IdToken,
    IdTokenInfo,
    LocalListEntry,
    LocalListUpdate,
    VariableRef,
)
from provisioning.access import ListedTokens
from provisioning.activation.access_list import ENTRY_BYTES, ENVELOPE_BYTES, Capacity, chunks
from provisioning.lifecycle import Lifecycle
from tests.support.provisioning import ID, World
from tests.support.stations import ITEMS, LIST_LIMIT, ScriptedStation

BYTES = VariableRef("LocalAuthListCtrlr", "BytesPerMessage")
values = st.text("0123456789ABCDEF", min_size=1, max_size=36)


async def _with_list(world: World, station: ScriptedStation, count: int) -> None:
    """A site with so many tokens; the station on it is active."""
    await world.localized(station, activates_on_claim=False)
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.tokens(site, count)
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE


async def test_a_list_is_sent_in_chunks_of_what_the_station_takes(
    world: World, station: ScriptedStation
) -> None:
    """The first replaces the list, the others add to it, each with the next version; then it is read back."""
    await _with_list(world, station, 45)
    sent = station.got(SendLocalList)
    assert [(each.update, each.version, len(each.entries)) for each in sent] == [
        (LocalListUpdate.FULL, 1, 20),
        (LocalListUpdate.DIFFERENTIAL, 2, 20),
        (LocalListUpdate.DIFFERENTIAL, 3, 5),
    ]
    assert len(station.local_list) == 45
    assert world.steps()["access_list"] == "done"
    evidence = next(step for step in world.run().steps if step.step == "access_list").evidence
    assert evidence[-1].answered == "Accepted; version 3"


async def test_the_list_is_put_in_use_and_strangers_do_not_charge_offline(
    world: World, station: ScriptedStation
) -> None:
    """The keys go with the list."""
    await _with_list(world, station, 1)
    assert station.variables[VariableRef("LocalAuthListCtrlr", "Enabled")] == "true"
    assert station.variables[VariableRef("AuthCtrlr", "LocalPreAuthorize")] == "true"
    assert station.variables[VariableRef("AuthCtrlr", "OfflineTxForUnknownIdEnabled")] == "false"


async def test_an_empty_list_empties_the_station(world: World, station: ScriptedStation) -> None:
    """What another owner left there is gone."""
    station.local_list, station.list_version = {"OLD": IdTokenInfo(AuthorizationStatus.ACCEPTED)}, 41
    await world.active(station)
    assert station.local_list == {}
    assert station.list_version == 42
    assert station.variables[VariableRef("LocalAuthListCtrlr", "Enabled")] == "false"


async def test_an_empty_1_6_list_has_no_version(world: World, v16: ScriptedStation) -> None:
    """1.6 §5.10: 0 is the version of an empty list, so it is no drift."""
    v16.local_list, v16.list_version = {"OLD": IdTokenInfo(AuthorizationStatus.ACCEPTED)}, 41
    v16.script[GetLocalListVersion] = lambda _: ListVersionAnswer(
        "Accepted", local_list_version=v16.list_version if v16.local_list else 0
    )
    await world.active(v16)
    assert v16.local_list == {}
    assert world.steps()["access_list"] == "done"


async def test_a_1_6_station_says_how_many_it_keeps(world: World, v16: ScriptedStation) -> None:
    """The others are checked online; how many is shown."""
    v16.variables[LIST_LIMIT] = "30"
    await _with_list(world, v16, 45)
    assert len(v16.local_list) == 30
    assert world.steps()["access_list"] == "lacking"
    assert world.remarks() == [
        "E_LIST_TOO_LONG The list has 45 tokens, the station takes 30; the others are checked online."
    ]


async def test_tokens_that_1_6_cannot_hold_are_left_out_and_told(world: World, v16: ScriptedStation) -> None:
    """OCPP 1.6 idTags have at most 20 characters."""
    await world.localized(v16, activates_on_claim=False)
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.provisioning.use_cases.sites.set_tokens(
        site.site_id, (IdToken("SHORT"), IdToken("L" * 21)), "owner"
    )
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.passes(60)
    assert list(v16.local_list) == ["SHORT"]
    assert world.remarks() == [
        "W_TOKENS_UNFIT Too long for the station to keep (more than 20 characters), tokens: 1."
    ]


async def test_a_station_without_lists_is_shown_so(world: World, v16: ScriptedStation) -> None:
    """1.6 says version -1 (§5.10)."""
    v16.has_lists = False
    await _with_list(world, v16, 5)
    assert v16.got(SendLocalList) == []
    assert world.steps()["access_list"] == "lacking"
    assert world.remarks() == ["W_KEY_LACKING The station does not have local authorization list."]
    assert "liste d'autorisation locale" in world.lifecycle_status().remarks[0].text.fr


@pytest.mark.parametrize(
    ("command", "said", "code"),
    [
        (GetLocalListVersion, "NotImplemented", "W_KEY_LACKING"),
        (SendLocalList, "NotSupported", "W_KEY_LACKING"),
        (SendLocalList, CommandAnswer("NotSupported"), "W_KEY_LACKING"),
        (SendLocalList, CommandAnswer("Failed"), "E_LIST_REFUSED"),
    ],
    ids=["no version", "no such action", "not supported", "failed"],
)
async def test_a_refused_list_is_shown_and_the_run_goes_on(
    world: World, v201: ScriptedStation, command: type, said: Any, code: str
) -> None:
    """Tokens are checked online all the same."""
    v201.script[command] = lambda _: said
    await _with_list(world, v201, 5)
    assert [each.code.value for each in world.lifecycle_status().remarks] == [code]


async def test_a_list_that_broke_half_way_begins_again_with_full(world: World, v201: ScriptedStation) -> None:
    """Somebody else changed it, or a chunk failed: the next try replaces all of it."""
    broken = iter([None, CommandAnswer("VersionMismatch")])
    v201.script[SendLocalList] = lambda _: next(broken, None)
    await _with_list(world, v201, 45)
    updates = [each.update.value for each in v201.got(SendLocalList)]
    assert updates == ["Full", "Differential", "Full", "Differential", "Differential"]
    assert len(v201.local_list) == 45
    assert world.steps()["access_list"] == "done"


async def test_a_list_that_always_breaks_is_given_up(world: World, v201: ScriptedStation) -> None:
    """It is shown as refused instead of being sent for ever."""
    v201.script[SendLocalList] = lambda each: (
        CommandAnswer("Failed") if each.update is LocalListUpdate.DIFFERENTIAL else None
    )
    await world.localized(v201, activates_on_claim=False)
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.tokens(site, 45)
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.passes(200)
    assert world.state() is Lifecycle.ACTIVE
    assert world.remarks() == ["E_KEY_REFUSED The station refused authorization list (list Failed)."]


async def test_a_version_that_is_not_the_one_sent_is_drift(world: World, v201: ScriptedStation) -> None:
    """Accepted is not applied."""
    sent = v201._update_list

    def forgetful(command: SendLocalList) -> str:
        status = sent(command)
        v201.list_version = 0
        return status

    v201._update_list = forgetful  # type: ignore[method-assign] # a station that forgets
    await _with_list(world, v201, 5)
    assert world.remarks() == ["E_CONFIG_DRIFT local list version: asked 1, reported 0."]


async def test_versions_begin_anew_before_they_run_out(world: World, v201: ScriptedStation) -> None:
    """Some central systems number lists by the clock."""
    v201.list_version = 2**31 - 2
    await _with_list(world, v201, 45)
    assert v201.list_version == 3


async def test_a_station_that_does_not_say_gets_small_chunks(world: World, v201: ScriptedStation) -> None:
    """Twenty at a time."""
    del v201.variables[ITEMS], v201.variables[BYTES]
    await _with_list(world, v201, 45)
    assert [len(each.entries) for each in v201.got(SendLocalList)] == [20, 20, 5]


async def test_a_small_message_limit_makes_smaller_chunks(world: World, v201: ScriptedStation) -> None:
    """2.0.1 LocalAuthListCtrlr.BytesPerMessage."""
    v201.variables[BYTES] = "1000"
    await _with_list(world, v201, 10)
    assert [len(each.entries) for each in v201.got(SendLocalList)] == [3, 3, 3, 1]


async def test_the_verdict_of_the_token_table_goes_into_the_list() -> None:
    """A blocked token is blocked at the station too; one that only the list knows is accepted."""

    class Table:
        async def find(self, id_token: IdToken) -> IdTokenInfo:
            known = {"A": AuthorizationStatus.BLOCKED, "B": AuthorizationStatus.ACCEPTED}
            status = known.get(id_token.value, AuthorizationStatus.UNKNOWN)
            return IdTokenInfo(status, group_id_token="G", message="not for lists")

    source: TokenSource = Table()
    entries = await ListedTokens(source).entries([IdToken("A"), IdToken("B"), IdToken("C")])
    assert [each.info and each.info.status.value for each in entries] == ["Blocked", "Accepted", "Accepted"]
    assert [each.info and each.info.message for each in entries] == [None, None, None]
    assert (await ListedTokens().entries([IdToken("A")]))[0].info == IdTokenInfo(AuthorizationStatus.ACCEPTED)


@given(
    tokens=st.lists(values, max_size=60),
    items=st.integers(1, 30),
    message_bytes=st.none() | st.integers(100, 4000),
)
def test_chunks_hold_everything_once_in_order_and_fit(
    tokens: list[str], items: int, message_bytes: int | None
) -> None:
    """Whatever the station takes; one entry that fits nowhere still goes, alone."""
    infos = [IdTokenInfo(AuthorizationStatus.ACCEPTED, "G" * (len(each) % 3) or None) for each in tokens]
    entries = [LocalListEntry(IdToken(each), info) for each, info in zip(tokens, infos, strict=True)]
    parts = list(chunks(entries, Capacity(items, message_bytes, None)))
    assert [entry for part in parts for entry in part] == entries
    assert parts
    for part in parts:
        assert len(part) <= items
        needed = ENVELOPE_BYTES + sum(_bytes_of(each) for each in part)
        assert message_bytes is None or len(part) <= 1 or needed <= message_bytes


def _bytes_of(entry: LocalListEntry) -> int:
    group = entry.info.group_id_token if entry.info is not None else None
    return ENTRY_BYTES + len(entry.id_token.value) + len(group or "")


@pytest.mark.parametrize("value", ["", "many", "-3", "1e999", "12.0"])
async def test_limits_that_cannot_be_read_do_no_harm(world: World, v16: ScriptedStation, value: str) -> None:
    """A station may write anything into a reading."""
    v16.ignored.add(ITEMS)
    v16.variables[LIST_LIMIT] = value
    v16._update_list = lambda command: "Accepted"  # type: ignore[method-assign] # it keeps nothing
    v16.script[SendLocalList] = lambda _: CommandAnswer("Accepted")
    v16.script[GetLocalListVersion] = lambda _: ListVersionAnswer("Accepted", local_list_version=1)
    await _with_list(world, v16, 15)
    expected = 12 if value == "12.0" else 15
    assert sum(len(each.entries) for each in v16.got(SendLocalList)) == expected
    assert len(v16.got(SetVariables)) > 3
