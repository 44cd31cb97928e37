"""`borne ctl` against the real server: what it prints, and its exit codes."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from borne.cli import app
from runtime.logins import forget_login, save_login
from tests.support.process import free_port
from tests.support.server import LiveServer, live_server
from tests.support.waiting import PATIENCE_S

STRANGER = "02:B0:99:00:00:03"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """One server with a quarantine for all tests here."""
    async with live_server(tmp_path_factory.mktemp("var"), unknown="quarantine") as live:
        yield live


async def ctl(
    server: LiveServer | None, *arguments: str, typed: str | None = None, **environment: str
) -> Result:
    """`borne ctl …` as somebody on the server's machine types it."""
    running = server.running if server is not None else None
    env = {
        "BORNE_API": running.http_url if running is not None else f"http://127.0.0.1:{free_port()}",
        "BORNE_TOKEN": running.token if running is not None else "",
        "LANG": "C",
        "COLUMNS": "100",
    }
    return await asyncio.to_thread(
        lambda: CliRunner().invoke(app, ["ctl", *arguments], input=typed, env=env | environment)
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_a_station_in_quarantine_is_shown_and_adopted(server: LiveServer) -> None:
    """The claim code is for the installer; what comes next is said, and by whom."""
    async with server.station("02B099000003", boots=False) as station:
        await station.boot()
        shown = await ctl(server, "stations")
        assert STRANGER in shown.output
        assert "administrator" in shown.output
        adopted = await ctl(server, "adopt", "02-b0-99-00-00-03")
    assert adopted.exit_code == 0
    assert f"{STRANGER} is adopted." in adopted.output
    assert "Claim code for the installer, shown this once: " in adopted.output
    assert "Next, by the installer: " in adopted.output


@pytest.mark.asyncio(loop_scope="module")
async def test_an_ordered_station_is_shown_before_anybody_has_seen_it(server: LiveServer) -> None:
    """With what keeps it, and who clears that."""
    order = '{"reference": "A-1", "lines": [{"mac": "02:B0:16:00:00:77"}]}'
    assert (await ctl(server, "post", "/orders", order)).exit_code == 0
    shown = (await ctl(server, "stations")).output
    for words in ("02:B0:16:00:00:77", "ordered", "installer"):
        assert words in shown


@pytest.mark.asyncio(loop_scope="module")
async def test_json_is_for_programs(server: LiveServer) -> None:
    """Nothing but JSON, with people's letters as they are."""
    await server.add_token("ÉTÉ")
    found = await ctl(server, "get", "/tokens")
    assert "ÉTÉ" in found.output
    assert [each["value"] for each in json.loads(found.output)] == ["ÉTÉ"]
    for command in ("stations", "attempts"):
        assert isinstance(json.loads((await ctl(server, command, "--json")).output), list)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_language_of_the_table_can_be_chosen(server: LiveServer) -> None:
    """By option, or by the terminal's own."""
    assert "Cycle de vie" in (await ctl(server, "stations", "--lang", "fr")).output
    assert "Cycle de vie" in (await ctl(server, "stations", LANG="fr_CA.UTF-8")).output
    assert "Lifecycle" in (await ctl(server, "stations")).output


@pytest.mark.asyncio(loop_scope="module")
async def test_all_of_the_api_can_be_reached(server: LiveServer) -> None:
    """GET, POST and PUT."""
    site = json.loads((await ctl(server, "post", "/sites", '{"name": "Shed"}')).output)
    path = f"/sites/{site['site_id']}/tokens"
    put = await ctl(server, "put", path, '{"tokens": [{"value": "T1"}]}')
    assert put.exit_code == 0
    listed = json.loads((await ctl(server, "get", path)).output)
    assert [each["value"] for each in listed["tokens"]] == ["T1"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_refusal_is_one_line_and_exit_code_1(server: LiveServer) -> None:
    """With the way out."""
    refused = await ctl(server, "get", "/stations/nobody")
    assert refused.exit_code == 1
    assert "station_unknown" in refused.stderr
    no_token = await ctl(server, "get", "/stations", BORNE_TOKEN="wrong")
    assert no_token.exit_code == 1
    assert "BORNE_TOKEN is set, and this server does not know it" in " ".join(no_token.stderr.split())
    copied = await ctl(server, "get", "/api/v1/stations")
    assert copied.exit_code == 0


@pytest.mark.asyncio(loop_scope="module")
async def test_a_typing_error_is_not_adopted(server: LiveServer) -> None:
    """It would make a station that never comes; who means it says so."""
    refused = await ctl(server, "adopt", "nobody")
    assert refused.exit_code == 1
    assert "--unseen" in refused.stderr
    assert (await ctl(server, "get", "/stations/nobody")).exit_code == 1
    meant = await ctl(server, "adopt", "--unseen", "02:B0:99:00:00:44")
    assert meant.exit_code == 0, meant.output


async def test_nobody_there_is_exit_code_3() -> None:
    """And says how to start a server."""
    away = await ctl(None, "stations")
    assert away.exit_code == 3
    assert "start one with `borne up`" in " ".join(away.stderr.split())


@pytest.mark.parametrize("payload", ["{,", "[1]", '"text"'])
async def test_a_payload_is_a_json_object(payload: str) -> None:
    """Anything else is wrong usage, before anybody is asked."""
    wrong = await ctl(None, "post", "/sites", payload)
    assert wrong.exit_code == 2


@pytest.mark.asyncio(loop_scope="module")
async def test_calls_and_commands_tell_by_their_exit_code_what_the_station_said(server: LiveServer) -> None:
    """0 only if it answered, or agreed."""
    answer = {"configurationKey": [], "unknownKey": ["X"]}
    async with server.station("BENCH-1", boots=False) as station:
        station.answers["GetConfiguration"] = answer
        await station.boot()
        called = await ctl(server, "call", "bench-1", "GetConfiguration", '{"key": ["X"]}')
        assert (called.exit_code, json.loads(called.output)["payload"]) == (0, answer)
    assert (await ctl(server, "call", "bench-1", "GetConfiguration")).exit_code == 1
    assert (await ctl(server, "command", "bench-1", "reset")).exit_code == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_failed_connections_are_listed_with_what_to_change(server: LiveServer) -> None:
    """In words."""
    raw = await server.raw()
    raw.write(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    async with asyncio.timeout(PATIENCE_S):
        while not await server.get("/connection-attempts"):  # noqa: ASYNC110 - nothing tells of an attempt
            await asyncio.sleep(0.01)
    listed = " ".join((await ctl(server, "attempts")).output.split())
    assert "Write ws:// instead of wss://" in listed


async def test_the_token_of_the_first_run_is_printed(tmp_path: Path) -> None:
    """Where there is one; else exit code 3."""
    environment = {"BORNE_VAR": str(tmp_path), "BORNE_TOKEN": ""}
    assert (await ctl(None, "token", **environment)).exit_code == 3
    (tmp_path / "token").write_text("borne_x\n")
    found = await ctl(None, "token", **environment)
    assert (found.exit_code, found.output) == (0, "borne_x\n")


@pytest.mark.asyncio(loop_scope="module")
async def test_an_installer_is_let_in(server: LiveServer) -> None:
    """The password is asked for and never shown; what it opens is the installer's part."""
    made = await ctl(server, "person", "Sam", "installer", typed="sept chutes\nsept chutes\n")
    assert made.exit_code == 0, made.output
    assert "Sam can log in as installer." in made.output
    assert "sept chutes" not in made.output
    refused = await ctl(server, "person", "Sam", "installer", typed="court\ncourt\n")
    assert refused.exit_code == 1
    assert "10 characters" in refused.output


@pytest.mark.asyncio(loop_scope="module")
async def test_a_program_is_let_in(server: LiveServer) -> None:
    """Its token is all that is printed, so that a script can take it."""
    made = await ctl(server, "program", "ci", "viewer")
    assert made.exit_code == 0
    shown = await ctl(server, "stations", "--json", BORNE_TOKEN=made.output.strip())
    assert shown.exit_code == 0
    refused = await ctl(server, "program", "ci", "admin", BORNE_TOKEN=made.output.strip())
    assert refused.exit_code == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_another_organisation_has_people_of_its_own(server: LiveServer) -> None:
    """It is made, somebody gets a role there, is listed, and loses it."""
    made = await ctl(server, "organisation", "autre", "Autre inc.")
    assert (made.exit_code, made.output) == (0, "autre: Autre inc.\n")
    await ctl(server, "program", "app", "viewer")
    given = await ctl(server, "member", "autre", "app", "manager", "--program")
    assert (given.exit_code, given.output) == (0, "app is manager in autre.\n")
    nowhere = await ctl(server, "member", "autre", "app", "manager", "--program", "--site", "x")
    assert (nowhere.exit_code, "site_unknown" in nowhere.output) == (1, True)
    assert "manager" in (await ctl(server, "members", "autre")).output
    assert json.loads((await ctl(server, "members", "autre", "--json")).output)[0]["name"] == "app"
    used = await ctl(server, "delete", "/organisations/autre")
    assert "autre still has 1 member (app) (organisation_in_use)" in used.output
    assert "(borne ctl members autre)" in used.output
    gone = await ctl(server, "no-member", "autre", "app", "--program")
    assert (gone.exit_code, gone.output) == (0, "Done.\n")
    again = await ctl(server, "no-member", "autre", "app", "--program", LANG="fr_CA.UTF-8")
    assert "app n'a pas de rôle là (membership_unknown) - Voyez qui a quel rôle" in again.output
    assert (await ctl(server, "members", "autre")).output.startswith("Nothing: who has a role")


@pytest.mark.asyncio(loop_scope="module")
async def test_who_has_no_login_is_let_in_as_the_refusal_says(server: LiveServer) -> None:
    """With the role, in that organisation, and in no other."""
    await ctl(server, "organisation", "neuve", "Neuve inc.")
    refused = await ctl(server, "member", "neuve", "Zoé", "viewer", "--program")
    assert (refused.exit_code, "program_unknown" in refused.output) == (1, True)
    assert "(borne ctl program 'Zoé' viewer --organisation neuve)" in refused.output
    made = await ctl(server, "program", "Zoé", "viewer", "--organisation", "neuve")
    assert made.exit_code == 0
    shown = await ctl(server, "get", "/organisations", BORNE_TOKEN=made.output.strip())
    assert [each["organisation_id"] for each in json.loads(shown.output)] == ["neuve"]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("C", ("did you mean `reset`?", "takes no parameters")),
        ("fr_CA", ("vouliez-vous dire", "ne prend aucun")),
    ],
)
async def test_a_command_that_is_typed_wrong_is_not_sent(language: str, texts: tuple[str, str]) -> None:
    """Neither a misspelt one, nor parameters for one that has none: no server is asked."""
    misspelt = await ctl(None, "command", "X", "rest", LANG=language)
    assert (misspelt.exit_code, texts[0] in misspelt.output) == (2, True)
    beyond = await ctl(None, "command", "X", "clear-cache", '{"all": true}', LANG=language)
    assert (beyond.exit_code, texts[1] in beyond.output) == (2, True)
    assert (await ctl(None, "command", "X", "clear-cache", '{"timeout_s": 1}')).exit_code == 3


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("lang", "nothing"), [("en", "Nothing: "), ("fr", "Rien\N{NO-BREAK SPACE}: ")])
async def test_an_empty_table_says_what_would_be_in_it(server: LiveServer, lang: str, nothing: str) -> None:
    """And `--json` stays an empty list."""
    for command in ("reservations", "work"):
        shown = await ctl(server, command, "--lang", lang)
        assert (shown.exit_code, shown.output[: len(nothing)]) == (0, nothing)
    assert (await ctl(server, "work", "--json")).output == "[]\n"


@pytest.mark.asyncio(loop_scope="module")
async def test_what_was_added_is_taken_away(server: LiveServer) -> None:
    """A route without an answer says that it is done; a second time is refused."""
    assert (await ctl(server, "put", "/tokens/GONE", "{}")).exit_code == 0
    gone = await ctl(server, "delete", "/tokens/GONE")
    assert (gone.exit_code, gone.output) == (0, "Done.\n")
    assert (await ctl(server, "delete", "/tokens/GONE")).exit_code == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_a_person_logs_in_at_a_terminal(server: LiveServer) -> None:
    """What they ask is asked with their role, and told in their name, until they log out."""
    await server.api.put("/access/people/lea", json={"role": "viewer", "password": "a long password"})
    nobody = {"BORNE_TOKEN": ""}
    wrong = await ctl(server, "login", "lea", typed="not this one\n", **nobody)
    assert (wrong.exit_code, "login_refused" in wrong.output) == (1, True)
    assert (await ctl(server, "login", "lea", typed="a long password\n", **nobody)).exit_code == 0
    assert (await ctl(server, "get", "/sites", **nobody)).exit_code == 0
    refused = await ctl(server, "post", "/sites", '{"name": "X"}', **nobody)
    assert (refused.exit_code, "role_required" in refused.output) == (1, True)
    assert "Logged out" in (await ctl(server, "logout", **nobody)).output
    assert "Nobody was logged in" in (await ctl(server, "logout", **nobody)).output


@pytest.mark.asyncio(loop_scope="module")
async def test_a_session_that_has_ended_is_said(server: LiveServer) -> None:
    """And what to type."""
    save_login(server.running.http_url, "no session")
    ended = await ctl(server, "get", "/sites", BORNE_TOKEN="")
    assert (ended.exit_code, "borne ctl login" in ended.output) == (1, True)
    forget_login(server.running.http_url)


@pytest.mark.asyncio(loop_scope="module")
async def test_what_was_done_to_a_station_is_listed(server: LiveServer) -> None:
    """Who and what, newest first; as JSON for programs, and where it goes on."""
    await server.post("/stations", {"station_id": "audited", "admission": "accept"}, 201)
    shown = await ctl(server, "audit", "audited")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "first" in shown.output
    assert "added" in shown.output
    for _ in range(100):
        await server.api.put("/stations/audited/quiet", json={"quiet": False})
    found = await ctl(server, "audit", "audited", "--json")
    assert [each["what"] for each in json.loads(found.stdout)] == ["taken-out-of-test"] * 100
    assert "go on with: borne ctl get" in " ".join(found.stderr.split())
    assert (await ctl(server, "audit", "nobody")).exit_code == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_what_a_station_reports_is_listed(server: LiveServer) -> None:
    """Of one action and of one request; as JSON for programs."""
    await server.post("/stations", {"station_id": "reporter", "admission": "accept"}, 201)
    async with server.station("reporter", "2.0.1") as station:
        await station.ask("NotifyDisplayMessages", {"requestId": 7})
        await station.ask("ClearedChargingLimit", {"chargingLimitSource": "EMS"})
    shown = await ctl(server, "kept", "reporter")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert all(text in shown.output for text in ("NotifyDisplayMessages", "ClearedChargingLimit", '"EMS"'))
    found = await ctl(server, "kept", "reporter", "--request-id", "7", "--json")
    assert [each["action"] for each in json.loads(found.stdout)] == ["NotifyDisplayMessages"]
    wrong = await ctl(server, "kept", "reporter", "--action", "NotifyDisplay")
    assert (wrong.exit_code, "NotifyDisplayMessages" in wrong.stderr) == (1, True)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_states_of_a_stations_connectors_are_listed(server: LiveServer) -> None:
    """As a table, of one EVSE, as JSON, and where it goes on."""
    await server.post("/stations", {"station_id": "flaps", "admission": "accept"}, 201)
    async with server.station("flaps") as station:
        for word in ("Available", "Faulted") * 51:
            status = {"connectorId": 1, "errorCode": "NoError", "status": word}
            await station.ask("StatusNotification", status)
    shown = await ctl(server, "connector-states", "flaps", "--evse", "1")
    assert shown.exit_code == 0
    assert "faulted" in shown.stdout
    assert "go on with: borne ctl get" in " ".join(shown.stderr.split())
    found = await ctl(server, "connector-states", "flaps", "--json", "--until", "2000-01-01T00:00:00Z")
    assert (json.loads(found.stdout), found.stderr) == ([], "")
    wrong = await ctl(server, "connector-states", "flaps", "--since", "noon")
    assert wrong.exit_code == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_the_fleet_is_told_over_time(server: LiveServer) -> None:
    """As a table, and as JSON with the step that was chosen; a server that is up for less than a minute has
    counted nothing yet, and says when it will.
    """
    shown = await ctl(server, "fleet-history", "--since", "2026-01-01T00:00:00Z", "--lang", "fr")
    is_told = "en ligne" in shown.stdout or "compté une fois par minute" in shown.stdout
    assert (shown.exit_code, is_told) == (0, True)
    found = await ctl(server, "fleet-history", "--json", "--step", "3600")
    assert json.loads(found.stdout)["step_s"] == 3600
    wrong = await ctl(server, "fleet-history", "--step", "61")
    assert wrong.exit_code == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_reservations_are_listed(server: LiveServer) -> None:
    """As a table, of one station, as JSON; a state that there is not is refused."""
    await server.post("/stations", {"station_id": "kept-free", "admission": "accept"}, 201)
    body = {"station": "kept-free", "id_token": "FOR-ME", "evse_id": 2, "expires_at": "2090-01-01T00:00:00Z"}
    async with server.station("kept-free", answers={"ReserveNow": {"status": "Accepted"}}):
        made = await server.post("/reservations", body, 201)
    shown = await ctl(server, "reservations", "--station", "kept-free", "--lang", "fr")
    assert (shown.exit_code, "FOR-ME" in shown.stdout, "active" in shown.stdout) == (0, True, True)
    found = await ctl(server, "reservations", "--json", "--id-token", "for-me")
    assert [each["number"] for each in json.loads(found.stdout)] == [made["number"]]
    assert (await ctl(server, "reservations", "--state", "lost")).exit_code == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_durable_work_is_listed(server: LiveServer) -> None:
    """The next edge of a site waits: as a table or JSON, by state, in pages; other words are refused."""
    site = await server.post("/sites", {"name": "Open by day", "zone": "America/Montreal"}, 201)
    hours = {"weekly": [[{"opens": "08:00", "closes": "21:00"}]] * 7}
    weekly = await ctl(server, "put", f"/sites/{site['site_id']}/hours", json.dumps(hours))
    assert weekly.exit_code == 0, weekly.stderr
    shown = await ctl(server, "work", "--lang", "fr", "--state", "waiting")
    assert (shown.exit_code, "ouverture ou fermeture" in shown.stdout, "en attente" in shown.stdout) == (
        0,
        True,
        True,
    )
    found = json.loads((await ctl(server, "work", "--json")).stdout)
    edge = next(each for each in found if each["subject"] == site["site_id"])
    assert (edge["kind"], edge["state"], edge["attempt"], edge["node"]) == ("hours_edge", "waiting", 0, None)
    assert json.loads((await ctl(server, "work", "--json", "--station", "nobody")).stdout) == []
    assert (await ctl(server, "work", "--state", "lost")).exit_code == 1
    after = await ctl(server, "get", f"/work?limit=1&after={edge['work_id'] + 1}")
    assert [each["work_id"] for each in json.loads(after.stdout)] == [edge["work_id"]]
    assert (await ctl(server, "get", "/work?after=x")).exit_code == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_a_station_of_the_bench_is_leased(server: LiveServer) -> None:
    """Tagged, listed, had to oneself, kept, given back; of another one only with a reason."""
    await server.post("/stations", {"station_id": "on-bench", "admission": "accept"}, 201)
    empty = await ctl(server, "lease", "list", "--tag", "nothing-like-it", "--lang", "fr")
    assert (empty.exit_code, empty.output[:4]) == (0, "Rien")
    tagged = await ctl(server, "lease", "tag", "on-bench", "rack", "ac")
    assert json.loads(tagged.output) == {"station_id": "on-bench", "tags": ["ac", "rack"]}
    begun = await ctl(server, "lease", "take", "on-bench", "--purpose", "a demo", "--for", "60")
    assert (begun.exit_code, "on-bench until" in begun.output) == (0, True), begun.stderr
    lease_id = begun.output.split()[0]
    again = await ctl(server, "lease", "take", "on-bench")
    assert (again.exit_code, "lease_held" in again.output, "a demo" in again.output) == (1, True, True)
    kept = json.loads((await ctl(server, "lease", "renew", lease_id, "--json")).output)
    assert (kept["lease_id"], kept["state"]) == (lease_id, "held")
    shown = await ctl(server, "lease", "list", "--tag", "rack", "--lang", "en")
    assert (shown.exit_code, "a demo" in shown.output) == (0, True)
    listed = json.loads((await ctl(server, "lease", "list", "--json", "--tag", "ac")).output)
    assert [each["lease"]["holder"] for each in listed] == ["first"]
    assert "the lease is over" in (await ctl(server, "lease", "end", lease_id)).output
    other = await server.api.put("/access/programs/rig", json={"role": "manager"})
    rig = {"BORNE_TOKEN": other.json()["token"]}
    made = await ctl(server, "lease", "take", "--tag", "rack", **rig)
    assert (made.exit_code, "no_station_fits" in made.output) == (1, True)
    made = await ctl(server, "lease", "take", "on-bench", "--json", **rig)
    theirs = json.loads(made.output)["lease_id"]
    assert (await ctl(server, "lease", "end", theirs)).exit_code == 1
    ended = await ctl(server, "lease", "end", theirs, "--reason", "a demo", "--json")
    assert json.loads(ended.output)["end"] == "taken-away"
    free = await ctl(server, "lease", "list", "--tag", "rack", "--lang", "fr")
    assert (free.exit_code, "libre" in free.output) == (0, True)
