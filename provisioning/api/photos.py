"""/stations/{id}/power-up/photos: photos of a run, announced by their hash and sent in parts."""

from typing import Annotated

from fastapi import Query, Request, Response

from provisioning.api.bodies import PhotoBody
from provisioning.api.photo_views import PhotoView, photo_view
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import Tester
from provisioning.api.stations import known_station
from provisioning.app import Provisioning
from provisioning.rules.photos import PART_BYTES
from runtime.http import Problem
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

PICTURE = {"schema": {"type": "string", "format": "binary"}}
Hash = Annotated[str, Query(pattern="^[0-9a-f]{64}$", description="SHA-256 of the photo's bytes, in hex.")]
TOO_LONG = Phrase("Cette partie de la photo est trop longue", "This part of the photo is too long")
SMALLER = WayOut(f"Envoyez au plus {PART_BYTES} octets.", f"Send at most {PART_BYTES} bytes.")


def build_photos_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of photos."""
    router = ApiRouter(route_class=ProvisioningRoute, prefix="/stations/{station_id}/power-up")
    photos = provisioning.power_ups.photos

    @router.get("/photos")
    async def listed(station_id: str, who: Tester) -> list[PhotoView]:  # noqa: ARG001 - asked
        """The photos of the last power-up run: how much of each has come, and what the phone says of it."""
        known = await known_station(provisioning, station_id)
        return [photo_view(each) for each in await photos.of_last_run(known)]

    @router.post("/photos", status_code=201)
    async def announce(station_id: str, body: PhotoBody, who: Tester) -> PhotoView:
        """Announce a photo by its hash; `received` tells from where on to send it."""
        known = await known_station(provisioning, station_id)
        return photo_view(await photos.announce(known, body.claim(), who.name))

    @router.put("/photo")
    async def receive(
        request: Request,
        station_id: str,
        sha256: Hash,
        who: Tester,
        start: Annotated[int, Query(ge=0, description="The place of the part's first byte.")] = 0,
    ) -> PhotoView:
        """Send a part of a photo, at most 262,144 bytes; one that came already is passed over."""
        known = await known_station(provisioning, station_id)
        content = await request.body()
        if len(content) > PART_BYTES:
            raise Problem(413, "body_too_long", TOO_LONG, SMALLER)
        return photo_view(await photos.receive(known, sha256, start, content, who.name))

    @router.get("/photo", response_class=Response, responses={200: {"content": {"image/*": PICTURE}}})
    async def picture(station_id: str, sha256: Hash, who: Tester) -> Response:  # noqa: ARG001 - asked
        """A photo that is whole, byte for byte as it came."""
        known = await known_station(provisioning, station_id)
        kind, content = await photos.content(known, sha256)
        return Response(content, media_type=kind, headers={"cache-control": "private, no-store"})

    return router
