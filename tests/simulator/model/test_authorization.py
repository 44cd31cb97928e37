"""Who may charge: list, cache, and what is decided without the central system."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.vocabulary import (
    AuthorizationStatus,
    IdToken,
    IdTokenInfo,
    LocalListEntry,
    LocalListUpdate,
    VariableRef,
)
from runtime.clock import ManualClock
from simulator.model.authorization import CACHE_SIZE, Authorization, ListStatus
from simulator.model.inventory import LIST_ENTRIES, build_inventory
from simulator.model.variables import VariableStore
from simulator.model.version_variables import VARIABLES_OF
from tests.support.simulated import changed_template

NOW = ManualClock().now()
YES = IdTokenInfo(AuthorizationStatus.ACCEPTED)
NO = IdTokenInfo(AuthorizationStatus.BLOCKED)


def station(**variables: str) -> tuple[Authorization, VariableStore]:
    """A station's memory of tokens; variables by name, `__` for the dot."""
    kind = changed_template(
        list_entries=5, variables={name.replace("__", "."): value for name, value in variables.items()}
    )
    of_version = VARIABLES_OF[kind.ocpp]
    store = VariableStore(build_inventory(kind, of_version(kind)))
    return Authorization(store), store


def entry(value: str, info: IdTokenInfo | None = YES) -> LocalListEntry:
    """A line of the list."""
    return LocalListEntry(IdToken(value), info)


def test_list_outranks_cache() -> None:
    """1.6 §3.5.1, 2.0.1 C12: what is on the list is neither asked of the cache nor put into it."""
    tokens, _ = station()
    tokens.remember(IdToken("TAG"), NO, NOW)
    assert tokens.local_verdict(IdToken("tag"), NOW) == NO
    tokens.update_list(1, LocalListUpdate.FULL, [entry("Tag")])
    assert tokens.local_verdict(IdToken("TAG"), NOW) == YES
    tokens.remember(IdToken("TAG"), NO, NOW)
    assert tokens.local_verdict(IdToken("TAG"), NOW) == YES


def test_a_token_of_another_type_is_another_token() -> None:
    """2.0.1 IdTokenType: value and type. What is listed of one says nothing of its namesake."""
    tokens, _ = station()
    tokens.remember(IdToken("TAG", "ISO15693"), YES, NOW)
    tokens.update_list(1, LocalListUpdate.FULL, [entry("Tag", NO)])
    assert tokens.local_verdict(IdToken("tag"), NOW) == NO
    assert tokens.local_verdict(IdToken("tag", "iso15693"), NOW) == YES
    assert tokens.local_verdict(IdToken("tag", "MacAddress"), NOW) is None


def test_switched_off_they_say_nothing() -> None:
    """Each has its own switch."""
    tokens, store = station()
    tokens.update_list(1, LocalListUpdate.FULL, [entry("LISTED")])
    tokens.remember(IdToken("CACHED"), YES, NOW)
    store.write(VariableRef("LocalAuthListCtrlr", "Enabled"), "false")
    assert tokens.local_verdict(IdToken("LISTED"), NOW) is None
    store.write(VariableRef("AuthCacheCtrlr", "Enabled"), "false")
    assert tokens.local_verdict(IdToken("CACHED"), NOW) is None
    tokens.remember(IdToken("NEW"), YES, NOW)
    assert "new" not in tokens.cache


def test_expired_is_expired() -> None:
    """Whatever it was when it was learnt."""
    tokens, _ = station()
    tokens.remember(
        IdToken("TAG"), IdTokenInfo(AuthorizationStatus.ACCEPTED, expires_at=NOW + timedelta(hours=1)), NOW
    )
    for later, status in ((0, AuthorizationStatus.ACCEPTED), (1, AuthorizationStatus.EXPIRED)):
        info = tokens.local_verdict(IdToken("TAG"), NOW + timedelta(hours=later))
        assert info is not None
        assert info.status is status


@pytest.mark.parametrize(
    ("pre_authorize", "known", "is_asked"),
    [("false", YES, True), ("true", YES, False), ("true", NO, True), ("true", None, True)],
)
def test_online_it_is_asked_unless_accepted_locally(
    pre_authorize: str, known: IdTokenInfo | None, is_asked: bool
) -> None:
    """LocalPreAuthorize; a local refusal is asked again, since it may be out of date (1.6 §3.5.1)."""
    tokens, _ = station(AuthCtrlr__LocalPreAuthorize=pre_authorize)
    if known is not None:
        tokens.remember(IdToken("TAG"), known, NOW)
    assert (tokens.verdict_before_request(IdToken("TAG"), NOW) is None) is is_asked


@pytest.mark.parametrize(
    ("offline", "unknown", "known", "status"),
    [
        ("true", "false", YES, AuthorizationStatus.ACCEPTED),
        ("true", "true", NO, AuthorizationStatus.BLOCKED),
        ("false", "false", YES, AuthorizationStatus.INVALID),
        ("true", "false", None, AuthorizationStatus.UNKNOWN),
        ("true", "true", None, AuthorizationStatus.ACCEPTED),
    ],
)
def test_offline_list_and_cache_decide(
    offline: str, unknown: str, known: IdTokenInfo | None, status: AuthorizationStatus
) -> None:
    """LocalAuthorizeOffline; OfflineTxForUnknownIdEnabled for what neither knows (1.6 §3.5.2, 2.0.1 C15)."""
    tokens, _ = station(
        AuthCtrlr__LocalAuthorizeOffline=offline, AuthCtrlr__OfflineTxForUnknownIdEnabled=unknown
    )
    if known is not None:
        tokens.remember(IdToken("TAG"), known, NOW)
    assert tokens.offline_verdict(IdToken("TAG"), NOW).status is status


def test_cache_forgets_the_oldest() -> None:
    """The one that was not heard of for longest."""
    tokens, _ = station()
    for number in range(CACHE_SIZE):
        tokens.remember(IdToken(f"T{number}"), YES, NOW)
    tokens.remember(IdToken("T0"), YES, NOW)
    tokens.remember(IdToken("ONE MORE"), YES, NOW)
    assert len(tokens.cache) == CACHE_SIZE
    assert IdToken("t0").key in tokens.cache
    assert IdToken("t1").key not in tokens.cache


@pytest.mark.parametrize(
    ("version", "update", "entries", "status"),
    [
        (2, LocalListUpdate.FULL, [], ListStatus.ACCEPTED),
        (1, LocalListUpdate.FULL, [entry("B")], ListStatus.ACCEPTED),
        (2, LocalListUpdate.DIFFERENTIAL, [entry("A", None)], ListStatus.ACCEPTED),
        (2, LocalListUpdate.DIFFERENTIAL, [entry("GONE", None)], ListStatus.ACCEPTED),
        (1, LocalListUpdate.DIFFERENTIAL, [entry("B")], ListStatus.VERSION_MISMATCH),
        (0, LocalListUpdate.FULL, [entry("B")], ListStatus.FAILED),
        (2, LocalListUpdate.FULL, [entry("B", None)], ListStatus.FAILED),
        (2, LocalListUpdate.FULL, [entry("B"), entry("b")], ListStatus.FAILED),
        (2, LocalListUpdate.FULL, [entry(str(n)) for n in range(6)], ListStatus.FAILED),
        (2, LocalListUpdate.FULL, [entry(str(n)) for n in range(21)], ListStatus.FAILED),
    ],
)
def test_list_changes_as_a_whole_or_not_at_all(
    version: int, update: LocalListUpdate, entries: list[LocalListEntry], status: ListStatus
) -> None:
    """No removals in full lists, no token twice, versions grow, limits hold (1.6 §5.15, 2.0.1 D01)."""
    tokens, store = station()
    tokens.update_list(1, LocalListUpdate.FULL, [entry("A")])
    before = dict(tokens.local_list)
    assert tokens.update_list(version, update, entries) is status
    if status is not ListStatus.ACCEPTED:
        assert (tokens.local_list, tokens.list_version) == (before, 1)
    assert store.value(LIST_ENTRIES) == str(len(tokens.local_list))


def test_list_that_is_switched_off_takes_nothing() -> None:
    """LocalAuthListEnabled."""
    tokens, _ = station(LocalAuthListCtrlr__Enabled="false")
    assert tokens.update_list(1, LocalListUpdate.FULL, [entry("A")]) is ListStatus.FAILED


UPDATES = st.lists(
    st.tuples(
        st.sampled_from(LocalListUpdate),
        st.dictionaries(st.sampled_from("ABCDEFG"), st.booleans(), max_size=7),
    ),
    max_size=15,
)


@given(UPDATES)
def test_list_is_what_its_updates_say(updates: list[tuple[LocalListUpdate, dict[str, bool]]]) -> None:
    """The oracle is a set of tokens with at most five places; `True` adds, `False` takes off."""
    tokens, _ = station()
    expected: set[str] = set()
    for version, (update, changes) in enumerate(updates, 1):
        entries = [entry(value, YES if is_added else None) for value, is_added in changes.items()]
        status = tokens.update_list(version, update, entries)
        start = set() if update is LocalListUpdate.FULL else expected
        added = {value for value, is_added in changes.items() if is_added}
        after = (start | added) - (changes.keys() - added)
        is_legal = update is LocalListUpdate.DIFFERENTIAL or added == changes.keys()
        if is_legal and len(after) <= 5:
            assert status is ListStatus.ACCEPTED
            expected = after
        else:
            assert status is ListStatus.FAILED
        assert {known.value for known in tokens.local_list.values()} == expected


def test_what_was_not_used_for_long_is_forgotten() -> None:
    """2.0.1 C10.FR.08, .10: AuthCacheLifeTime counts from the last use; a date of its own counts instead."""
    tokens, _ = station(AuthCacheCtrlr__LifeTime="3600")
    dated = IdTokenInfo(AuthorizationStatus.ACCEPTED, expires_at=NOW + timedelta(days=1))
    tokens.remember(IdToken("DATED"), dated, NOW)
    tokens.remember(IdToken("TAG"), YES, NOW)
    for minutes, known in ((59, YES), (118, YES), (178, None), (179, None)):
        assert tokens.local_verdict(IdToken("TAG"), NOW + timedelta(minutes=minutes)) == known
    assert tokens.local_verdict(IdToken("DATED"), NOW + timedelta(hours=9)) == dated
    for_ever, _ = station()
    for_ever.remember(IdToken("TAG"), YES, NOW)
    assert for_ever.local_verdict(IdToken("TAG"), NOW + timedelta(days=99)) == YES


def test_masters_are_of_the_group_that_the_station_names() -> None:
    """2.0.1 C16: in any case of letters, and valid; without a name there are none."""
    tokens, _ = station(AuthCtrlr__MasterPassGroupId="Police")
    of_police = IdTokenInfo(AuthorizationStatus.ACCEPTED, "POLICE")
    assert tokens.has_masters
    assert tokens.is_master(of_police)
    assert not tokens.is_master(YES)
    assert not tokens.is_master(IdTokenInfo(AuthorizationStatus.BLOCKED, "POLICE"))
    nobody, _ = station()
    assert not nobody.has_masters
    assert not nobody.is_master(IdTokenInfo(AuthorizationStatus.ACCEPTED, ""))
