"""conform.yaml: what the cases are played with, against whom, and what the other side declares."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from runtime.strict_file import flaw_of
from runtime.yaml_source import FileFlawed, Flaw, read_source
from simulator.conform.errors import ConformError
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.strict_model import StrictModel

DEFAULT_FILE = Path("conform.yaml")
Text = Annotated[str, Field(min_length=1, max_length=1000)]


class ConfiguredToken(StrictModel):
    """A token, and what a central system that knows it says of it."""

    id_token: Annotated[str, Field(min_length=1, max_length=36)]
    status: Text = "Accepted"
    group: Any = None


class RestRequest(StrictModel):
    """What is asked of a central system's own API: `${station}` and the command's arguments stand in it."""

    method: Text = "POST"
    url: Text
    body: Any = None


class RestOperator(StrictModel):
    """A central system with an API of its own: one request for each command."""

    headers: Mapping[str, str] = {}
    commands: dict[str, RestRequest]


class CsmsConfig(StrictModel):
    """The central system. Without `rest` and `python`, a person at the terminal operates it."""

    url: Text | None = None
    station_ids: tuple[Text, ...] = ()
    """Stations that it knows, taken in turn; where it lets in any, `CONF-1` and so on."""
    password: Text | None = None
    rest: RestOperator | None = None
    python: Text | None = None
    """`module:Class`, which has `command(station_id, name, arguments)`."""


class StationConfig(StrictModel):
    """A station on the wire: where the tool waits for it, and the password that it has."""

    listen: Text = "127.0.0.1:9220"
    password: Text | None = None


class ConformConfig(StrictModel):
    """The whole file; what stands here goes over what ships."""

    values: Mapping[str, Any] = {}
    tokens: Mapping[str, ConfiguredToken] = {}
    features: Mapping[str, bool] = {}
    csms: CsmsConfig = CsmsConfig()
    station: StationConfig = StationConfig()

    @property
    def token_values(self) -> dict[str, dict[str, Any]]:
        """As the cases have them."""
        return {name: one.model_dump(exclude_none=True) for name, one in self.tokens.items()}


def read_config(file: Path | None) -> ConformConfig:
    """The file that was named, else conform.yaml if it is there. Raises ConformError, ScenarioFileError."""
    path = file or DEFAULT_FILE
    if file is None and not path.exists():
        return ConformConfig()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConformError(f"{path} cannot be read: {error}") from None
    return config_in(text, str(path))


def config_in(text: str, where: str) -> ConformConfig:
    """From its text. Raises ScenarioFileError with every flaw."""
    try:
        source = read_source(text, where)
    except FileFlawed as error:
        raise ScenarioFileError(where, error.flaws) from None
    content = source.content if source.content is not None else {}
    if not isinstance(content, dict):
        raise ScenarioFileError(where, [Flaw(1, 1, "this is a mapping, as `borne conform --init` writes it")])
    try:
        return ConformConfig.model_validate(content)
    except ValidationError as error:
        known = list(ConformConfig.model_fields)
        flaws = [flaw_of(source, tuple(one["loc"]), one, known) for one in error.errors(include_url=False)]
        raise ScenarioFileError(where, flaws) from None
