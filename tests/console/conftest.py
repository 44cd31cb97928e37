"""One console for all tests of a file."""

from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from access.control import AccessControl
from access.invitations import Invitations
from access.organisations import Organisations
from access.principals import AccessScope, Membership, Role
from charging.calendar import OpeningHours, Period
from charging.tariff import Tariff
from console.mounting import mount
from console.people_views import PeopleViews
from console.views import ConsoleViews
from csms.domain.links import LinkSecurity
from csms.domain.records import ConnectorRecord, StationRecord, TransactionRecord
from csms.domain.reviews import Review
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ConnectorStatus, IdToken, IdTokenType
from provisioning.api.station_views import RunAnswer, StepAnswer
from provisioning.change_set import ChangeSet
from provisioning.owners import StoredOwned
from provisioning.records import NamedTariff, Place, Site
from runtime.chance import SeededChance
from runtime.database import Database
from runtime.http import Problem
from runtime.wording import Phrase, WayOut
from tests.support.central import A16, AT, B201, Central, ServedCentral, build_app, opened_central, served
from tests.support.pictures import picture_file
from tests.support.provisioning import World, opened_world
from tests.support.station_details import blocker_of
from tests.support.tables import open_tables

EVIL = "<script>alert('x')</script>"

HELD = TransactionRecord(
    A16,
    f"h/1?{EVIL}",
    1,
    1,
    IdToken("AB12"),
    AT,
    AT + timedelta(hours=1),
    stopped_reason=EVIL,
    flags=("meter-implausible",),
    review=Review.HELD,
)
"""A transaction that waits for a person."""
SITE, PLACE, TARIFF = "port", "p1", "day"
"""Ids."""


class ProvisioningBackend:
    """Stands where provisioning stands."""

    def __init__(self) -> None:
        self.adopted: list[tuple[str, str]] = []
        self.scopes: list[AccessScope] = []

    async def adopt(self, station_id: str, by: str, scope: AccessScope) -> str | None:
        """Everything but one."""
        if station_id == "refused":
            raise Problem(
                409,
                "E_X",
                Phrase("Ce n'est pas possible", "It cannot be"),
                WayOut("Essayez autre chose", "Try another"),
            )
        self.adopted.append((station_id, by))
        self.scopes.append(scope)
        return "CODE-1"

    def activation(self, station_id: str) -> RunAnswer | None:
        """A step that was refused."""
        remark = blocker_of(text_en=f"Refused {EVIL}.", text_fr=f"Refusé {EVIL}.")
        step = StepAnswer(
            step="clock", state="refused", attempts=2, changed_at=None, evidence=(), remarks=(remark,)
        )
        return RunAnswer(
            run_id="r", started_at="", finished_at=None, requested_by=None, current=None, steps=(step,)
        )

    def sites(self) -> list[tuple[str, str]]:
        """One that is here, and one that nobody has."""
        return [("s1", f"Nord {EVIL}"), ("elsewhere", "Elsewhere")]


def hostile_central(central: Central) -> None:
    """A station whose every text is hostile, and one in quarantine."""
    central.records.kept[A16] = StationRecord(A16, vendor=EVIL, model=EVIL, serial_number=EVIL)
    central.records.kept[B201] = StationRecord(B201, vendor="Acme", model="Duo")
    central.records.kept_transactions.append(HELD)
    central.stations.connect(A16, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
    central.details.known[B201] = {"lifecycle": "quarantine", "blocked_by": []}
    central.record(b'[2,"m1","DataTransfer",{"vendorId":"%b"}]' % EVIL.encode())
    status = ConnectorRecord(A16, 1, 1, ConnectorStatus.FAULTED, "Faulted", AT, EVIL)
    central.records.kept_connectors.append(status)


async def hostile_world(world: World) -> None:
    """A site whose every text is hostile, with a place, hours and a list."""
    day = (Period(time(8), time(21)), Period(time(22), time(2)))
    zone = ZoneInfo("America/Toronto")
    holiday = (date(2026, 12, 25), ())
    hours = OpeningHours(zone, (day,) * 6 + ((),), (holiday,))
    tokens = (IdToken(EVIL), IdToken("AB12", IdTokenType.EMAID))
    price = NamedTariff(f"Jour {EVIL}", Tariff(TARIFF, "CAD", energy_micro_per_kwh=250_000))
    change = ChangeSet("test", tariffs=[(price, world.clock.now())])
    site = Site(SITE, f"Port {EVIL}", zone.key, f"1, quai {EVIL}", TARIFF, hours, tokens)
    change.put_site(None, site)
    change.put_place(None, Place(PLACE, SITE, f"P1 {EVIL}", 45.5, -73.6, floor=EVIL, plan_x=0.5, plan_y=0.25))
    await world.provisioning.station_cache.change(lambda _: None, lambda _: change)
    await world.provisioning.use_cases.site_plans.put(SITE, EVIL, picture_file(), "maud")


async def hostile_people(database: Database, world: World) -> PeopleViews:
    """Somebody is invited whose name is hostile."""
    access = AccessControl(database, world.clock, SeededChance(3))
    organisations = Organisations(database, world.clock, StoredOwned())
    invitations = Invitations(database, world.clock, SeededChance(4), StoredOwned(), access)
    await invitations.make(Membership(Role.VIEWER), EVIL, "admin", timedelta(hours=1))
    return PeopleViews(access, organisations, invitations, world.provisioning)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def console(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServedCentral]:
    """The pages on a real port, with a station whose every text is hostile."""
    folder = tmp_path_factory.mktemp("console")
    database = await open_tables(folder / "borne.db")
    async with opened_central(folder) as central, opened_world(folder, central.clock) as world:
        hostile_central(central)
        await hostile_world(world)
        app = build_app(central)
        people = await hostile_people(database, world)
        views = ConsoleViews(
            central.parts, ProvisioningBackend(), provisioning=world.provisioning, people=people
        )
        mount(app, views)
        async with served(database, central, app) as running:
            yield running
    await database.close()
