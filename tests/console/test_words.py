"""Both languages say the same, all of it; and every word of the program has a translation."""

import ast
import re
import string
from pathlib import Path
from typing import get_args

import pytest

from access.login import LoginFault
from access.principals import AccountKind, Role
from charging.certificate.document import ItemVerdict
from charging.certificate.page_words import VALUE_NAMES
from charging.certificate.verifying import Trust
from console import catalogue
from console.bench_runner import Hand
from console.catalogue import texts_of
from console.checklist_values import STEP_OF
from console.command_forms import FIELDS, GROUP_ORDER, RAW, RAW_FIELDS, group_of
from console.pages.bench import DONE as BENCH_DONE
from console.pages.bench import FIELDS as BENCH_FIELDS
from console.pages.bench import WAITS
from console.pages.jobs import TEXTS as JOB_TEXTS
from console.pages.people import DONE as PEOPLE_DONE
from console.pages.places import FIELDS as PLACE_FIELDS
from console.pages.quarantine import ALL
from console.pages.sites import TEXTS, TICKS
from console.pages.transactions import DECISIONS, STATES
from console.tariff_form import READY, SESSION
from console.tariff_form import TAXES as TARIFF_TAXES
from console.token_lines import ListChange
from console.words import Words, words_for
from csms.api.bodies import BODIES
from csms.domain.audit import Change
from csms.domain.bench_runs import BenchRunState
from csms.domain.charging_profiles import PERHAPS_HELD
from csms.domain.commands import Outcome
from csms.domain.leases import BaselineState, LeaseEnd, NotRestored
from csms.domain.links import LinkSecurity
from csms.domain.quarantine import QuarantineCause, QuarantineState
from csms.domain.reviews import ReviewDecision
from csms.domain.timeline import TimelineKind
from csms.domain.transfers import TransferState
from ocppj.aio.endpoint import AttemptReason
from ocppj.model.diagnostics import LogType
from ocppj.model.display import MessagePriority, MessageState
from ocppj.model.smart_charging import ProfilePurpose
from ocppj.vocabulary import ConnectorStatus
from provisioning.activation.runs import StepName, StepState
from provisioning.blockers import Clearer
from provisioning.lifecycle import Lifecycle
from provisioning.rules.identifying import BoxAct
from provisioning.rules.power_up import CheckVerdict
from simulator.model.connector_states import ConnectorState
from simulator.scenario.verdicts import Verdict
from tests.support.findings import known_findings
from tests.support.flags import documented_flags, known_flags

FOLDER = Path(catalogue.__file__).parent
ENGLISH, FRENCH = texts_of("en"), texts_of("fr")
UNDECIDED, BEGINNINGS = ["held", "quarantined", "failed"], ["site", "order", "connect"]
GROUPS = {
    "bench_done": [*BENCH_DONE],
    "bench_field": [*BENCH_FIELDS],
    "bench_hint": [each for each in BENCH_FIELDS if each != "wait"],
    "bench_wait": [*WAITS],
    "bench_state": ["free", "away", "held", "mine", "restoring"],
    "bench_about": ["held", "mine", "restoring"],
    "bench_baseline": [each.value for each in BaselineState],
    "bench_end": [each.value for each in LeaseEnd],
    "bench_reason": [each.value for each in NotRestored],
    "bench_hand": [*get_args(Hand)],
    "bench_verdict": [*(each.value for each in Verdict), *(each.value for each in BenchRunState)],
    "bench_socket": [each.value for each in ConnectorState],
    "lifecycle": [each.value for each in Lifecycle],
    "clearer": [each.value for each in Clearer],
    "step": [each.value for each in StepName],
    "step_state": [each.value for each in StepState],
    "security": [each.value for each in LinkSecurity],
    "connector": [each.value for each in ConnectorStatus],
    "attempt": [each.value for each in AttemptReason],
    "purpose": list(get_args(ProfilePurpose)),
    "profile_state": [each.value for each in PERHAPS_HELD],
    "outcome": [each.value for each in Outcome if each is not Outcome.UNSUPPORTED],
    "command": [*FIELDS, "raw"],
    "field": [field for fields in (*FIELDS.values(), RAW_FIELDS) for field in fields],
    "advice": [each.value for each in AttemptReason if each is not AttemptReason.REFUSED],
    "transfer": [each.value for each in TransferState],
    "log_type": list(get_args(LogType)),
    "deviation": sorted(known_findings()),
    "quarantine_state": [*(each.value for each in QuarantineState), ALL],
    "quarantine_cause": [each.value for each in QuarantineCause],
    "review_state": STATES,
    "decision": DECISIONS,
    "decided": [each.value for each in ReviewDecision],
    "flag": sorted(known_flags()),
    "role": [each.value for each in Role],
    "undecided": UNDECIDED,
    "undecided_way_out": UNDECIDED,
    "undecided_action": UNDECIDED,
    "begin": BEGINNINGS,
    "begin_action": BEGINNINGS,
    "act": [each.value for each in Change],
    "past": [each.value for each in TimelineKind],
    "past_link": ["open", "ended"],
    "past_transaction": ["open", "ended"],
    "setting_state": ["same", "differs", "refused", "unproved"],
    "people_field": ["label", "role", "place", "valid_hours", "name", "organisation", "password"],
    "people_hint": ["label", "password"],
    "people_done": PEOPLE_DONE,
    "invitation_state": ["open", "used", "revoked", "expired"],
    "account_kind": [each.value for each in AccountKind],
    "job_field": JOB_TEXTS,
    "job_hint": JOB_TEXTS[1:],
    "fleet_number": ["stations", "online", "charging", "faulted", "silent", "power"],
    "condition": ["faulted", "silent", "offline", "waiting", "charging", "ready"],
    "command_group": GROUP_ORDER,
    "message_priority": get_args(MessagePriority),
    "message_state": get_args(MessageState),
    "site_field": [*TEXTS, *TICKS],
    "site_hint": ["zone", *TICKS],
    "place_field": PLACE_FIELDS,
    "place_hint": ["latitude"],
    "tariff_ready": [*READY],
    "tariff_about": [*READY],
    "tariff_field": [
        "name",
        "currency",
        "taxes",
        *{each for ready in READY.values() for each in ready},
        *SESSION,
    ],
    "tariff_field_night": ["energy_micro_per_kwh"],
    "tariff_hint": ["currency", "idle_grace_s", "night_until", "site_id"],
    "tariff_taxes": [*TARIFF_TAXES],
    "order_field": ["reference", "contact", "lines"],
    "list_change": list(ListChange),
    "check": [each.value for each in CheckVerdict],
    "install_step": [name for _, name, _ in STEP_OF],
    "box_act": [each.value for each in BoxAct],
    "checked": [*VALUE_NAMES],
    "certified": [each.value for each in ItemVerdict],
    "trust": [each.value for each in Trust],
    "login_fault": [each.value for each in LoginFault],
}
"""Words of the program that the pages show. An unsupported command is a Problem with its own text; what to do
about a refusal depends on its cause.
"""


def fields(text: str) -> set[str | None]:
    """What is filled into a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_every_text_with_the_same_fields() -> None:
    """Complete, and neither empty."""
    assert ENGLISH.keys() == FRENCH.keys()
    for key, english in ENGLISH.items():
        assert english.strip(), key
        assert FRENCH[key].strip(), key
        assert fields(english) == fields(FRENCH[key]), key


@pytest.mark.parametrize("group", GROUPS)
def test_every_word_of_the_program_is_translated(group: str) -> None:
    """A new state, reason or command needs its words."""
    assert [word for word in GROUPS[group] if f"{group}.{word}" not in ENGLISH] == []


def test_flags_mean_the_same_on_pages_and_in_the_reference() -> None:
    """Word for word (docs/reference/flags.md)."""
    assert {flag: ENGLISH[f"flag.{flag}"] for flag in known_flags()} == documented_flags()


def test_every_cause_of_a_refusal_says_what_to_do() -> None:
    """And the cause knows more than the reason."""
    causes = [key.removeprefix("cause.") for key in ENGLISH if key.startswith("cause.")]
    assert causes
    assert [cause for cause in causes if f"advice.{cause}" not in ENGLISH] == []
    assert Words("en").advice("refused", "credentials_wrong") == ENGLISH["advice.credentials_wrong"]
    assert Words("fr").advice("wrong_path", None) == FRENCH["advice.wrong_path"]
    assert Words("en").advice("refused", "the MAC is all zeros") is None


def test_french_is_set_as_in_canada() -> None:
    """No line breaks before a colon or inside guillemets; no space before ; ! ?"""
    for key, french in FRENCH.items():
        assert not re.search(r" [:;!»]| \?(?!…)|« |\N{NO-BREAK SPACE}[;!?]", french), key


def literal_keys() -> set[str]:
    """Every key written in the pages and their templates, as `words("…")`."""
    found: set[str] = set()
    for path in FOLDER.rglob("*.html"):
        found |= set(re.findall(r'words\("([^"]+)"', path.read_text(encoding="utf-8")))
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^[a-z_]+\.(?!html$)[a-z_]+$", node.value))
    return {key for key in found if key.partition(".")[0] in {each.partition(".")[0] for each in ENGLISH}}


def test_the_pages_use_what_exists_and_all_of_it() -> None:
    """No key without a text, no text without a page."""
    used = literal_keys()
    assert sorted(used - ENGLISH.keys()) == []
    grouped = tuple(f"{group}." for group in (*GROUPS, "cause", "column"))
    assert sorted(key for key in ENGLISH if key not in used and not key.startswith(grouped)) == []


def test_commands_of_the_pages_exist() -> None:
    """All but the local list have a button."""
    assert BODIES.keys() - FIELDS.keys() == {"send-local-list"}
    assert FIELDS.keys() <= BODIES.keys()
    assert {group_of(each) for each in (*FIELDS, RAW)} == set(GROUP_ORDER)


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        (None, "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        (None, "en-US,fr", "en"),
        (None, "de-DE, fr;q=0.3", "fr"),
        (None, "", "en"),
        ("fr", "en", "fr"),
        ("en", "fr", "en"),
        ("<b>", "fr", "fr"),
    ],
)
def test_the_language_is_chosen(cookie: str | None, accepted: str, language: str) -> None:
    """Cookie first, then the browser, then English."""
    assert words_for(cookie, accepted).language == language


def test_numbers_are_written_as_the_language_does() -> None:
    """1,234.5 in English, 1 234,5 with a narrow space in French."""
    assert Words("en").number(1234.5, 1) == "1,234.5"
    assert Words("fr").number(1234.5, 1) == "1\N{NARROW NO-BREAK SPACE}234,5"
    assert Words("fr").power(7200.0) == "7,2 kW"
    assert Words("en").energy(None) == "0.000 kWh"


def test_times_are_utc() -> None:
    """Whatever zone they come in; nothing is a dash."""
    assert Words("en").instant("2026-01-05T14:00:00+02:00") == "2026-01-05 12:00:00"
    assert Words("en").instant(None) == "–"


def test_an_unknown_word_is_shown_as_it_is() -> None:
    """A newer part of the program is not hidden by an older page."""
    assert Words("fr").of("lifecycle", "retired") == "retired"
    assert Words("fr").of("lifecycle", None) == "–"
    with pytest.raises(KeyError):
        Words("fr")("no.such")
