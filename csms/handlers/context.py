"""What a handler may ask, and of whom an event came."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from csms.ports import (
    Admission,
    AuthorizationPolicy,
    BootPolicy,
    ConcurrencyPolicy,
    CredentialKeeper,
    IdentityResolver,
    TariffSource,
    TokenSource,
)
from ocppj.model.messages import Reply
from ocppj.vocabulary import IdToken, StationId

IsTest = Callable[[StationId, IdToken | None, datetime | None, datetime], bool]
"""Whether a start (station, token, its own time, that of reception) is a test of whoever installs it."""


def _never_test(
    station_id: StationId,  # noqa: ARG001 - a IsTest
    id_token: IdToken | None,  # noqa: ARG001
    at: datetime | None,  # noqa: ARG001
    received_at: datetime,  # noqa: ARG001
) -> bool:
    return False


def _never_quiet(station_id: StationId) -> bool:  # noqa: ARG001 - a Policies.is_quiet
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """The ports that whoever runs the central system fills."""

    resolver: IdentityResolver
    admission: Admission
    boot: BootPolicy
    tokens: TokenSource
    authorization: AuthorizationPolicy
    concurrency: ConcurrencyPolicy | None = None
    """None: a token may have as many transactions at once as it likes."""
    tariffs: TariffSource | None = None
    """None: charging has no price, and nobody is asked for one."""
    is_quiet: Callable[[StationId], bool] = _never_quiet
    """Whether a station is under test: nothing is sent to it that nobody asked for."""
    is_test: IsTest = _never_test
    """Whether a start is a test: it is marked, has no price, and is in no report."""
    credentials: CredentialKeeper | None = None
    """None: nobody keeps passwords, and stations are given whatever is sent."""


class Context(msgspec.Struct, frozen=True, gc=False):
    """One event's surroundings."""

    station_id: StationId
    received_at: datetime
    policies: Policies


Proposal = Reply | Coroutine[Any, Any, Reply]
"""What a handler returns: the reply, or the work that finds it where a port must be asked."""
