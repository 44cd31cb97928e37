"""The REST routes of provisioning, mounted under /api/v1 by borne."""

from provisioning.api.accounts import build_accounts_router
from provisioning.api.box_checks import build_box_checks_router
from provisioning.api.budgets import build_budgets_router
from provisioning.api.certificates import build_certificates_router
from provisioning.api.exchanges import build_exchanges_router
from provisioning.api.installing import build_installing_router
from provisioning.api.jobs import build_jobs_router
from provisioning.api.orders import build_orders_router
from provisioning.api.photos import build_photos_router
from provisioning.api.power_up import build_power_up_router
from provisioning.api.preparations import build_preparations_router
from provisioning.api.previews import build_previews_router
from provisioning.api.products import build_products_router
from provisioning.api.shipping import build_shipping_router
from provisioning.api.site_plans import build_site_plans_router
from provisioning.api.sites import build_sites_router
from provisioning.api.stations import build_stations_router
from provisioning.api.trying_out import build_trying_out_router
from provisioning.app import Provisioning
from runtime.routers import ApiRouter

__all__ = ["build_router"]


def build_router(provisioning: Provisioning) -> ApiRouter:
    """All routes of provisioning; errors are `runtime.http.Problem`s with the catalogue's codes."""
    router = ApiRouter(tags=["provisioning"])
    router.add(build_accounts_router(provisioning))
    router.add(build_orders_router(provisioning))
    router.add(build_shipping_router(provisioning))
    router.add(build_products_router(provisioning))
    router.add(build_sites_router(provisioning))
    router.add(build_budgets_router(provisioning))
    router.add(build_preparations_router(provisioning))
    router.add(build_site_plans_router(provisioning))
    router.add(build_previews_router(provisioning))
    router.add(build_stations_router(provisioning))
    router.add(build_exchanges_router(provisioning))
    router.add(build_installing_router(provisioning))
    router.add(build_jobs_router(provisioning))
    router.add(build_trying_out_router(provisioning))
    router.add(build_power_up_router(provisioning))
    router.add(build_certificates_router(provisioning))
    router.add(build_photos_router(provisioning))
    router.add(build_box_checks_router(provisioning))
    return router
