"""The whole examination: the server if there is one, then a station, or all of them and this machine."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from borne.addresses import local_http_url, own_addresses, reachable_hosts
from borne.doctor.bundle import collect
from borne.doctor.machine import examine_machine
from borne.doctor.remarks import Chapter, Level, Remark, exit_code, problem
from borne.doctor.server import examine_attempts, examine_presence, examine_station_port, examine_stations
from borne.doctor.station import examine_station
from borne.settings import LOOPBACK, ServerSettings
from runtime.client import DEFAULT_TOKEN_FILE, ApiClient, ApiError, ApiRefused, find_token
from runtime.clock import SystemClock
from runtime.wording import Phrase

ATTEMPTS_READ = 500
STATION_PORT = Phrase("Port des bornes", "Station port")


def server_url(settings: ServerSettings, api_url: str | None) -> str:
    """Where the API of the server to examine is: as told, else as these settings make it on this machine."""
    return (api_url or local_http_url(settings.listen, settings.http_port)).rstrip("/")


async def examine(
    settings: ServerSettings, station: str | None, api_url: str | None
) -> tuple[int, list[Chapter]]:
    """The exit code, and what is to be told."""
    url = server_url(settings, api_url)
    presence = await examine_presence(url)
    chapters = [Chapter(Phrase("Serveur", "Server"), list(presence.remarks))]
    if presence.is_there:
        chapters += await _examine_api(url, settings, station)
    if not presence.is_there or (station is None and _is_here(url)):
        remarks = examine_machine(settings, SystemClock(), is_serving=presence.is_there)
        chapters.append(Chapter(Phrase("Cette machine", "This machine"), remarks))
    return exit_code(chapters, is_server_there=presence.is_there), chapters


async def bundle(
    settings: ServerSettings, station: str, api_url: str | None, chapters: list[Chapter]
) -> dict[str, Any]:
    """What goes into the file for a bug report. Raises ApiError."""
    url = server_url(settings, api_url)
    async with ApiClient(url, find_token(settings.var / DEFAULT_TOKEN_FILE.name, url)) as api:
        return await collect(api, station, chapters)


def _is_here(url: str) -> bool:
    """Whether the server is on this machine."""
    host = urlsplit(url).hostname or ""
    return host in LOOPBACK or host in own_addresses()


async def _station_port(api: ApiClient, otherwise: int) -> int:
    """Where stations connect to the server that was asked; an older one does not tell."""
    try:
        ports = (await api.get("/server"))["station_ports"]
    except ApiRefused:
        return otherwise
    return next((each["port"] for each in ports if not each["is_secure"]), otherwise)


def _page(url: str, port: int, remarks: Sequence[Remark]) -> str:
    """The page for people of the station port, as somebody beside the station opens it; empty where nobody
    there can.
    """
    host = urlsplit(url).hostname or "127.0.0.1"
    if host in LOOPBACK:
        outside = [each for each in reachable_hosts("0.0.0.0", own_addresses()) if each not in LOOPBACK]  # noqa: S104 - not bound
        if not outside or any(each.level is not Level.GOOD for each in remarks):
            return ""
        host = outside[0]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/ocpp/"


async def _examine_api(url: str, settings: ServerSettings, station: str | None) -> list[Chapter]:
    token_file = settings.var / DEFAULT_TOKEN_FILE.name
    async with ApiClient(url, find_token(token_file, url)) as api:
        try:
            port = await _station_port(api, settings.ocpp_port)
            if station is not None:
                remarks = await examine_station_port(url, port)
                shut = [each for each in remarks if each.level is not Level.GOOD]
                chapters = await examine_station(api, station, _page(url, port, remarks))
                return [*chapters, Chapter(STATION_PORT, shut)]
            stations = await api.get_all("/stations")
            attempts = await api.get("/connection-attempts", limit=ATTEMPTS_READ)
        except ApiError as error:
            way_out = Phrase(
                f"Lancez ceci dans le dossier du serveur, donnez son --var ou BORNE_TOKEN "
                f"({token_file} est lu).",
                f"Run this in the server's folder, give its --var, or set BORNE_TOKEN "
                f"({token_file} is read).",
            )
            return [Chapter("API", [problem(error.words, way_out)])]
    return [
        Chapter(STATION_PORT, await examine_station_port(url, port)),
        Chapter(Phrase("Échecs de connexion", "Failed connections"), examine_attempts(attempts, stations)),
        Chapter(Phrase("Bornes", "Stations"), list(examine_stations(stations))),
    ]
