"""A line of the catalogue: what is in the way, what to do about it, and who can."""

from dataclasses import dataclass

from provisioning.blockers import Clearer
from runtime.wording import Phrase, WayOut


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One line; its texts may hold `{fields}`, and `{id}` where a way out is the station's own."""

    text: Phrase
    way_out: WayOut
    clearer: Clearer
    status: int = 409
