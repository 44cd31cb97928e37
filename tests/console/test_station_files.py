"""The page of a station's firmware and logs: what it shows, and what its buttons ask for."""

from typing import cast
from urllib.parse import quote

import pytest

from access.principals import Role
from csms.domain.transfers import TransferKind
from tests.support.central import A16, ServedCentral
from tests.support.html import Html
from tests.support.transfers import FIRMWARE, MemoryTransfers

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAGE = f"/stations/{A16}/files"
HEADERS = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 200), (Role.INSTALLER, 403), (Role.VIEWER, 403)])
async def test_it_is_for_managers(console: ServedCentral, role: Role, status: int) -> None:
    """Others see no way there."""
    client = console.client(role)
    assert (await client.get(PAGE, headers=HEADERS)).status_code == status
    links = Html(await client.get(f"/stations/{A16}", headers=HEADERS)).links()
    assert (f"/stations/{quote(A16)}/files" in links) is (status == 200)


async def test_it_shows_what_is_here_and_what_became_of_what_was_asked(console: ServedCentral) -> None:
    """With every status, and the file that came."""
    page = (await console.client(Role.MANAGER).get(PAGE, headers=HEADERS)).text
    for text in ("2.0 · acme.bin · signed", "Firmware 1.0 → 2.0", "DownloadFailed", "Security log"):
        assert text in page
    assert f"/api/v1/stations/{quote(A16)}/uploads/u1" in page
    french = HEADERS | {"Accept-Language": "fr"}
    assert "Journal de sécurité" in (await console.client(Role.MANAGER).get(PAGE, headers=french)).text


async def test_its_buttons_ask_for_an_update_and_a_log(console: ServedCentral) -> None:
    """And lead back to the list; a firmware that is not here is told."""
    client = console.client(Role.MANAGER)
    asked = cast("MemoryTransfers", console.central.parts.transfers).asked
    asked.clear()
    for form, data in (
        ("update", {"file_id": FIRMWARE.file_id}),
        ("log", {"log_type": "SecurityLog"}),
        ("log", {"log_type": "nonsense"}),
    ):
        answer = await client.post(f"{PAGE}/{form}", data=data, headers=HEADERS)
        assert answer.status_code == 303
    assert [(each.kind, each.log_type) for each in asked] == [
        (TransferKind.FIRMWARE, None),
        (TransferKind.LOG, "SecurityLog"),
        (TransferKind.LOG, "DiagnosticsLog"),
    ]
    gone = await client.post(f"{PAGE}/update", data={"file_id": "none"}, headers=HEADERS)
    assert gone.status_code == 404
    nobody = await client.post("/stations/nobody/files/log", data={}, headers=HEADERS)
    assert nobody.status_code == 404
