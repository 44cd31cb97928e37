"""The console on the server's app: loaded by who shows pages, as it takes half a second to import."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from fastapi import FastAPI

from access.control import AccessControl
from access.login import LoginPage
from borne.provisioning_backend import ProvisioningBackend
from console.bench_runner import BenchRunner
from console.install_views import InstallViews
from console.invitation_page import InvitationPage
from console.login_page import LOGIN_PAGE
from console.mounting import longest_body, mount
from console.people_views import PeopleViews
from console.views import ConsoleViews
from csms.api import ApiParts
from provisioning.app import Provisioning
from runtime.threads import own_thread


def add_pages(
    stack: AsyncExitStack,
    app: FastAPI,
    parts: ApiParts,
    provisioning: Provisioning,
    access: AccessControl,
    *,
    bench: BenchRunner,
) -> tuple[LoginPage, Callable[[str], int]]:
    """Add every page; how people log in, and how much may be sent to a path. Ends with the stack."""
    InvitationPage(app.state.invited, access).serve_in(app)
    labels = stack.enter_context(own_thread("labels"))
    installing = InstallViews(parts, provisioning, labels)
    people = PeopleViews(access, app.state.organisations, app.state.invitations, provisioning)
    views = ConsoleViews(parts, ProvisioningBackend(provisioning), installing, provisioning, people)
    views.of_bench.runner = bench
    mount(app, views)
    return LOGIN_PAGE, longest_body
