"""Who asks: what they are somewhere, and where they are anything."""

from access.principals import SERVER, AccessScope, Membership, Principal, Resource, Role, member

PORT, QUAI = Resource("autre", "port"), Resource("autre", "quai")
BOTH = Principal("ann", (Membership(Role.VIEWER, "autre"), Membership(Role.MANAGER, "autre", "port")))


def test_a_membership_covers_what_belongs_there() -> None:
    """All of an organisation, or one site of it; never another organisation."""
    whole, on_site = BOTH.memberships
    assert [whole.covers(each) for each in (PORT, QUAI, Resource("autre"), SERVER)] == [
        True,
        True,
        True,
        False,
    ]
    assert [on_site.covers(each) for each in (PORT, QUAI, Resource("autre"))] == [True, False, False]
    assert not on_site.covers(Resource("default", "port"))
    assert Membership(Role.VIEWER).runs_the_server
    assert not whole.runs_the_server
    assert not Membership(Role.ADMIN, site_id="port").runs_the_server


def test_of_several_roles_the_greatest_counts_at_a_place_and_the_least_everywhere() -> None:
    """Lists of several places show what all of them allow; a single thing what it allows itself."""
    assert BOTH.role is Role.VIEWER
    assert BOTH.at(PORT) == member("ann", Role.MANAGER, "autre", "port")
    assert BOTH.at(QUAI).role is Role.VIEWER
    assert BOTH.at(SERVER) == Principal("ann")
    assert Principal("nobody").role is None


def test_a_scope_is_where_memberships_count() -> None:
    """Whole organisations and single sites; an empty one is nothing."""
    scope = AccessScope.of(BOTH.memberships[1:])
    assert scope == AccessScope(frozenset(), frozenset({"port"}))
    assert [scope.covers(each) for each in (PORT, QUAI, SERVER)] == [True, False, False]
    assert AccessScope.of(BOTH.memberships).covers(QUAI)
    assert not AccessScope()
    assert AccessScope(is_everywhere=True)
    assert AccessScope(is_everywhere=True).covers(PORT)
    assert not AccessScope().covers(SERVER)
