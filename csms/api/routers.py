"""All routes of the central system, mounted under /api/v1 by borne."""

from csms.api.bench import build_bench_router
from csms.api.calls import build_calls_router
from csms.api.charging_profiles import build_profiles_router
from csms.api.choices import build_choices_router
from csms.api.commands import build_commands_router
from csms.api.composites import build_composites_router
from csms.api.display_messages import build_display_messages_router
from csms.api.firmware_files import build_firmware_router
from csms.api.history import build_history_router
from csms.api.kept import build_kept_router
from csms.api.leases import build_leases_router
from csms.api.messages import build_messages_router
from csms.api.ports import ApiParts
from csms.api.prices import build_prices_router
from csms.api.quarantine import build_quarantine_router
from csms.api.reservations import build_reservations_router
from csms.api.reviews import build_reviews_router
from csms.api.stations import build_stations_router
from csms.api.timeline import build_timeline_router
from csms.api.tokens import build_tokens_router
from csms.api.transactions import build_transactions_router
from csms.api.transfers import build_transfers_router
from runtime.routers import ApiRouter


def build_router(parts: ApiParts) -> ApiRouter:
    """All routes of the central system; errors are `runtime.http.Problem`s."""
    router = ApiRouter(tags=["central system"])
    router.add(build_stations_router(parts))
    router.add(build_choices_router(parts))
    router.add(build_calls_router(parts))
    router.add(build_commands_router(parts))
    router.add(build_kept_router(parts))
    router.add(build_history_router(parts))
    router.add(build_timeline_router(parts))
    router.add(build_messages_router(parts))
    router.add(build_transactions_router(parts))
    router.add(build_prices_router(parts))
    router.add(build_reviews_router(parts))
    router.add(build_reservations_router(parts))
    router.add(build_profiles_router(parts))
    router.add(build_bench_router(parts))
    router.add(build_leases_router(parts))
    router.add(build_composites_router(parts))
    router.add(build_display_messages_router(parts))
    router.add(build_firmware_router(parts))
    router.add(build_transfers_router(parts))
    router.add(build_tokens_router(parts))
    router.add(build_quarantine_router(parts))
    return router
