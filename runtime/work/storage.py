"""Work on disk: asked for, claimed by lease, ended, pruned. Every function is of one transaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from runtime.rows import execute_many, parts
from runtime.wording import Phrase
from runtime.work.pieces import Piece, WorkDone, WorkFailed, WorkOutcome, WorkRetry, retry_at, with_line
from runtime.work.request import WorkRequest, WorkState
from runtime.work.rows import lines_text, piece_of, request_values
from runtime.work.table import work

SUBJECT_WORK_KEPT = 200
"""Pieces of one subject that are over."""
WORK_KEPT = 100_000
"""Pieces that are over, all subjects together."""
NEWER = Phrase("une demande plus récente la remplace", "a newer request takes its place")

_columns = work.c
_is_waiting = _columns.state == WorkState.WAITING.value
_is_running = _columns.state == WorkState.RUNNING.value
_is_over = _columns.state.in_(sorted(each.value for each in WorkState if each.is_over))
_is_named = and_(
    _columns.kind == bindparam("of_kind"),
    _columns.subject == bindparam("of_subject"),
    _columns.key == bindparam("of_key"),
)
_SUPERSEDE = (
    update(work)
    .where(_is_waiting, _is_named)
    .values(
        state=WorkState.SUPERSEDED.value,
        moved_at=bindparam("at"),
        reason_fr=NEWER.fr,
        reason_en=NEWER.en,
    )
)


def write_work(connection: Connection, requests: Collection[WorkRequest]) -> None:
    """Ask for these; what waits under the same name is superseded. Of several of one name the last counts."""
    last = {each.name: each for each in requests}
    execute_many(connection, _SUPERSEDE, [_named(each) | {"at": each.asked_at} for each in last.values()])
    execute_many(connection, insert(work), [request_values(each) for each in last.values()])


def _named(one: WorkRequest | Piece) -> dict[str, Any]:
    """What `_is_named` asks for."""
    return dict(zip(("of_kind", "of_subject", "of_key"), one.name, strict=True))


def withdraw_work(connection: Connection, subjects: Collection[str], at: datetime, reason: Phrase) -> None:
    """These have gone: what waits for them is needless."""
    gone = update(work).values(
        state=WorkState.SUPERSEDED.value, moved_at=at, reason_fr=reason.fr, reason_en=reason.en
    )
    for some in parts(subjects):
        connection.execute(gone.where(_is_waiting, _columns.subject.in_(some)))


def enqueue_if_absent(connection: Connection, requests: Collection[WorkRequest]) -> None:
    """Those of which no piece of the same name waits or runs."""
    kinds = sorted({each.kind for each in requests})
    query = select(_columns.kind, _columns.subject, _columns.key)
    rows = connection.execute(query.where(_columns.kind.in_(kinds), or_(_is_waiting, _is_running)))
    known = {(row.kind, row.subject, row.key) for row in rows}
    write_work(connection, [each for each in requests if each.name not in known])


# Claiming ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkAhead:
    """What a look at the table found: whether something may be claimed now, and when to look again."""

    is_due: bool
    next_at: datetime | None


def look_ahead(connection: Connection, kinds: Collection[str], now: datetime) -> WorkAhead:
    """What there is to do of these kinds."""
    is_due = connection.execute(_claimable(kinds, now).limit(1)).first() is not None
    is_ours = _columns.kind.in_(sorted(kinds))
    later = select(func.min(_columns.due_at)).where(_is_waiting, is_ours, _columns.due_at > now)
    leased = select(func.min(_columns.lease_until)).where(_is_running, is_ours, _columns.lease_until > now)
    instants = [each for query in (later, leased) if (each := connection.execute(query).scalar()) is not None]
    return WorkAhead(is_due, min(instants, default=None))


def claim_work(
    connection: Connection, kinds: Collection[str], node: str, now: datetime, *, until: datetime, most: int
) -> list[Piece]:
    """Lease what is due, the oldest first, one piece for each subject and lane.

    Two nodes that claim at once cannot have the same piece, for the second finds it moved; nor two pieces of
    one subject and lane, for the index refuses the second node's whole claim (IntegrityError).
    """
    claimed: dict[tuple[str, str], Piece] = {}
    for row in connection.execute(_claimable(kinds, now).limit(most)).all():
        found = piece_of(row)
        if (found.subject, found.lane) in claimed:
            continue
        if (leased := _lease(connection, found, node, now, until)) is not None:
            claimed[found.subject, found.lane] = leased
    return list(claimed.values())


def extend_leases(
    connection: Connection, node: str, work_ids: Collection[int], until: datetime
) -> frozenset[int]:
    """Keep these for longer; those that are still this node's."""
    still: set[int] = set()
    for some in parts(work_ids):
        ours = and_(_columns.work_id.in_(some), _columns.leased_by == node, _is_running)
        connection.execute(update(work).where(ours).values(lease_until=until))
        still |= set(connection.execute(select(_columns.work_id).where(ours)).scalars())
    return frozenset(still)


def free_leases(connection: Connection, node: str, now: datetime) -> None:
    """What an earlier process of this node was at may be claimed at once: it does not run any more."""
    connection.execute(update(work).where(_is_running, _columns.leased_by == node).values(lease_until=now))


def give_back(connection: Connection, node: str, now: datetime) -> None:
    """What this node has begun and does not end, for it stops: the run that was cut short does not count."""
    connection.execute(
        update(work)
        .where(_is_running, _columns.leased_by == node)
        .values(
            state=WorkState.WAITING.value,
            attempt=_columns.attempt - 1,
            due_at=now,
            leased_by=None,
            lease_until=None,
            moved_at=now,
        )
    )


def _claimable(kinds: Collection[str], now: datetime) -> Select[Any]:
    """Due, or left by a node whose lease is over; and nothing else of its subject and lane runs."""
    other = work.alias("other")
    is_taken = (
        select(other.c.work_id)
        .where(
            other.c.subject == _columns.subject,
            other.c.lane == _columns.lane,
            other.c.state == WorkState.RUNNING.value,
            other.c.work_id != _columns.work_id,
        )
        .exists()
    )
    is_ready = or_(and_(_is_waiting, _columns.due_at <= now), and_(_is_running, _columns.lease_until <= now))
    query = select(work).where(_columns.kind.in_(sorted(kinds)), is_ready, ~is_taken)
    return query.order_by(_columns.due_at, _columns.work_id)


def _lease(connection: Connection, found: Piece, node: str, now: datetime, until: datetime) -> Piece | None:
    """The piece as it is ours; None where somebody has moved it since it was looked at."""
    is_same = and_(
        _columns.work_id == found.work_id,
        _columns.state == found.state.value,
        _columns.attempt == found.attempt,
        _columns.lease_until.is_(None)
        if found.lease_until is None
        else _columns.lease_until == found.lease_until,
    )
    lease: dict[str, Any] = {
        "attempt": found.attempt + 1,
        "leased_by": node,
        "lease_until": until,
        "moved_at": now,
    }
    taken = update(work).where(is_same).values(state=WorkState.RUNNING.value, **lease)
    if connection.execute(taken).rowcount != 1:
        return None
    return replace(found, state=WorkState.RUNNING, **lease)


# Ending -----------------------------------------------------------------------------------------------


def end_run(connection: Connection, piece: Piece, outcome: WorkOutcome, now: datetime) -> bool:
    """Store what a run came to, with what follows from it; False, and nothing is, if the lease was lost."""
    is_replaced = _has_newer(connection, piece)
    values = _ended(piece, outcome, now, is_replaced=is_replaced)
    ours = and_(
        _columns.work_id == piece.work_id,
        _columns.leased_by == piece.leased_by,
        _columns.attempt == piece.attempt,
        _is_running,
    )
    if connection.execute(update(work).where(ours).values(**values)).rowcount != 1:
        return False
    then = outcome.then if isinstance(outcome, WorkDone | WorkFailed) else ()
    write_work(connection, [each for each in then if not (is_replaced and each.name == piece.name)])
    return True


def _has_newer(connection: Connection, piece: Piece) -> bool:
    """Whether somebody asked for the same while it ran."""
    query = select(_columns.work_id).where(_is_waiting, _is_named, _columns.work_id > piece.work_id).limit(1)
    return connection.execute(query, _named(piece)).first() is not None


def _ended(piece: Piece, outcome: WorkOutcome, now: datetime, *, is_replaced: bool) -> dict[str, Any]:
    reason = None if isinstance(outcome, WorkDone) else outcome.reason
    line = outcome.evidence or reason or ""
    values: dict[str, Any] = {
        "leased_by": None,
        "lease_until": None,
        "moved_at": now,
        "evidence": lines_text(with_line(piece.evidence, now, line)),
    }
    match outcome:
        case WorkDone():
            values["state"] = WorkState.DONE.value
        case WorkFailed():
            values["state"] = WorkState.FAILED.value
        case _ if is_replaced:
            values["state"], reason = WorkState.SUPERSEDED.value, NEWER
        case WorkRetry():
            values |= {"state": WorkState.WAITING.value, "due_at": retry_at(now, piece.attempt)}
        case _:
            values |= {"state": WorkState.WAITING.value, "due_at": outcome.until, "attempt": 0}
    values["reason_fr"] = reason.fr if reason is not None else None
    values["reason_en"] = reason.en if reason is not None else None
    return values


# Pruning ----------------------------------------------------------------------------------------------


def prune_subjects(connection: Connection, subjects: Iterable[str], kept: int = SUBJECT_WORK_KEPT) -> None:
    """Of these, what has been over for longest goes."""
    for subject in set(subjects):
        is_past = and_(_columns.subject == subject, _is_over)
        connection.execute(delete(work).where(is_past, _columns.work_id <= _beyond(is_past, kept)))


def prune_work(connection: Connection, kept: int = WORK_KEPT) -> None:
    """The same of all together."""
    connection.execute(delete(work).where(_is_over, _columns.work_id <= _beyond(_is_over, kept)))


def _beyond(rows: ColumnElement[bool], kept: int) -> Any:
    """The newest of these rows that is one too many."""
    newest = select(_columns.work_id).where(rows).order_by(_columns.work_id.desc())
    return newest.limit(1).offset(kept).scalar_subquery()


# Reading ----------------------------------------------------------------------------------------------


def find_work(
    connection: Connection,
    *,
    subjects: Sequence[str] = (),
    state: WorkState | None = None,
    before: int | None = None,
    limit: int = 100,
    only: ColumnElement[bool] | None = None,
) -> list[Piece]:
    """The newest pieces: of these subjects, in this state, asked for before that number, `only` those."""
    query = select(work) if only is None else select(work).where(only)
    if subjects:
        query = query.where(_columns.subject.in_(subjects))
    if state is not None:
        query = query.where(_columns.state == state.value)
    if before is not None:
        query = query.where(_columns.work_id < before)
    rows = connection.execute(query.order_by(_columns.work_id.desc()).limit(limit))
    return [piece_of(row) for row in rows]
