"""The REST routes of provisioning, mounted under /api/v1 by borne."""

from fastapi import APIRouter

from provisioning.api.orders import build_orders_router
from provisioning.api.sites import build_sites_router
from provisioning.api.stations import build_stations_router
from provisioning.app import Provisioning

__all__ = ["build_router"]


def build_router(provisioning: Provisioning) -> APIRouter:
    """All routes of provisioning; errors are `runtime.http.Problem`s with the catalogue's codes."""
    router = APIRouter(tags=["provisioning"])
    router.include_router(build_orders_router(provisioning))
    router.include_router(build_sites_router(provisioning))
    router.include_router(build_stations_router(provisioning))
    return router
