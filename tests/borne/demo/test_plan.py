"""What the demo is about holds together: labels, templates, people."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from borne.demo.plan import BOXES, DRIVERS, ORDERED, SITE, TARIFF, UNORDERED, ZONE
from charging.mac import parse_mac
from provisioning.api.bodies import OrderLineBody, SiteBody
from provisioning.api.tariff_bodies import TariffBody
from simulator.model.template import identify, load_template


def test_two_boxes_were_ordered_and_one_was_not() -> None:
    """Claim codes are for installers; a box that nobody ordered has none."""
    assert [box.claim_code is not None for box in BOXES] == [True, True, False]
    assert [load_template(box.template).version for box in BOXES] == ["1.6", "2.0.1", "1.6"]
    assert len(load_template(ORDERED[1].template).evses) == 2
    assert UNORDERED.place not in {box.place for box in ORDERED}


def test_each_label_fits_its_box() -> None:
    """The MAC's prefix is the template's, and is marked as nobody's real one."""
    for box in BOXES:
        template = load_template(box.template)
        assert box.mac.startswith(template.mac_prefix)
        assert parse_mac(box.mac).is_local
        assert identify(template, mac=box.mac).station_id.lower() == box.station_id


def test_the_api_takes_what_is_seeded() -> None:
    """Bodies with a typing error would be refused only when the demo runs."""
    assert SiteBody(**SITE).zone == ZONE
    assert TariffBody(**TARIFF).tariff().energy_micro_per_kwh == 250_000
    for box in ORDERED:
        OrderLineBody(mac=box.mac, claim_code=SecretStr(box.claim_code) if box.claim_code else None)


def test_the_site_s_clocks_never_change() -> None:
    """A minute of closing is a minute all year (borne.demo.hours needs that)."""
    zone, first = ZoneInfo(ZONE), datetime(2026, 1, 1, tzinfo=UTC)
    offsets = {(first + timedelta(days=day)).astimezone(zone).utcoffset() for day in range(366)}
    assert len(offsets) == 1


def test_each_driver_has_a_token_of_their_own() -> None:
    """More drivers than EVSEs, so that somebody is always on the way."""
    assert len({driver.id_token for driver in DRIVERS}) == len(DRIVERS)
    assert len(DRIVERS) > sum(len(load_template(box.template).evses) for box in BOXES)
