"""Everything provisioning says is in the way, in French and English, with the way out and who can take it.

One table: lifecycle blockers, activation steps, refusals of the API and the docs page all read it. A text
says what happened; the way out says what to do in words that suit every reader, and where: on a page, in a
terminal, through the API.
"""

from functools import cache
from typing import Any

from provisioning.account_texts import ACCOUNTS
from provisioning.blockers import Blocker, Code
from provisioning.claim_texts import CLAIMS
from provisioning.entries import CatalogueEntry
from provisioning.install_texts import INSTALLING
from provisioning.job_texts import JOBS
from provisioning.lifecycle_texts import ON_THE_WAY
from provisioning.preparation_texts import PREPARING
from provisioning.refusal_texts import REFUSALS
from provisioning.remark_texts import REMARKS

CATALOGUE: dict[Code, CatalogueEntry] = (
    ON_THE_WAY | REMARKS | REFUSALS | CLAIMS | JOBS | ACCOUNTS | INSTALLING | PREPARING
)


def blocker(code: Code, **fields: Any) -> Blocker:
    """The catalogue's line with its fields filled in; the station's `{id}` may wait for `Blocker.at`.

    Raises KeyError where another is missing.
    """
    return _filled(code, fields) if fields else _plain(code)


@cache
def _plain(code: Code) -> Blocker:
    """Made once: a thousand ordered stations have the same in their way."""
    return _filled(code, {})


def _filled(code: Code, fields: dict[str, Any]) -> Blocker:
    entry = CATALOGUE[code]
    about = str(fields.get("key", ""))
    return Blocker(code, entry.text.filled(fields), entry.way_out.filled(fields), entry.clearer, about)
