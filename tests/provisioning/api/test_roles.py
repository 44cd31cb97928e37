"""Who may call what: nobody without a token, and each role no more than its part."""

import re

import pytest

from access.principals import Role
from tests.provisioning.api.conftest import Api
from tests.support.provisioning import ID

ALL = set(Role)
OWNER = {Role.ADMIN, Role.MANAGER}
ON_SITE = {Role.ADMIN, Role.MANAGER, Role.INSTALLER}
TEAM = {Role.ADMIN}

ALLOWED: dict[str, set[Role]] = {
    "GET /set-ups": OWNER,
    "GET /organisations/{organisation_id}/set-up": OWNER,
    "POST /organisations/{organisation_id}/set-up": OWNER,
    "DELETE /organisations/{organisation_id}/set-up": OWNER,
    "PUT /organisations/{organisation_id}/set-up/account": OWNER,
    "PUT /organisations/{organisation_id}/set-up/organisation": OWNER,
    "PUT /organisations/{organisation_id}/set-up/billing": OWNER,
    "PUT /organisations/{organisation_id}/set-up/contacts": OWNER,
    "POST /orders": OWNER,
    "GET /orders": ALL,
    "GET /orders/{order_id}": ALL,
    "PATCH /orders/{order_id}": OWNER,
    "GET /orders/{order_id}/shipments": ALL,
    "POST /orders/{order_id}/shipments": OWNER,
    "POST /orders/{order_id}/receipts": OWNER,
    "GET /orders/{order_id}/entitlements": ALL,
    "POST /orders/{order_id}/entitlements": OWNER,
    "GET /certifications": OWNER,
    "POST /certifications": TEAM,
    "POST /stations/{station_id}/commissioning": TEAM,
    "POST /installers": OWNER,
    "GET /installers": OWNER,
    "POST /claims": ON_SITE,
    "GET /claims": OWNER,
    "DELETE /claims/locks/{target}": TEAM,
    "POST /adoptions": TEAM,
    "GET /adoptions": ALL,
    "POST /sites": OWNER,
    "GET /sites": ALL,
    "GET /sites/{site_id}": ALL,
    "PATCH /sites/{site_id}": OWNER,
    "GET /sites/{site_id}/hours": ALL,
    "PUT /sites/{site_id}/hours": OWNER,
    "GET /sites/{site_id}/budget": ALL,
    "PUT /sites/{site_id}/budget": OWNER,
    "DELETE /sites/{site_id}/budget": OWNER,
    "GET /sites/{site_id}/plans": ALL,
    "PUT /sites/{site_id}/plans": OWNER,
    "GET /sites/{site_id}/plan": ALL,
    "DELETE /sites/{site_id}/plan": OWNER,
    "GET /sites/{site_id}/tokens": OWNER,
    "PUT /sites/{site_id}/tokens": OWNER,
    "GET /preparations": ON_SITE,
    "GET /sites/{site_id}/preparation": ON_SITE,
    "PUT /sites/{site_id}/preparation": OWNER,
    "DELETE /sites/{site_id}/preparation": TEAM,
    "PUT /sites/{site_id}/preparation/items": ON_SITE,
    "PUT /sites/{site_id}/preparation/signals": ON_SITE,
    "POST /sites/{site_id}/preparation/guides": ON_SITE,
    "PUT /sites/{site_id}/preparation/approval": TEAM,
    "POST /places": OWNER,
    "PATCH /places/{place_id}": OWNER,
    "GET /places": ALL,
    "POST /tariffs": OWNER,
    "POST /tariffs/preview": OWNER,
    "GET /tariffs": ALL,
    "GET /tariffs/{tariff_id}": ALL,
    "GET /stations/{station_id}/lifecycle": ALL,
    "POST /stations/{station_id}/suspend": OWNER,
    "POST /stations/{station_id}/resume": OWNER,
    "DELETE /stations/{station_id}/assignment": ON_SITE,
    "GET /stations/{station_id}/activation": ALL,
    "POST /stations/{station_id}/activation": OWNER,
    "DELETE /stations/{station_id}/boxes": ON_SITE,
    "PUT /stations/{station_id}/credential": TEAM,
    "DELETE /stations/{station_id}/credential": TEAM,
    "POST /stations/{station_id}/macs": OWNER,
    "POST /stations/{station_id}/claim-code": TEAM,
    "DELETE /stations/{station_id}/order": OWNER,
    "GET /jobs": ON_SITE,
    "POST /jobs": OWNER,
    "GET /jobs/{job_id}": ON_SITE,
    "PATCH /jobs/{job_id}": OWNER,
    "DELETE /jobs/{job_id}": OWNER,
    "GET /jobs/{job_id}/pack": ON_SITE,
    "GET /products": ALL,
    "GET /products/{product_id}": ALL,
    "GET /stations/{station_id}/power-up": ON_SITE,
    "POST /stations/{station_id}/power-up": ON_SITE,
    "PUT /stations/{station_id}/power-up/readings": ON_SITE,
    "POST /stations/{station_id}/power-up/finish": ON_SITE,
    "PUT /stations/{station_id}/power-up/checks": ON_SITE,
    "GET /stations/{station_id}/power-up/certificate": ON_SITE,
    "GET /stations/{station_id}/power-up/certificate.pdf": ON_SITE,
    "GET /stations/{station_id}/power-up/frames": ON_SITE,
    "POST /stations/{station_id}/power-up/box": ON_SITE,
    "GET /stations/{station_id}/power-up/box": ON_SITE,
    "GET /stations/{station_id}/power-up/photos": ON_SITE,
    "POST /stations/{station_id}/power-up/photos": ON_SITE,
    "PUT /stations/{station_id}/power-up/photo": ON_SITE,
    "GET /stations/{station_id}/power-up/photo": ON_SITE,
    "GET /stations/{station_id}/test-window": ON_SITE,
    "POST /stations/{station_id}/test-window": ON_SITE,
    "DELETE /stations/{station_id}/test-window": ON_SITE,
    "POST /stations/{station_id}/exchange": ON_SITE,
    "POST /stations/{station_id}/swap": ON_SITE,
}


async def test_the_table_below_is_the_api(api: Api) -> None:
    """No route without a line that says who may call it."""
    routes = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in api.app.openapi()["paths"].items()
        for method in methods
    }
    assert routes == set(ALLOWED)


@pytest.mark.requirement("R3", "refuses")
@pytest.mark.requirement("R3", "passes")
async def test_each_role_may_do_its_part_and_no_more(api: Api) -> None:
    """401 without a token, 403 for another role; with the role, whatever else is wrong with the request."""
    for route, allowed in ALLOWED.items():
        method, path = route.split()
        path = re.sub(r"\{\w+\}", "x", path.replace("{station_id}", ID))
        assert (await api.by(None).request(method, path, json={})).status_code == 401, route
        for role in Role:
            answer = await api.by(role).request(method, path, json={})
            is_refused = answer.status_code == 403 and answer.json()["code"] == "role_required"
            assert is_refused is (role not in allowed), f"{role} {route}: {answer.text}"
            assert answer.status_code < 500, f"{role} {route}: {answer.text}"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.INSTALLER])
async def test_lists_and_addresses_are_for_managers(api: Api, role: Role) -> None:
    """Tokens of drivers and e-mail addresses of people are nobody else's business."""
    for path in ("/installers", "/claims"):
        assert (await api.by(role).get(path)).status_code == 403
