"""API and probes on one app: the routes of all parts, and what holds for every one of them."""

from collections.abc import Callable, Sequence
from importlib import metadata

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from access.api import ANSWERS as ACCESS_ANSWERS
from access.api import build_access_router
from access.control import AccessControl
from access.guard import API, refuse_undeclared
from access.invitations import Invitations
from access.invitations_api import build_invitations_router, invitation_finder
from access.invited import InvitedAccess, build_invited_router
from access.login_limit import LoginLimit
from access.organisations import Organisations
from access.organisations_api import ANSWERS as ORGANISATIONS_ANSWERS
from access.organisations_api import build_organisations_router, organisation_finder
from access.public_paths import PUBLIC_PATHS
from borne.reports_api import ANSWERS as REPORT_ANSWERS
from borne.server_api import ANSWERS as SERVER_ANSWERS
from csms.api import ApiParts, build_probes, build_router
from csms.api.answers import ANSWERS as CSMS_ANSWERS
from csms.api.finding import build_finders as build_csms_finders
from csms.errors import StorageUnavailable
from csms.metrics import Metrics
from provisioning.api import build_router as build_provisioning_router
from provisioning.api.answers import ANSWERS as PROVISIONING_ANSWERS
from provisioning.api.certificate_keys import ANSWERS as CERTIFICATE_ANSWERS
from provisioning.api.finding import build_finders as build_provisioning_finders
from provisioning.app import Provisioning
from provisioning.owners import StoredOwned
from provisioning.settings import team_contact
from runtime.bodies import KNOWN_PARAMETERS
from runtime.http import install_problems, not_stored
from runtime.openapi import describe
from runtime.routers import ApiRouter
from runtime.wording import Phrase

VERSION = metadata.version("borne")


def build_http(
    parts: ApiParts,
    provisioning: Provisioning,
    access: AccessControl,
    metrics: Metrics,
    trouble: Callable[[], Phrase | None],
    *,
    routers: Sequence[ApiRouter],
) -> FastAPI:
    """API and probes on one app, `routers` too; authentication goes around it."""
    app = FastAPIOffline(
        title="borne",
        version=VERSION,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        static_url="/api/static",
    )
    install_problems(app, team_contact(provisioning.use_cases.jobs.settings))
    app.add_exception_handler(StorageUnavailable, not_stored)
    organisations = Organisations(provisioning.station_cache.database, parts.clock, StoredOwned())
    invitations = Invitations(
        provisioning.station_cache.database, parts.clock, parts.chance, StoredOwned(), access
    )
    api = ApiRouter(API, dependencies=[KNOWN_PARAMETERS])
    api.add(build_router(parts))
    api.add(build_provisioning_router(provisioning))
    api.add(build_access_router(access))
    api.add(build_organisations_router(organisations))
    public_url = provisioning.use_cases.jobs.settings.public_url
    api.add(build_invitations_router(invitations, parts.clock.now, public_url))
    for router in routers:
        api.add(router)
    api.serve_in(app)
    sites = provisioning.station_cache.sites
    invited = InvitedAccess(
        invitations, LoginLimit(parts.clock), lambda id_: sites[id_].name if id_ in sites else None
    )
    build_invited_router(invited).serve_in(app)
    app.state.invited, app.state.invitations, app.state.organisations = invited, invitations, organisations
    build_probes(metrics, parts, trouble).serve_in(app)
    app.state.finders = {
        "csms": build_csms_finders(parts),
        "provisioning": build_provisioning_finders(provisioning),
        "access": {
            "organisation_id": organisation_finder(organisations),
            "invitation_id": invitation_finder(invitations),
        },
    }
    refuse_undeclared(app, API)
    describe(
        app,
        CSMS_ANSWERS
        | PROVISIONING_ANSWERS
        | CERTIFICATE_ANSWERS
        | ACCESS_ANSWERS
        | ORGANISATIONS_ANSWERS
        | (SERVER_ANSWERS | REPORT_ANSWERS),
        PUBLIC_PATHS,
    )
    return app
