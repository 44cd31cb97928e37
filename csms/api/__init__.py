"""The REST API of the central system, its live streams and probes, and the views that the console shares."""

from csms.api.ports import ApiParts, Records
from csms.api.probes import build_probes
from csms.api.routers import build_router
from csms.api.views import StationViews

__all__ = [
    "ApiParts",
    "Records",
    "StationViews",
    "build_probes",
    "build_router",
]
