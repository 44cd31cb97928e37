"""The one table of who may do what, and the one function that reads it."""

from itertools import pairwise

import pytest

from access import actions
from access.actions import ROLES, Permission, may, may_wherever, scope_of
from access.principals import RANKS, SERVER, AccessScope, Membership, Principal, Resource, Role, member

PORT = Resource("autre", "port")


def test_every_action_is_somebodys() -> None:
    """And one that is forgotten in the table is nobody's."""
    assert set(ROLES) == set(Permission)


def test_who_is_more_may_do_no_less() -> None:
    """Of several roles at one place the greatest counts: it must include the others."""
    for action, roles in ROLES.items():
        for less, more in pairwise(RANKS):
            assert less not in roles or more in roles, action


def test_deny_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """No membership, another organisation, site or role; an action that nobody decided about."""
    assert not may(Principal("nobody"), Permission.READ, SERVER)
    assert not may(member("ann", Role.ADMIN), Permission.READ, PORT)
    assert not may(member("ann", Role.ADMIN, "autre"), Permission.READ, SERVER)
    assert not may(member("ann", Role.ADMIN, "autre", "quai"), Permission.READ, PORT)
    assert not may(member("ann", Role.VIEWER, "autre"), Permission.OPERATE, PORT)
    assert may(member("ann", Role.MANAGER, "autre"), Permission.OPERATE, PORT)
    assert may(member("ann", Role.MANAGER, "autre", "port"), Permission.OPERATE, PORT)
    monkeypatch.setattr(actions, "ROLES", {})
    assert not may(member("ann", Role.ADMIN), Permission.READ, SERVER)


def test_the_first_administrator_of_an_organisation_is_let_in_by_who_runs_the_server() -> None:
    """Their administrators decide about members everywhere, and about nothing else; not those of one site."""
    runs_it = member("root", Role.ADMIN)
    assert may(runs_it, Permission.MANAGE_MEMBERS, Resource("autre"))
    everywhere = [
        Permission.PREPARE_SITES,
        Permission.APPROVE_SITES,
        Permission.SET_UP_ACCOUNT,
        Permission.MANAGE_MEMBERS,
    ]
    assert [each for each in Permission if may(runs_it, each, PORT)] == everywhere
    assert not may(member("root", Role.MANAGER), Permission.SET_UP_ACCOUNT, PORT)
    assert may(member("ann", Role.MANAGER, "autre"), Permission.SET_UP_ACCOUNT, Resource("autre"))
    assert not may(member("root", Role.MANAGER), Permission.MANAGE_MEMBERS, Resource("autre"))
    assert not may(member("root", Role.ADMIN, site_id="s"), Permission.MANAGE_MEMBERS, Resource("autre"))
    assert not may(member("ann", Role.ADMIN, "une"), Permission.MANAGE_MEMBERS, Resource("autre"))


def test_lists_are_narrowed_to_where_the_action_is_allowed() -> None:
    """`scope_of` and `may` say the same of every place, also of what who runs the server may everywhere;
    `may_wherever` is for what all places allow.
    """
    ann = Principal("ann", (Membership(Role.VIEWER), Membership(Role.MANAGER, "autre", "port")))
    assert scope_of(ann, Permission.READ) == AccessScope(frozenset({"default"}), frozenset({"port"}))
    assert scope_of(ann, Permission.OPERATE) == AccessScope(frozenset(), frozenset({"port"}))
    everywhere = scope_of(member("root", Role.ADMIN), Permission.MANAGE_MEMBERS)
    assert everywhere.covers(PORT)
    assert everywhere == AccessScope(frozenset({"default"}), is_everywhere=True)
    assert may_wherever(ann, Permission.READ)
    assert not may_wherever(ann, Permission.READ_ID_TOKENS)
    assert may_wherever(ann.at(PORT), Permission.READ_ID_TOKENS)
    assert not may_wherever(Principal("nobody"), Permission.READ)
