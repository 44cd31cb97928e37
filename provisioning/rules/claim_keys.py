"""A claim that carries a key is one claim, however often it is sent: the first answer counts. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.errors import ClaimRefused, ProvisioningProblem
from runtime.wording import Phrase


@dataclass(frozen=True, slots=True)
class KeyedClaim:
    """What was answered: the station that was claimed, or a refusal that cost a try. `sealed` is what the
    claim said; its code is short, so nothing weaker than the seal of secrets would hide it.
    """

    account: str
    key: str
    sealed: bytes = field(repr=False)
    at: datetime
    station_id: StationId
    refused_as: Code | None = None
    tries: int | None = None

    def answer(
        self, claim_text: bytes, matches: Callable[[bytes | None, bytes], bool], team: Phrase
    ) -> ProvisioningProblem | None:
        """The first answer again; None: it was granted. Raises ProvisioningProblem: E_KEY_REUSED."""
        if not matches(self.sealed, claim_text):
            raise ProvisioningProblem(Code.KEY_REUSED)
        return None if self.refused_as is None else ClaimRefused(self.refused_as, tries=self.tries, team=team)
