"""Routers of the API, whose routes are built once: when they are first asked for."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import compile_path, get_name


class DeferredRoute(APIRoute):
    """A route that FastAPI works out when it is first asked for: its parameters, bodies and the whole chain
    of what it depends on cost 4 ms, for all of a server's routes nine tenths of its start.

    Until then it knows what a request is matched by, and what it depends on.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self._options = options
        self.path, self.endpoint = path, endpoint
        self.name = options.get("name") or get_name(endpoint)
        self.methods = {method.upper() for method in options.get("methods") or ("GET",)}
        self.dependencies = list(options.get("dependencies") or ())
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)

    def __getattr__(self, name: str) -> Any:
        """What is not there yet."""
        options = self.__dict__.pop("_options", None)
        if options is None:
            raise AttributeError(name, name=name, obj=self)
        try:
            super().__init__(self.path, self.endpoint, **options)
        except Exception:
            self._options = options  # whoever asks next is told the same, not of an attribute that is missing
            raise
        return getattr(self, name)


class ApiRouter(APIRouter):
    """Describes routes as FastAPI's own does. That one builds each of them where it is described and again
    where its router is included; ours are built once, when they are first asked for.
    """

    def __init__(
        self,
        prefix: str = "",
        *,
        tags: list[str] | None = None,
        dependencies: list[Any] | None = None,
        route_class: type[APIRoute] = DeferredRoute,
    ) -> None:
        super().__init__(
            prefix=prefix, tags=[*(tags or ())], dependencies=dependencies, route_class=route_class
        )
        self._described: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Describe one; `get`, `post` and so on come here."""
        self._described.append((path, endpoint, options))

    def add(self, router: "ApiRouter") -> None:
        """Have its routes too, below its prefix and with what holds for all of them."""
        for path, endpoint, options in router.whole():
            self.add_api_route(path, endpoint, **options)

    def serve_in(self, app: FastAPI) -> None:
        """Have them answer in an app."""
        for path, endpoint, options in self.whole():
            app.router.add_api_route(path, endpoint, **options)

    def whole(self) -> list[tuple[str, Callable[..., Any], dict[str, Any]]]:
        """Path, function and options of each, with what holds for all of them."""
        return [
            (self.prefix + path, endpoint, self._all(options)) for path, endpoint, options in self._described
        ]

    def _all(self, options: dict[str, Any]) -> dict[str, Any]:
        return options | {
            "tags": [*self.tags, *(options.get("tags") or ())],
            "dependencies": [*self.dependencies, *(options.get("dependencies") or ())],
            "route_class_override": options.get("route_class_override") or self.route_class,
        }
