"""A PostgreSQL server is looked at as `borne up` would use it, and nothing is changed there."""

from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import text

from borne.doctor.database_server import examine_server
from borne.doctor.machine import examine_machine
from borne.doctor.remarks import Level
from borne.settings import ServerSettings
from ocppj.vocabulary import StationId
from provisioning.records import Credential, CredentialForm, CredentialState, Device
from provisioning.storage.devices import insert_devices
from runtime.clock import SystemClock
from runtime.database import Database
from tests.support.postgres import PostgresServer
from tests.support.process import free_port


def test_a_fit_server_answers(postgres: PostgresServer, tmp_path: Path) -> None:
    """An empty database, and one with our tables."""
    for template in ("template0", "borne_template"):
        with postgres.database(template=template) as url:
            (remark,) = examine_server(url, tmp_path / "pepper")
            assert remark.level is Level.GOOD
            assert "answers" in remark.text


async def test_tables_of_others_or_of_a_newer_version_are_named(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    """With the way out."""
    with postgres.database(template="template0") as url:
        name = url.rsplit("/", 1)[1]
        postgres.run("CREATE TABLE songs (name text)", database=name)
        assert any("another program" in each.text for each in examine_server(url, tmp_path / "pepper"))
    with postgres.database() as url:
        name = url.rsplit("/", 1)[1]
        postgres.run("UPDATE alembic_version SET version_num = '9999'", database=name)
        assert any("9999" in each.text for each in examine_server(url, tmp_path / "pepper"))


async def test_secrets_without_their_pepper_are_named(postgres: PostgresServer, tmp_path: Path) -> None:
    """The server would not start."""
    with postgres.database() as url:
        database = await Database.open(url, migrations=None)
        credential = Credential(CredentialState.VERIFIED, CredentialForm.BYTES, b"sealed")
        await database.run_write(
            lambda c: insert_devices(c, [Device(StationId("cp1"), credential=credential)])
        )
        assert await database.scalar(text("SELECT count(*) FROM devices")) == 1
        await database.close()
        assert any("from the backup" in each.text for each in examine_server(url, tmp_path / "pepper"))


def test_a_server_that_is_away_is_a_problem_without_its_password(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    """`borne doctor` says what `borne up` would."""
    settings = ServerSettings(
        var=tmp_path,
        ocpp_port=free_port(),
        http_port=free_port(),
        database_url=SecretStr(postgres.url("borne", port=free_port(), password="s3cr3t")),
    )
    assert "s3cr3t" not in repr(settings)
    remarks = examine_machine(settings, SystemClock(), is_serving=False)
    (found,) = [each for each in remarks if "does not answer" in each.text]
    assert found.level is Level.PROBLEM
    assert not any("s3cr3t" in each.text for each in remarks)
