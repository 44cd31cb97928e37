"""Plain answers to questions of `csms.ports`, for tests of the central system alone."""

from datetime import datetime

from access.principals import SERVER, Resource
from ocppj.vocabulary import IdToken, IdTokenInfo, StationId


class CaseFoldResolver:
    """Implements `csms.ports.IdentityResolver`: ids differ in more than the case of their letters."""

    def resolve(self, identity: str) -> StationId:
        """The id in lower case."""
        return StationId(identity.lower())


class OneOwner:
    """Implements `csms.ports.Owners`: everything belongs to who runs the server."""

    def of_station(self, station_id: StationId) -> Resource:
        """Whichever it is."""
        return SERVER

    def of_site(self, site_id: str) -> Resource | None:
        """Nobody keeps sites here."""
        return None


class OpenAccess:
    """Implements `csms.ports.AuthorizationPolicy`: what is accepted may charge everywhere, at any time."""

    async def authorize(
        self, station_id: StationId, evse_id: int | None, id_token: IdToken, info: IdTokenInfo, at: datetime
    ) -> IdTokenInfo:
        """The token's own verdict."""
        return info
