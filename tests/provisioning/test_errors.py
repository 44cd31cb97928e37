"""Refusals carry their line of the catalogue; an unknown station is asked about where there is a near one."""

from provisioning.blockers import Code
from provisioning.errors import ClaimRefused, PepperUnreadable, ProvisioningProblem, unknown_station
from runtime.errors import RuntimeProblem


def test_a_problem_is_a_line_of_the_catalogue() -> None:
    """With its status, its fields and a text for logs."""
    problem = ProvisioningProblem(Code.NAME_TAKEN, name="Port")
    assert str(problem) == "E_NAME_TAKEN: The name Port exists already."
    assert (problem.status, problem.fields, problem.near) == (409, {"name": "Port"}, ())
    assert problem.blocker.who_clears == "owner"
    assert issubclass(ClaimRefused, ProvisioningProblem)


def test_an_unknown_station_is_asked_about() -> None:
    """Only where there is something to ask."""
    near = unknown_station("02b016000002", ("02:B0:16:00:00:01",))
    assert near.code is Code.MAC_UNKNOWN
    assert near.blocker.text.en == "Unknown MAC; did you mean 02:B0:16:00:00:01?"
    assert near.blocker.text.fr == "Adresse MAC inconnue; vouliez-vous dire 02:B0:16:00:00:01?"
    far = unknown_station("cp-9")
    assert (far.code, far.status) == (Code.STATION_UNKNOWN, 404)


def test_a_pepper_that_cannot_be_read_is_one_line_for_people() -> None:
    """Without a traceback (`runtime.lifecycle.run_process`)."""
    assert issubclass(PepperUnreadable, RuntimeProblem)
