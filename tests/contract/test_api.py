"""The REST API keeps to its own OpenAPI document, whatever it is asked.

API-05: schemathesis makes requests out of the document, right and wrong ones, with an administrator's token.
"""

import asyncio
import re
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.examples import examples
from tests.support.server import live_server
from tests.support.waiting import PATIENCE_S

EXAMPLES = 3
"""Per operation and kind of request; the whole takes some seconds."""
KNOWN = ("cp1", "cs2", "CP1")
STREAMS = re.compile(r"/(events|messages/stream)$")
"""Answers without an end: tests/csms/api reads them."""
PATIENCE = {"/expect": "within_s", "/calls": "timeout_s", "/commands/": "timeout_s", "/leases$": "wait_s"}
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """URL and token of a server that runs in a thread of its own: schemathesis asks it synchronously."""
    found: Future[tuple[str, str]] = Future()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        folder = tmp_path_factory.mktemp("var")
        async with live_server(folder) as live, live.station("cp1"), live.station("cs2", "2.0.1"):
            found.set_result((live.running.http_url, live.running.token))
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="server")
    thread.start()
    try:
        yield found.result(timeout=PATIENCE_S)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=PATIENCE_S)
        loop.close()


# The generator of texts for a pattern draws from `random`: not reproducible, but no fault of what is tested.
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
def test_every_operation_keeps_to_the_document(api: tuple[str, str], subtests: pytest.Subtests) -> None:
    """No 5xx, and no status, content type or body that the document does not tell."""
    url, token = api
    headers = {"Authorization": f"Bearer {token}"}
    document = schemathesis.openapi.from_url(f"{url}/api/openapi.json", headers=headers)
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 60
    for operation in operations:
        if not STREAMS.search(operation.path):
            with subtests.test(operation=operation.label):
                exercise(operation, headers)


def exercise(operation: schemathesis.APIOperation[Any, Any, Any, Any], headers: dict[str, str]) -> None:
    """Right and wrong requests, of known stations and of others."""
    right = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
    wrong = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @settings(max_examples=examples(2 * EXAMPLES), deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=right | wrong, station_id=st.none() | st.sampled_from(KNOWN))
    def check(case: schemathesis.Case[Any], station_id: str | None) -> None:
        if station_id is not None and "station_id" in case.path_parameters:
            case.path_parameters["station_id"] = station_id
        if isinstance(case.body, dict):  # nobody waits for what never comes
            waits = [name for part, name in PATIENCE.items() if re.search(part, operation.path)]
            case.body |= dict.fromkeys(waits, 0.05)
        case.call_and_validate(headers=headers, checks=list(CHECKS), timeout=PATIENCE_S)

    check()
