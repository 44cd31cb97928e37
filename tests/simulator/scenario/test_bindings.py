"""Bindings as people write them, and the runs that they amount to."""

import pytest

from simulator.scenario.bindings import Binding, bind_roles, given_values, parse_binding
from simulator.scenario.errors import BindingError
from simulator.scenario.files import parse_scenario
from simulator.scenario.run import check_binding

TWO_ROLES = """
scenario: x
title: X
roles:
  a: {simulated: [ac-16, ac-201]}
  b: {simulated: [ac-201]}
variables: {token: "007", limit: 5, list: null}
steps:
  - plug:
    on: b
"""
SCENARIO = parse_scenario(TWO_ROLES, "x.yaml")


def runs(*bindings: str) -> list[str]:
    """The runs, as text."""
    found = bind_roles(SCENARIO, [parse_binding(text) for text in bindings])
    return [" ".join(str(each) for each in roles.values()) for roles in found]


def test_unbound_roles_are_simulated_once_for_each_template() -> None:
    """Every combination is a run."""
    assert runs() == ["a=sim:ac-16 b=sim:ac-201", "a=sim:ac-201 b=sim:ac-201"]


def test_bound_roles_are_played_by_what_they_are_bound_to() -> None:
    """Twice bound is two runs; a station id may hold colons, and a template may be a file."""
    assert runs("a=wire:00:24:b1", "b=sim:./my=box.yaml") == ["a=wire:00:24:b1 b=sim:./my=box.yaml"]
    assert len(runs("a=sim:x", "a=wire:y")) == 2
    assert parse_binding("a=wire:00:24:b1") == Binding("a", "wire", "00:24:b1")


@pytest.mark.parametrize("text", ["", "a", "a=", "a=sim", "a=sim:", "=sim:x", "a=rig:x", "a:sim=x"])
def test_other_bindings_bind_nothing(text: str) -> None:
    """And the way to write them is told."""
    with pytest.raises(BindingError, match="a=sim:<template> or a=wire:<station id>"):
        parse_binding(text)


def test_a_role_must_be_the_scenarios() -> None:
    """A typing error is no new role."""
    with pytest.raises(BindingError, match="has no role c; it has a, b"):
        runs("c=sim:ac-16")


def test_a_template_must_exist() -> None:
    """Before anything is started; a station on the wire is looked for later."""
    with pytest.raises(BindingError, match="a=sim:zz: there is no template 'zz'"):
        check_binding(Binding("a", "sim", "zz"))
    check_binding(Binding("a", "sim", "ac-16"))
    check_binding(Binding("a", "wire", "zz"))


def test_values_keep_the_kind_that_the_file_gives_them() -> None:
    """A token of digits stays a text; everything else is JSON where it can be."""
    assert given_values(SCENARIO, ["token=0451", "limit=7", "list=[1]"]) == {
        "token": "0451",
        "limit": 7,
        "list": [1],
    }
    assert given_values(SCENARIO, ["limit=many", "token=a=b"]) == {"limit": "many", "token": "a=b"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [("token", "write name=value"), ("tokn=1", "did you mean token"), ("z=1", "it has token, limit, list")],
)
def test_other_values_are_refused(text: str, rule: str) -> None:
    """With the nearest name, or all."""
    with pytest.raises(BindingError, match=rule):
        given_values(SCENARIO, [text])
