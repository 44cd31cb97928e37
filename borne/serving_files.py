"""Files of stations: where they lie, where stations get them, and the work that asks for them."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from borne.addresses import own_addresses, reachable_hosts
from borne.settings import ServerSettings
from csms.api import ApiParts
from csms.api.file_endpoint import FileEndpoint
from csms.api.firmware_files import FIRMWARE_PATH
from csms.central.station_files import StationFiles
from csms.domain.files import FIRMWARE_BYTES_MOST
from csms.rules.transfers import TRANSFER
from runtime.database import Database
from runtime.proxy import TrustedProxies, networks
from runtime.threads import own_thread
from runtime.work.engine import WorkEngine

FOLDER = "files"
"""In `var/`."""


def open_transfers(
    stack: AsyncExitStack, settings: ServerSettings, parts: ApiParts, database: Database, work: WorkEngine
) -> None:
    """Begin to carry out transfers; their thread ends with the stack."""
    thread = stack.enter_context(own_thread(FOLDER))
    transfers = parts.transfers
    transfers.files = StationFiles(settings.var / FOLDER, database, parts.clock, parts.chance, thread)
    work.serve(TRANSFER, transfers.run, given_up=transfers.given_up)


def base_url(settings: ServerSettings, http_port: int) -> str:
    """Where stations reach the HTTP side: as the settings say, else this machine's first address. Without TLS
    then, for no station knows an authority of ours.
    """
    if settings.public_url is not None and urlsplit(settings.public_url).scheme:
        return settings.public_url
    host = reachable_hosts(settings.listen, own_addresses())[0]
    return f"http://{host}:{http_port}"


def with_firmware(longest: Callable[[str], int]) -> Callable[[str], int]:
    """How many bytes may be sent to a path, where firmware may come too."""
    return lambda path: FIRMWARE_BYTES_MOST + 1 if path == FIRMWARE_PATH else longest(path)


def behind_files(app: ASGIApp, files: StationFiles, settings: ServerSettings) -> ASGIApp:
    """What answers HTTP: stations' files by their URLs, all else by `app`; behind the proxies there are."""
    return TrustedProxies(FileEndpoint(app, files), networks(settings.trusted_proxy or ""))
