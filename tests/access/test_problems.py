"""What a refusal says of accounts, roles and organisations: its code, and where to look."""

import pytest

from access.organisations import Holding
from access.principals import Account, AccountKind, Membership, Role
from access.problems import (
    NAMED,
    account_unknown,
    member_unknown,
    membership_unknown,
    organisation_in_use,
    organisation_unknown,
)
from runtime.wording import Phrase

SAM, CI = Account(AccountKind.PERSON, "Sam"), Account(AccountKind.PROGRAM, "ci")


@pytest.mark.parametrize(
    ("account", "code", "words", "where"),
    [
        (SAM, "person_unknown", "Nobody logs in as Sam", "/api/v1/access/people"),
        (CI, "program_unknown", "No program is called ci", "/api/v1/access/programs"),
    ],
)
def test_an_unknown_account_is_named_with_the_list_of_those_that_there_are(
    account: Account, code: str, words: str, where: str
) -> None:
    """A person and a program of one name are two accounts, with a list each."""
    problem = account_unknown(account)
    assert (problem.status, problem.code, problem.text.en) == (404, code, words)
    assert problem.ways_out.route == f"GET {where}"


@pytest.mark.parametrize(
    ("account", "command", "request_line"),
    [
        (
            SAM,
            "ctl person Sam manager --organisation autre",
            "PUT /api/v1/access/people/Sam",
        ),
        (
            CI,
            "ctl program ci manager --organisation autre",
            "PUT /api/v1/access/programs/ci",
        ),
    ],
)
def test_who_has_no_account_gets_one_with_the_role(account: Account, command: str, request_line: str) -> None:
    """The way out is the whole command, with the role and the organisation that were meant."""
    problem = member_unknown(account, Membership(Role.MANAGER, "autre"))
    assert problem.status == 404
    assert problem.code == account_unknown(account).code
    assert (problem.ways_out.command, problem.ways_out.route) == (command, request_line)


def test_a_role_that_nobody_has_is_looked_for_among_the_members() -> None:
    """Of that organisation."""
    problem = membership_unknown(SAM, "autre")
    assert (problem.status, problem.code) == (404, "membership_unknown")
    assert "Sam" in problem.text.en
    assert problem.ways_out.route == "GET /api/v1/organisations/autre/members"


def test_an_unknown_organisation_is_looked_for_among_all() -> None:
    """Whatever id was typed: it is not repeated, another's is said to be unknown in the same words."""
    problem = organisation_unknown()
    assert (problem.status, problem.code) == (404, "organisation_unknown")
    assert problem.ways_out.command == "ctl get /organisations"


def test_the_default_organisation_stays() -> None:
    """Whatever it has; it can be called otherwise."""
    problem = organisation_in_use("default", [])
    assert (problem.status, problem.code) == (409, "organisation_in_use")
    assert "stays" in problem.text.en
    assert problem.ways_out.route == "PUT /api/v1/organisations/default"


def test_what_an_organisation_still_has_is_counted_and_the_first_are_named() -> None:
    """Each kind in its number: one site is not several; more than a few names end with an ellipsis."""
    one, many = Phrase("{count} site", "{count} site"), Phrase("{count} sites", "{count} sites")
    several = tuple(f"S{number}" for number in range(NAMED))
    whole = Holding(one, many, several)
    more = Holding(one, many, (*several, "last"))
    problem = organisation_in_use("autre", [Holding(one, many, ("Port",)), whole, more])
    assert problem.text.en == (
        "The organisation autre still has 1 site (Port), 3 sites (S0, S1, S2), 4 sites (S0, S1, S2, …)"
    )
    assert problem.text.fr.startswith("L'organisation autre a encore 1 site (Port), 3 sites")
    assert problem.ways_out.command == "ctl members autre"
