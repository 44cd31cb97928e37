"""Drawn floors as pages show them: the picture, and who is where on it."""

from collections.abc import Sequence
from typing import TypedDict

from console.site_values import place_href
from console.words import Words
from provisioning.api.site_plan_views import SitePlanAnswer
from provisioning.api.site_views import PlaceAnswer
from provisioning.records import SitePlan
from provisioning.rules.site_plans import plan_of_floor

PIN_SHARE = 0.012
"""The radius of a pin, of the picture's longer side."""


class Pin(TypedDict):
    """A place on a plan, in the picture's pixels; `state` is how it looks. `href` is its station's page, or
    where whoever may change it does so; empty: neither.
    """

    x: float
    y: float
    name: str
    href: str
    state: str


class PlanFigure(TypedDict):
    """A floor. `radius` is that of its pins."""

    plan_id: str
    title: str
    floor: str
    picture: str
    width: int
    height: int
    radius: float
    pins: list[Pin]
    off: list[str]
    """The names of the places of this floor that nobody has put on it."""


def plan_figures(
    plans: Sequence[SitePlan],
    answers: Sequence[SitePlanAnswer],
    places: Sequence[PlaceAnswer],
    words: Words,
    *,
    may_change: bool,
) -> list[PlanFigure]:
    """Each plan with the places of its floor."""
    return [
        _figure(view, _on(plans, plan, places), words, may_change=may_change)
        for plan, view in zip(plans, answers, strict=True)
    ]


def _on(plans: Sequence[SitePlan], plan: SitePlan, places: Sequence[PlaceAnswer]) -> list[PlaceAnswer]:
    return [each for each in places if plan_of_floor(plans, each.floor) is plan]


def _figure(
    view: SitePlanAnswer, places: Sequence[PlaceAnswer], words: Words, *, may_change: bool
) -> PlanFigure:
    return {
        "plan_id": view.plan_id,
        "title": words("plan.of_floor", floor=view.floor) if view.floor else words("plan.whole"),
        "floor": view.floor,
        "picture": view.picture,
        "width": view.width,
        "height": view.height,
        "radius": round(max(view.width, view.height) * PIN_SHARE, 1),
        "pins": [
            _pin(each, view, may_change=may_change)
            for each in places
            if None not in (each.plan_x, each.plan_y)
        ],
        "off": [each.name for each in places if None in (each.plan_x, each.plan_y)],
    }


def _pin(place: PlaceAnswer, view: SitePlanAnswer, *, may_change: bool) -> Pin:
    change = place_href(place.place_id) if may_change else ""
    return {
        "x": round((place.plan_x or 0.0) * view.width, 1),
        "y": round((place.plan_y or 0.0) * view.height, 1),
        "name": place.name,
        "href": f"/stations/{place.station_id}" if place.station_id else change,
        "state": "available" if place.station_id else "reserved",
    }
