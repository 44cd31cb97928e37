"""The pages, one module each, with its template of the same name in `console/templates`."""

from console.pages.adopt import ROUTES as ADOPT
from console.pages.attempts import ROUTES as ATTEMPTS
from console.pages.bench import ROUTES as BENCH
from console.pages.bench_runs import ROUTES as BENCH_RUNS
from console.pages.bench_stations import ROUTES as BENCH_STATIONS
from console.pages.command import ROUTES as COMMAND
from console.pages.frames import ROUTES as FRAMES
from console.pages.install import ROUTES as INSTALL
from console.pages.install_box import ROUTES as INSTALL_BOX
from console.pages.install_claim import ROUTES as INSTALL_CLAIM
from console.pages.install_files import ROUTES as INSTALL_FILES
from console.pages.install_hand_over import ROUTES as INSTALL_HAND_OVER
from console.pages.install_station import ROUTES as INSTALL_STATION
from console.pages.jobs import ROUTES as JOBS
from console.pages.opening_hours import ROUTES as OPENING_HOURS
from console.pages.orders import ROUTES as ORDERS
from console.pages.people import ROUTES as PEOPLE
from console.pages.people_forms import ROUTES as PEOPLE_FORMS
from console.pages.places import ROUTES as PLACES
from console.pages.quarantine import ROUTES as QUARANTINE
from console.pages.site_list import ROUTES as SITE_LIST
from console.pages.site_plans import ROUTES as SITE_PLANS
from console.pages.sites import ROUTES as SITES
from console.pages.station import ROUTES as STATION
from console.pages.station_files import ROUTES as STATION_FILES
from console.pages.stations import ROUTES as STATIONS
from console.pages.tariff_editor import ROUTES as TARIFF_EDITOR
from console.pages.tariffs import ROUTES as TARIFFS
from console.pages.timeline import ROUTES as TIMELINE
from console.pages.today import ROUTES as TODAY
from console.pages.transactions import ROUTES as TRANSACTIONS

PAGES = (
    *TODAY,
    *STATIONS,
    *STATION,
    *COMMAND,
    *ADOPT,
    *ATTEMPTS,
    *BENCH,
    *BENCH_STATIONS,
    *BENCH_RUNS,
    *FRAMES,
    *INSTALL,
    *INSTALL_BOX,
    *INSTALL_CLAIM,
    *INSTALL_FILES,
    *INSTALL_HAND_OVER,
    *INSTALL_STATION,
    *JOBS,
    *OPENING_HOURS,
    *ORDERS,
    *PEOPLE,
    *PEOPLE_FORMS,
    *PLACES,
    *QUARANTINE,
    *SITES,
    *TIMELINE,
    *STATION_FILES,
    *SITE_LIST,
    *SITE_PLANS,
    *TARIFFS,
    *TARIFF_EDITOR,
    *TRANSACTIONS,
)
