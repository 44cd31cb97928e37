"""Answers to claims that carried a key, until nobody asks for them any more."""

from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.rules.claim_keys import KeyedClaim
from provisioning.storage.tables import claim_keys

KEPT_FOR = timedelta(days=7)
KEPT_MOST = 200
"""Of one account, the newest."""


def load_claim_key(connection: Connection, account: str, key: str) -> KeyedClaim | None:
    """What was answered to it."""
    is_it = (claim_keys.c.account == account, claim_keys.c.key == key)
    row = connection.execute(select(claim_keys).where(*is_it)).first()
    if row is None:
        return None
    code = Code(row.refused_as) if row.refused_as is not None else None
    return KeyedClaim(row.account, row.key, row.sealed, row.at, StationId(row.station_id), code, row.tries)


def save_claim_key(connection: Connection, kept: KeyedClaim) -> None:
    """Keep an answer; old ones go, and of each account those that are too many."""
    values = {
        "account": kept.account,
        "key": kept.key,
        "sealed": kept.sealed,
        "at": kept.at,
        "station_id": kept.station_id,
        "refused_as": kept.refused_as.value if kept.refused_as is not None else None,
        "tries": kept.tries,
    }
    connection.execute(insert(claim_keys), values)
    connection.execute(delete(claim_keys).where(claim_keys.c.at < kept.at - KEPT_FOR))
    is_theirs = claim_keys.c.account == kept.account
    newest = claim_keys.c.at.desc(), claim_keys.c.key.desc()
    too_many = select(claim_keys.c.key).where(is_theirs).order_by(*newest).offset(KEPT_MOST)
    connection.execute(delete(claim_keys).where(is_theirs, claim_keys.c.key.in_(too_many)))
