"""What who asks is told where they may not."""

import pytest

from access.actions import Permission
from access.guard import checked, scope_checked
from access.principals import SERVER, AccessScope, Principal, Resource, Role, member
from runtime.http import Problem

PORT = Resource("autre", "port")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (member("ann", Role.VIEWER), "ann is viewer; this needs the role manager or admin"),
        (member("ann", Role.MANAGER, "autre"), "ann has no role here; this needs the role manager or admin"),
        (Principal("ann"), "ann has no role here; this needs the role manager or admin"),
    ],
)
def test_a_refusal_says_what_they_are_there(who: Principal, words: str) -> None:
    """Who has no role at that place is not called a viewer of it."""
    with pytest.raises(Problem) as refused:
        checked(who, Permission.OPERATE, SERVER)
    assert (refused.value.status, refused.value.code, refused.value.text.en) == (403, "role_required", words)


def test_who_may_somewhere_is_told_where() -> None:
    """And who may nowhere is refused, before anything is looked up."""
    ann = member("ann", Role.MANAGER, "autre", "port")
    assert scope_checked(ann, Permission.OPERATE) == AccessScope(sites=frozenset({"port"}))
    with pytest.raises(Problem, match="role_required"):
        scope_checked(ann, Permission.SET_UP)
