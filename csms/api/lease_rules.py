"""What is refused because of a lease, and what to do about it."""

from csms.api.ports import ApiParts
from csms.domain.leases import BaselineState, Lease, LeaseState
from ocppj.vocabulary import StationId
from runtime.http import Problem
from runtime.texts import instant_text
from runtime.wording import Phrase, WayOut

SEE_BENCH = WayOut(
    "Voyez qui a quelle borne, et jusqu'à quand.",
    "See who has which station, and until when.",
    "/bench",
    "ctl lease list",
    "GET /api/v1/bench",
)
WAIT_OR_TALK = WayOut(
    "Attendez que la borne soit libre, ou parlez à qui l'a; un administrateur peut la lui reprendre, en "
    "disant pourquoi.",
    "Wait until the station is free, or talk to who has it; an administrator can take it away, saying why.",
    "/bench",
    "ctl lease take {id} --wait 600",
    "POST /api/v1/leases",
)
HAVE_ANOTHER = WayOut(
    "Empruntez-la de nouveau : ce qui lui avait été changé est remis.",
    "Take the station anew: what was changed in it is set back.",
    "/bench",
    "ctl lease take {id}",
    "POST /api/v1/leases",
)
WAIT_A_LITTLE = WayOut(
    "Attendez quelques secondes; le prêt dit quand `baseline` n'est plus « reading ».",
    "Wait a few seconds; the lease tells when its `baseline` is no longer `reading`.",
    "/bench",
    "ctl lease list",
    "GET /api/v1/leases",
)
HOLDER_ONLY = WayOut(
    "Demandez-le à qui a la borne; un administrateur peut la lui reprendre, en disant pourquoi.",
    "Ask who has the station; an administrator can take it away, saying why.",
    "/bench",
    "ctl lease end {lease} --reason WHY",
    "DELETE /api/v1/leases/{lease}",
)


def lease_held(lease: Lease) -> Problem:
    """Somebody else has the station."""
    since, until = instant_text(lease.since), instant_text(lease.expires_at)
    if lease.state is LeaseState.RESTORING:
        text = Phrase(
            f"{lease.station_id} vient d'être rendue, et sa configuration d'avant lui est remise",
            f"{lease.station_id} was given back, and is being given its former configuration",
        )
    else:
        text = Phrase(
            f"{lease.holder} a {lease.station_id} depuis {since}, jusqu'à {until} : {lease.purpose}",
            f"{lease.holder} has {lease.station_id} since {since}, until {until}: {lease.purpose}",
        )
    return Problem(
        409,
        "lease_held",
        text,
        WAIT_OR_TALK.at(lease.station_id),
        holder=lease.holder,
        since=since,
        until=until,
        lease_id=lease.lease_id,
    )


def lease_over(lease: Lease) -> Problem:
    """It can neither be renewed nor ended any more."""
    end = lease.end.value if lease.end is not None else "expired"
    at = instant_text(lease.ended_at or lease.expires_at)
    text = Phrase(
        f"Ce prêt de {lease.station_id} est terminé depuis {at} ({end})",
        f"This lease of {lease.station_id} is over since {at} ({end})",
    )
    return Problem(409, "lease_over", text, HAVE_ANOTHER.at(lease.station_id), end=end)


def lease_unknown(lease_id: str) -> Problem:
    """There is none of this id."""
    text = Phrase(f"Il n'y a pas de prêt {lease_id}", f"There is no lease {lease_id}")
    return Problem(404, "lease_unknown", text, SEE_BENCH)


def lease_of_another(lease: Lease) -> Problem:
    """Only who has the station renews or ends its lease."""
    text = Phrase(
        f"C'est {lease.holder} qui a {lease.station_id}", f"It is {lease.holder} who has {lease.station_id}"
    )
    return Problem(403, "lease_of_another", text, HOLDER_ONLY.filled({"lease": lease.lease_id}))


async def assert_may_command(parts: ApiParts, station_id: StationId, name: str) -> None:
    """Raises Problem 409: whoever does not have a leased station commands nothing there, an administrator
    neither, who takes it away first; and nobody does before its configuration is known, or while it is being
    set back.
    """
    lease = await parts.leases.of_station(station_id)
    if lease is None:
        return
    if lease.state is not LeaseState.HELD or lease.holder != name:
        raise lease_held(lease)
    if parts.clock.now() >= lease.expires_at:
        raise lease_over(lease)
    if lease.baseline is BaselineState.READING:
        text = Phrase(
            f"La configuration de {station_id} est encore lue : elle est remise après le prêt",
            f"The configuration of {station_id} is still being read: it is set back after the lease",
        )
        raise Problem(409, "lease_not_ready", text, WAIT_A_LITTLE)
