"""Which pages there are, for whom: whoever can never do anything on one does not see the way to it."""

from collections.abc import Callable
from dataclasses import dataclass

from access.actions import Permission, may, scope_of
from access.principals import SERVER, Principal

TODAY = "/"
STATIONS = "/stations"
TRANSACTIONS = "/transactions"
SITES = "/sites"
TARIFFS = "/tariffs"
ORDERS = "/orders"
ATTEMPTS = "/attempts"
QUARANTINE = "/quarantine"
JOBS = "/jobs"
BENCH = "/bench"
PEOPLE = "/people"
API_DOCS = "/api/docs"


def everybody(_: Principal) -> bool:
    """Whoever has logged in."""
    return True


def anywhere(action: Permission) -> Callable[[Principal], bool]:
    """Whoever may do it somewhere."""
    return lambda who: bool(scope_of(who, action))


def at_the_server(action: Permission) -> Callable[[Principal], bool]:
    """Whoever may do it to what belongs to no site."""
    return lambda who: may(who, action, SERVER)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation. `counted` says how much waits there; `below` is where its pages of single
    things begin.
    """

    path: str
    text: str
    is_for: Callable[[Principal], bool] = everybody
    counted: str = ""
    below: str = ""
    is_for_desks: bool = False
    is_in_menu: bool = False
    """Not among the first: what one seldom needs."""


NAVIGATION = (
    Entry(TODAY, "nav.today"),
    Entry(STATIONS, "nav.stations", below=f"{STATIONS}/"),
    Entry(TRANSACTIONS, "nav.transactions", counted="nav.transactions_some", below="/transaction"),
    Entry(SITES, "nav.sites", below="/sites/"),
    Entry(TARIFFS, "nav.tariffs", below="/tariffs/"),
    Entry(ORDERS, "nav.orders", at_the_server(Permission.READ), below="/orders/"),
    Entry(JOBS, "nav.jobs", anywhere(Permission.PLAN_JOBS), below=f"{JOBS}/"),
    Entry(BENCH, "nav.bench", anywhere(Permission.USE_BENCH), below=f"{BENCH}/", is_in_menu=True),
    Entry(ATTEMPTS, "nav.attempts", at_the_server(Permission.READ_ATTEMPTS), is_in_menu=True),
    Entry(PEOPLE, "nav.people", anywhere(Permission.INVITE), below=f"{PEOPLE}/", is_in_menu=True),
    Entry(
        QUARANTINE,
        "nav.quarantine",
        anywhere(Permission.DECIDE_QUARANTINE),
        counted="nav.quarantine_some",
        is_in_menu=True,
    ),
    Entry(API_DOCS, "nav.api", is_for_desks=True, is_in_menu=True),
)
