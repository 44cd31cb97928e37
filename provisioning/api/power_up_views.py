"""What is told of the power-up checklist, typed: REST and the pages share it."""

from typing import Any

from provisioning.api.product_views import ProductView, product_view
from provisioning.power_up import PowerUpState
from provisioning.products.product import SafetyReading
from provisioning.products.typing_in import filled_fields
from provisioning.records import CertificateNote, PowerUpRun
from provisioning.rules.power_up import CheckItem, CheckVerdict, overall_verdict, wanted_readings
from runtime.texts import instant_text
from runtime.views import InstantText, View


class CheckValueView(View, frozen=True, kw_only=True):
    """Something that an item was judged by: measured, read, or who saw it."""

    name: str
    value: bool | int | float | str
    unit: str | None


class CheckItemView(View, frozen=True, kw_only=True):
    """An item: `passed`, `failed`, `cannot_be_checked`, `tester_only` or `waiting`, with its evidence."""

    item: str
    title_en: str
    title_fr: str
    verdict: CheckVerdict
    evidence: str
    detail_en: str | None
    detail_fr: str | None
    who_clears: str | None
    values: list[CheckValueView]
    at: InstantText | None


class ToTypeView(View, frozen=True, kw_only=True):
    """A field of the station's menu, and what goes into it."""

    asks: str
    name_en: str
    name_fr: str
    value_en: str
    value_fr: str


class PowerUpRunView(View, frozen=True, kw_only=True):
    """A run. `record` is what was found when it ended."""

    run_id: str
    product_id: str
    product_version: int
    started_at: InstantText
    started_by: str
    finished_at: InstantText | None
    finished_by: str | None
    handed_to: str | None
    record: Any


class CertificateNoteView(View, frozen=True, kw_only=True):
    """That a run ended with a certificate: `GET /stations/{id}/power-up/certificate`."""

    run_id: str
    issued_at: InstantText


class PowerUpView(View, frozen=True, kw_only=True):
    """The checklist as it stands now, the last run, and what to type into the station."""

    station_id: str
    verdict: CheckVerdict
    items: list[CheckItemView]
    run: PowerUpRunView | None
    certificate: CertificateNoteView | None
    readings: list[SafetyReading]
    """What is to be measured, the mobile signal too."""
    product: ProductView
    to_type: list[ToTypeView]


def power_up_view(state: PowerUpState, url: str) -> PowerUpView:
    """All of it. `url` is where stations connect, without an id."""
    product = state.product
    fields = filled_fields(product, url, state.station_id, product.ocpp[0])
    return PowerUpView(
        station_id=state.station_id,
        verdict=overall_verdict(state.items),
        items=[_item_view(each) for each in state.items],
        run=_run_view(state.run) if state.run is not None else None,
        certificate=_note_view(state.certificate) if state.certificate is not None else None,
        readings=list(wanted_readings(product)),
        product=product_view(product),
        to_type=[
            ToTypeView(
                asks=each.asks.value,
                name_en=each.name.en,
                name_fr=each.name.fr,
                value_en=each.value.en,
                value_fr=each.value.fr,
            )
            for each in fields
        ],
    )


def _item_view(item: CheckItem) -> CheckItemView:
    return CheckItemView(
        item=item.item,
        title_en=item.title.en,
        title_fr=item.title.fr,
        verdict=item.verdict,
        evidence=item.evidence,
        detail_en=item.detail.en if item.detail is not None else None,
        detail_fr=item.detail.fr if item.detail is not None else None,
        who_clears=item.who_clears.value if item.who_clears is not None else None,
        values=[CheckValueView(name=each.name, value=each.value, unit=each.unit) for each in item.values],
        at=instant_text(item.at),
    )


def _note_view(note: CertificateNote) -> CertificateNoteView:
    return CertificateNoteView(run_id=note.run_id, issued_at=instant_text(note.issued_at))


def _run_view(run: PowerUpRun) -> PowerUpRunView:
    return PowerUpRunView(
        run_id=run.run_id,
        product_id=run.product_id,
        product_version=run.product_version,
        started_at=instant_text(run.started_at),
        started_by=run.started_by,
        finished_at=instant_text(run.finished_at),
        finished_by=run.finished_by,
        handed_to=run.handed_to,
        record=run.record,
    )
