"""What makes an app of the installer's pages: their manifest, and what serves them without signal."""

from starlette.responses import JSONResponse, Response

from console.assets import all_assets, asset
from console.page_routes import PageRoute
from console.pages.install import HOME
from console.views import ConsoleViews
from console.visit import PageVisit

WORKER = "install/worker.js"
COLOUR = "#0b6b5c"


async def manifest(visit: PageVisit, _: ConsoleViews) -> Response:
    """As browsers ask for it where somebody puts the page onto the home screen."""
    told = {
        "name": visit.words("install.title"),
        "short_name": visit.words("app.name"),
        "lang": visit.words.locale,
        "start_url": HOME,
        "scope": HOME,
        "display": "standalone",
        "theme_color": COLOUR,
        "background_color": COLOUR,
        "icons": [{"src": asset("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JSONResponse(told, media_type="application/manifest+json", headers={"cache-control": "no-cache"})


async def worker(_visit: PageVisit, _: ConsoleViews) -> Response:
    """Its address never changes: the browser looks by itself for a newer one."""
    headers = {"cache-control": "no-cache", "service-worker-allowed": HOME}
    return Response(all_assets()[WORKER], media_type="text/javascript", headers=headers)


ROUTES = (
    PageRoute(f"{HOME}/manifest.webmanifest", manifest),
    PageRoute(f"{HOME}/worker.js", worker),
)
