"""What the routes of provisioning answer, for the API's own document. Members may be added."""

from typing import Any

from provisioning.api.account_views import SetUpAnswer
from provisioning.api.budgets import SiteBudgetView
from provisioning.api.installing import ANSWERS as INSTALLING
from provisioning.api.order_views import (
    AdoptionAnswer,
    ClaimAttemptAnswer,
    ForgottenAnswer,
    InstallerAnswer,
    OrderAnswer,
)
from provisioning.api.preparations import ANSWERS as PREPARING
from provisioning.api.preview_views import PreviewAnswer
from provisioning.api.shipping_views import EntitlementAnswer, ShippedBoxAnswer
from provisioning.api.site_views import (
    HoursNowAnswer,
    PlaceAnswer,
    SiteAnswer,
    SiteTokensAnswer,
    TariffAnswer,
)
from provisioning.api.station_views import (
    ActivationAnswer,
    AdoptedAnswer,
    ClaimCodeAnswer,
    HistoryAnswer,
    LedStationAnswer,
    UnassignedAnswer,
)

STATION = "/api/v1/stations/{station_id}"
SET_UP = "/api/v1/organisations/{organisation_id}/set-up"
ANSWERS: dict[str, Any] = {
    "GET /api/v1/set-ups": list[SetUpAnswer],
    f"GET {SET_UP}": SetUpAnswer,
    f"POST {SET_UP}": SetUpAnswer,
    f"PUT {SET_UP}/account": SetUpAnswer,
    f"PUT {SET_UP}/organisation": SetUpAnswer,
    f"PUT {SET_UP}/billing": SetUpAnswer,
    f"PUT {SET_UP}/contacts": SetUpAnswer,
    "POST /api/v1/orders": OrderAnswer,
    "GET /api/v1/orders": list[OrderAnswer],
    "GET /api/v1/orders/{order_id}": OrderAnswer,
    **INSTALLING,
    **PREPARING,
    "GET /api/v1/sites/{site_id}/budget": SiteBudgetView,
    "PUT /api/v1/sites/{site_id}/budget": SiteBudgetView,
    "PATCH /api/v1/orders/{order_id}": OrderAnswer,
    "GET /api/v1/orders/{order_id}/shipments": list[ShippedBoxAnswer],
    "POST /api/v1/orders/{order_id}/shipments": list[ShippedBoxAnswer],
    "POST /api/v1/orders/{order_id}/receipts": list[ShippedBoxAnswer],
    "GET /api/v1/orders/{order_id}/entitlements": list[EntitlementAnswer],
    "POST /api/v1/orders/{order_id}/entitlements": list[EntitlementAnswer],
    "POST /api/v1/installers": InstallerAnswer,
    "GET /api/v1/installers": list[InstallerAnswer],
    "POST /api/v1/claims": LedStationAnswer,
    "GET /api/v1/claims": list[ClaimAttemptAnswer],
    "DELETE /api/v1/claims/locks/{target}": ForgottenAnswer,
    "POST /api/v1/adoptions": AdoptedAnswer,
    "GET /api/v1/adoptions": list[AdoptionAnswer],
    "POST /api/v1/sites": SiteAnswer,
    "GET /api/v1/sites": list[SiteAnswer],
    "GET /api/v1/sites/{site_id}": SiteAnswer,
    "PATCH /api/v1/sites/{site_id}": SiteAnswer,
    "GET /api/v1/sites/{site_id}/hours": HoursNowAnswer,
    "PUT /api/v1/sites/{site_id}/hours": HoursNowAnswer,
    "GET /api/v1/sites/{site_id}/tokens": SiteTokensAnswer,
    "PUT /api/v1/sites/{site_id}/tokens": SiteTokensAnswer,
    "POST /api/v1/places": PlaceAnswer,
    "GET /api/v1/places": list[PlaceAnswer],
    "PATCH /api/v1/places/{place_id}": PlaceAnswer,
    "POST /api/v1/tariffs": TariffAnswer,
    "POST /api/v1/tariffs/preview": PreviewAnswer,
    "GET /api/v1/tariffs": list[TariffAnswer],
    "GET /api/v1/tariffs/{tariff_id}": TariffAnswer,
    f"GET {STATION}/lifecycle": HistoryAnswer,
    f"POST {STATION}/suspend": LedStationAnswer,
    f"POST {STATION}/resume": LedStationAnswer,
    f"DELETE {STATION}/assignment": UnassignedAnswer,
    f"GET {STATION}/activation": ActivationAnswer,
    f"POST {STATION}/activation": ActivationAnswer,
    f"DELETE {STATION}/boxes": LedStationAnswer,
    f"PUT {STATION}/credential": LedStationAnswer,
    f"DELETE {STATION}/credential": LedStationAnswer,
    f"POST {STATION}/macs": LedStationAnswer,
    f"POST {STATION}/claim-code": ClaimCodeAnswer,
}
"""By route."""
