"""What the console's pages ask of provisioning."""

from access.principals import AccessScope
from ocppj.vocabulary import StationId
from provisioning.api.problems import problem_from
from provisioning.api.station_views import RunAnswer, run_view
from provisioning.app import Provisioning
from provisioning.errors import ProvisioningProblem


class ProvisioningBackend:
    """Fills `console.views.StationProvisioning`."""

    def __init__(self, provisioning: Provisioning) -> None:
        self._provisioning = provisioning

    async def adopt(self, station_id: str, by: str, scope: AccessScope) -> str | None:
        """Take in a station that nobody ordered; its claim code, told once. Raises runtime.http.Problem."""
        try:
            localization = self._provisioning.use_cases.localization
            adoption = await localization.adopt(station_id, None, None, by, scope)
        except ProvisioningProblem as problem:
            raise problem_from(problem) from problem
        return adoption.claim_code

    def activation(self, station_id: str) -> RunAnswer | None:
        """The last activation, step by step; None without one."""
        run = self._provisioning.station_cache.runs.get(StationId(station_id))
        return run_view(run) if run is not None else None

    def sites(self) -> list[tuple[str, str]]:
        """Id and name of each."""
        return [(each.site_id, each.name) for each in self._provisioning.station_cache.sites.values()]
