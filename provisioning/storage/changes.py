"""A `ChangeSet` on disk: one `executemany` for each table, in the order in which rows refer to each other."""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import Connection

from provisioning.activation.runs import ActivationRun
from provisioning.change_set import Changed, ChangeSet, is_renamed
from provisioning.storage.accounts import delete_set_up, save_set_up
from provisioning.storage.certifications import save_certification
from provisioning.storage.claim_keys import save_claim_key
from provisioning.storage.devices import (
    delete_devices,
    delete_names,
    insert_devices,
    insert_names,
    update_devices,
)
from provisioning.storage.jobs import save_job
from provisioning.storage.orders import (
    change_order,
    record_adoption,
    record_claim,
    save_installer,
    save_order,
    save_tariff,
)
from provisioning.storage.preparations import delete_preparation, save_preparation
from provisioning.storage.runs import end_runs, insert_runs, prune_runs, update_run
from provisioning.storage.shipping import save_box, save_entitlement
from provisioning.storage.sites import (
    close_assignments,
    open_assignments,
    save_hours,
    save_place,
    save_site,
    save_tokens,
)

T = TypeVar("T")


def write_change(connection: Connection, change: ChangeSet) -> None:
    """All rows of the change; the caller commits, or nothing of it is there."""
    for part in change.parts:
        part.write(connection)
    _write_orders(connection, change)
    for named, at in change.tariffs:
        save_tariff(connection, named, at)
    _write_installers(connection, change)
    _write_set_ups(connection, change)
    _write_sites(connection, change)
    _write_preparations(connection, change)
    _write_devices(connection, change)
    close_assignments(connection, change.closed)
    open_assignments(connection, change.opened)
    _write_runs(connection, change)
    for claim in change.claims:
        record_claim(connection, claim)
    for keyed in change.claim_keys:
        save_claim_key(connection, keyed)
    for adoption in change.adoptions:
        record_adoption(connection, adoption)
    for job in change.jobs:
        save_job(connection, job)


def _write_installers(connection: Connection, change: ChangeSet) -> None:
    for installer, at in change.installers:
        save_installer(connection, installer, at)
    for certification in change.certifications:
        save_certification(connection, certification)


def _write_orders(connection: Connection, change: ChangeSet) -> None:
    for order in change.orders:
        save_order(connection, order)
    for order in change.changed_orders:
        change_order(connection, order)
    for box in change.boxes:
        save_box(connection, box)
    for entitlement in change.entitlements:
        save_entitlement(connection, entitlement)


def _write_set_ups(connection: Connection, change: ChangeSet) -> None:
    for set_up in change.set_ups.values():
        save_set_up(connection, set_up.after)
    for organisation_id in change.ended_set_ups:
        delete_set_up(connection, organisation_id)


def _write_preparations(connection: Connection, change: ChangeSet) -> None:
    for preparation in change.preparations.values():
        save_preparation(connection, preparation.after)
    for site_id in change.ended_preparations:
        delete_preparation(connection, site_id)


def _write_sites(connection: Connection, change: ChangeSet) -> None:
    for site_id, site in change.sites.items():
        if site.after != site.before:
            save_site(connection, site.after)
        if site.after.tokens != (site.before.tokens if site.before is not None else ()):
            save_tokens(connection, site_id, site.after.tokens)
    for site_id, new in change.hours.items():
        save_hours(connection, site_id, new.hours, new.at, new.by)
    for place in change.places.values():
        if place.after != place.before:
            save_place(connection, place.after)


def _write_devices(connection: Connection, change: ChangeSet) -> None:
    """Names that others give up are free before they are given out."""
    made = {key: each for key, each in change.devices.items() if key not in change.gone}
    renamed = [each.after for each in made.values() if is_renamed(each)]
    known = [each.station_id for each in renamed if made[each.station_id].before is not None]
    delete_names(connection, [*known, *sorted(change.gone)])
    delete_devices(connection, sorted(change.gone))
    insert_devices(connection, _new(made.values()))
    update_devices(connection, _moved(made.values()))
    insert_names(connection, renamed)


def _write_runs(connection: Connection, change: ChangeSet) -> None:
    """A run that another one takes the place of ends as that begins."""
    begun = [each.after for each in change.runs.values() if each.before is None or _is_other(each)]
    ended = {each.station_id: each.started_at for each in begun}
    end_runs(connection, change.ended_runs | ended)
    insert_runs(connection, begun)
    for run in change.runs.values():
        if run.before is not None and not _is_other(run) and run.before != run.after:
            update_run(connection, run.before, run.after)
    prune_runs(connection, [each.station_id for each in begun])


def _is_other(run: Changed[ActivationRun]) -> bool:
    return run.before is not None and run.before.run_id != run.after.run_id


def _new(changes: Iterable[Changed[T]]) -> list[T]:
    return [each.after for each in changes if each.before is None]


def _moved(changes: Iterable[Changed[T]]) -> list[T]:
    return [each.after for each in changes if each.before is not None and each.before != each.after]
