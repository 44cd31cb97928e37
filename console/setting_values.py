"""What a station was given to be, what it reads back, and where the two differ: from its last activation."""

from collections.abc import Iterable
from typing import TypedDict

from console.words import Words
from provisioning.activation.station_dialog import is_same
from provisioning.api.station_views import StepAnswer

_SET, _READ = "set ", "read "
"""How a step's evidence begins (`provisioning.activation.station_dialog`)."""
SECRET = "***"  # noqa: S105 - what stands for one


class SettingLine(TypedDict):
    """A setting: `state` is same, differs, refused or unproved; `remark` what was found about it."""

    name: str
    desired: str
    reported: str
    state: str
    state_text: str
    remark: str


def setting_lines(steps: Iterable[StepAnswer], words: Words) -> list[SettingLine]:
    """Each setting once, as it was tried last, in the order in which they are set."""
    desired: dict[str, str] = {}
    reported: dict[str, str] = {}
    remarks: dict[str, str] = {}
    for step in steps:
        for each in step.evidence:
            sent = each.sent or ""
            if sent.startswith(_SET):
                name, _, value = sent.removeprefix(_SET).partition("=")
                desired[name] = value
            elif sent.startswith(_READ) and each.read_back is not None:
                reported[sent.removeprefix(_READ)] = each.read_back
        remarks |= {each.about: each.text_in(words.language) for each in step.remarks if each.about}
    return [
        _line(name, value, reported.get(name), remarks.get(name), words) for name, value in desired.items()
    ]


def _line(name: str, desired: str, reported: str | None, remark: str | None, words: Words) -> SettingLine:
    state = _state(desired, reported, remark)
    return {
        "name": name,
        "desired": desired or "–",
        "reported": reported if reported is not None else "–",
        "state": state,
        "state_text": words.of("setting_state", state),
        "remark": remark or "",
    }


def _state(desired: str, reported: str | None, remark: str | None) -> str:
    if reported is not None:
        return "same" if is_same(reported, desired) else "differs"
    return "refused" if remark and desired != SECRET else "unproved"
