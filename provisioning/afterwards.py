"""What is true of a station's site once a change is written: memory is still as it was before."""

from provisioning.change_set import ChangeSet
from provisioning.gates.facts import AccountFacts, PreparedFacts
from provisioning.known_facts import KnownFacts
from provisioning.records import Device, Site
from provisioning.rules.accounts import account_facts
from provisioning.rules.preparing import ProductNamed, site_facts
from provisioning.shipping import ON_SITE


def site_after(known: KnownFacts, device: Device, change: ChangeSet) -> Site | None:
    """The site that the device is on after the change."""
    if device.place_id is None:
        return None
    put = change.places.get(device.place_id)
    place = put.after if put is not None else known.places.get(device.place_id)
    if place is None:
        return None
    site = change.sites.get(place.site_id)
    return site.after if site is not None else known.sites.get(place.site_id)


def account_after(known: KnownFacts, device: Device, change: ChangeSet) -> AccountFacts | None:
    """How far the account is of whose site the station is on after the change."""
    site = site_after(known, device, change)
    if site is None:
        return None
    set_up = change.set_up_of(site.organisation_id, known.set_ups.get(site.organisation_id))
    named = known.tariffs.get(site.tariff_id) if site.tariff_id is not None else None
    return account_facts(set_up, named.tariff if named is not None else None)


def prepared_after(
    known: KnownFacts, device: Device, change: ChangeSet, product_named: ProductNamed
) -> PreparedFacts | None:
    """How far the site is prepared that the station is on after the change."""
    site = site_after(known, device, change)
    if site is None:
        return None
    preparation = change.preparation_of(site.site_id, known.preparations.get(site.site_id))
    bought = {each.order_id for each in change.entitlements if each.kind in ON_SITE}
    is_serviced = device.order_id in known.serviced_orders or device.order_id in bought
    return site_facts(site, preparation, product_named, is_serviced=is_serviced)
