"""API and pages speak in typed views: `dict[str, Any]` stands only where JSON enters or leaves."""

import re
from collections import Counter

from tests.support.sources import product_sources

UNTYPED = re.compile(r"\bdict\[str, Any\]")
BORDERS = {
    "access.api": (1, "the table of what each route answers"),
    "access.organisations_api": (1, "the table of what each route answers"),
    "console.command_forms": (2, "what was typed as JSON, and the body that is made of a form"),
    "csms.api.answers": (1, "the table of what each route answers"),
    "csms.api.bodies": (6, "fields and schemas of pydantic models, made at import"),
    "csms.api.calls": (1, "the payload of a raw call"),
    "csms.api.expect": (4, "frames as a program's pattern is held against them"),
    "csms.api.frames": (3, "frames, as they came"),
    "csms.api.kept_views": (1, "the payload of a kept message, as it came"),
    "csms.api.live_events": (1, "the payload of news"),
    "csms.api.messages": (2, "frames, as they came"),
    "csms.api.quarantine": (1, "the payload that a message should have had"),
    "csms.api.roles": (1, "news and views alike, without who charges"),
    "csms.api.sse": (1, "what FastAPI's document says of a stream"),
    "provisioning.api.answers": (1, "the table of what each route answers"),
    "provisioning.api.certificate_keys": (1, "the table of what each route answers"),
    "provisioning.api.bodies": (2, "the members of a body that were given"),
    "provisioning.api.preview_views": (1, "a tariff in the form of another standard"),
    "provisioning.api.problems": (1, "the members of a problem document"),
}
"""By module: how often, and why it stays."""


def found() -> Counter[str]:
    """How often, by module."""
    counted: Counter[str] = Counter()
    for source in product_sources():
        if source.module.startswith(("access.", "console.", "csms.api.", "provisioning.api.")):
            counted[source.module] += len(UNTYPED.findall(source.text))
    return +counted


def test_views_are_typed() -> None:
    """Neither more than is excepted, nor less: an exception does not outlive its reason."""
    assert found() == {module: count for module, (count, _) in BORDERS.items()}


def test_each_exception_has_a_reason() -> None:
    """In a few words."""
    assert all(count > 0 and reason for count, reason in BORDERS.values())
