"""Refusals of provisioning as problem documents, in French and English, naming who can help."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import Request, Response

from provisioning.errors import ProvisioningProblem
from runtime.http import Problem
from runtime.routers import DeferredRoute


def problem_from(error: ProvisioningProblem) -> Problem:
    """RFC 9457: `detail` in English, both languages in `text_fr` and `text_en`, and `who_clears`."""
    blocker = error.blocker
    extra: dict[str, Any] = {"who_clears": blocker.who_clears.value}
    if error.near:
        extra["nearest"] = list(error.near)
    return Problem(error.status, error.code.value, blocker.text, blocker.way_out, **extra)


@contextmanager
def refusing() -> Iterator[None]:
    """What provisioning refuses is raised as Problem."""
    try:
        yield
    except ProvisioningProblem as error:
        raise problem_from(error) from error


class ProvisioningRoute(DeferredRoute):
    """The one place where refusals of provisioning become answers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route."""
        inner = super().get_route_handler()

        async def answer(request: Request) -> Response:
            with refusing():
                return await inner(request)

        return answer
