"""API and probes on one app: the routes of all parts, and what holds for every one of them."""

from collections.abc import Callable
from importlib import metadata

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from access.api import ANSWERS as ACCESS_ANSWERS
from access.api import build_access_router
from access.authentication import PUBLIC_PATHS
from access.control import AccessControl
from access.guard import refuse_undeclared
from borne.server_api import ANSWERS as SERVER_ANSWERS
from csms.api import ApiParts, build_probes, build_router
from csms.api.answers import ANSWERS as CSMS_ANSWERS
from csms.errors import StorageUnavailable
from csms.metrics import Metrics
from provisioning.api import build_router as build_provisioning_router
from provisioning.api.answers import ANSWERS as PROVISIONING_ANSWERS
from provisioning.app import Provisioning
from runtime.bodies import KNOWN_PARAMETERS
from runtime.http import install_problems, not_stored
from runtime.openapi import describe
from runtime.wording import Phrase

VERSION = metadata.version("borne")
API = "/api/v1"


def build_http(
    parts: ApiParts,
    provisioning: Provisioning,
    access: AccessControl,
    metrics: Metrics,
    trouble: Callable[[], Phrase | None],
) -> FastAPI:
    """API and probes on one app; authentication goes around it."""
    app = FastAPIOffline(
        title="borne",
        version=VERSION,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        static_url="/api/static",
    )
    install_problems(app)
    app.add_exception_handler(StorageUnavailable, not_stored)
    for router in (build_router(parts), build_provisioning_router(provisioning), build_access_router(access)):
        app.include_router(router, prefix=API, dependencies=[KNOWN_PARAMETERS])
    app.include_router(build_probes(metrics, parts, trouble))
    refuse_undeclared(app, API)
    describe(app, CSMS_ANSWERS | PROVISIONING_ANSWERS | ACCESS_ANSWERS | SERVER_ANSWERS, PUBLIC_PATHS)
    return app
