"""Every setting of `borne up`: one table for code, environment (`BORNE_…`), `--help` and reference page."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from csms.domain.records import UnknownPolicy
from runtime.mail.letters import address_in
from runtime.proxy import networks

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

WireLogMode = Literal["all", "without_heartbeats", "off"]


class ServerSettings(BaseSettings):
    """What one server process needs to know. Secrets are `SecretStr`: they show as stars everywhere."""

    model_config = SettingsConfigDict(env_prefix="BORNE_", extra="forbid", validate_default=True)

    listen: str = Field(
        default="127.0.0.1", description="Address to listen on; 0.0.0.0 opens it to the network."
    )
    ocpp_port: int = Field(
        default=9000, ge=0, le=65535, description="Port for stations (ws://, all OCPP versions)."
    )
    tls_port: int = Field(
        default=9443, ge=0, le=65535, description="Port for stations with TLS, if a certificate is given."
    )
    http_port: int = Field(
        default=8080, ge=0, le=65535, description="Port of the console, the REST API and the metrics."
    )
    https_port: int = Field(
        default=8443,
        ge=0,
        le=65535,
        description="Port of the console and the REST API with TLS, if an HTTP certificate is given.",
    )
    http_tls_certificate: Path | None = Field(
        default=None, description="PEM file with the certificate chain for the console and the REST API."
    )
    http_tls_key: Path | None = Field(
        default=None, description="PEM file with the private key of the HTTP certificate."
    )
    trusted_proxy: str | None = Field(
        default=None,
        description="Addresses or networks (CIDR, separated by commas) of the proxies in front of the HTTP "
        "port: only they may tell by X-Forwarded-For and X-Forwarded-Proto who asks.",
    )
    public_url: str | None = Field(
        default=None,
        description="Where people reach the server (https://borne.example): what links, invitations and QR "
        "codes carry.",
    )
    public_ocpp_url: str | None = Field(
        default=None,
        description="Where stations connect (wss://borne.example/ocpp), as it is typed into them; by default "
        "the host of the public URL with the port for stations.",
    )
    team_name: str | None = Field(default=None, description="Whom installers ring: a name.")
    team_phone: str | None = Field(default=None, description="Whom installers ring: a phone number.")
    smtp: SecretStr | None = Field(
        default=None,
        description="Mail server for invitations and other letters: smtp[s]://[user:password@]host[:port]. "
        "Without one, letters are read on the server (GET /letters). Needs --mail-from and --public-url.",
    )
    mail_from: str | None = Field(
        default=None,
        description="Whom letters come from: an address, or a name with one (Borne <borne@borne.example>).",
    )
    var: Path = Field(
        default=Path("var"), description="Folder for the database, the wire log and the first API token."
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="URL of the database: sqlite:////srv/borne.db or "
        "postgresql://user:password@host/name; by default the file borne.db in the var folder.",
    )
    tls_certificate: Path | None = Field(
        default=None, description="PEM file with the server's certificate chain."
    )
    tls_key: Path | None = Field(default=None, description="PEM file with the certificate's private key.")
    ocpp_origins: str = Field(
        default="",
        description="Web origins, with commas between (https://tool.example), whose pages may open a "
        "station's socket here; * for all. By default only pages of this host may.",
    )
    unknown: UnknownPolicy | None = Field(
        default=None,
        description="What to do with stations nobody ordered: accept, quarantine, reject or refuse. "
        "By default quarantine on loopback, refuse otherwise.",
    )
    mqtt: SecretStr | None = Field(
        default=None, description="MQTT broker for station events: mqtt[s]://[user:password@]host[:port]."
    )
    wire_log: WireLogMode = Field(
        default="without_heartbeats",
        description="Which frames go to var/wirelog.db: all, without_heartbeats or off.",
    )
    wire_log_max_mib: int = Field(
        default=512, ge=1, description="Size at which the wire log drops its oldest frames, in MiB."
    )
    wire_log_ring_bytes: int = Field(
        default=2048,
        ge=0,
        description="Bytes of recent frames kept in memory per station, for the live view. Each frame copies "
        "them once: some KiB cost nothing, a MiB does.",
    )
    heartbeat_interval_s: int = Field(
        default=300, ge=1, description="Heartbeat interval given to accepted stations, in seconds."
    )
    pending_interval_s: int = Field(
        default=30, ge=1, description="Boot interval given to stations that must wait, in seconds."
    )
    ping_interval_s: float = Field(
        default=30.0, gt=0, description="How often to ping a station's socket, in seconds."
    )
    silent_after_s: float = Field(
        default=60.0, gt=0, description="A socket silent for so long is closed, in seconds."
    )
    max_message_bytes: int = Field(
        default=1 << 20,
        ge=1024,
        le=8 << 20,
        description="Longest message taken from an accepted station, in bytes.",
    )
    kept_messages_per_action: int = Field(
        default=1000,
        ge=1,
        description="Reports kept of each station and action (NotifyEvent, …); beyond, the oldest go.",
    )
    concurrent_transactions: int | None = Field(
        default=None,
        ge=1,
        description="How many transactions an id token may have at once; a start beyond is answered "
        "ConcurrentTx. By default any number.",
    )
    concurrent_group_transactions: int | None = Field(
        default=None,
        ge=1,
        description="How many transactions the id tokens of a group may have at once, together. By default "
        "any number.",
    )
    command_timeout_s: float = Field(
        default=30.0, gt=0, description="How long a station may take to answer a command, in seconds."
    )
    secret_patience_s: float = Field(
        default=6.0,
        gt=0,
        description="How long a station that took a new secret is left alone to connect again, in seconds.",
    )
    obey_within_s: float = Field(
        default=10.0,
        gt=0,
        description="How long a station that agreed to boot or restart may take to begin, in seconds.",
    )
    products: Path | None = Field(
        default=None,
        description="Folder with product files (*.yaml) of your own; one with the id of a shipped product "
        "replaces it.",
    )
    scenarios: Path | None = Field(
        default=None,
        description="Folder with scenarios (*.yaml) of your own, which the page of the bench offers too.",
    )
    stop_within_s: float = Field(
        default=10.0, gt=0, description="How long a stop may take before it is forced, in seconds."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least serious log line shown."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="Log lines for people or for machines."
    )

    @model_validator(mode="after")
    def _certificate_needs_key(self) -> "ServerSettings":
        if (self.tls_certificate is None) != (self.tls_key is None):
            msg = "tls_certificate and tls_key belong together: give both, or neither"
            raise ValueError(msg)
        if (self.http_tls_certificate is None) != (self.http_tls_key is None):
            msg = "http_tls_certificate and http_tls_key belong together: give both, or neither"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _letters_have_a_sender_and_links(self) -> "ServerSettings":
        if self.smtp is not None and (address_in(self.mail_from) is None or self.public_url is None):
            msg = "smtp needs mail_from, an address, and public_url, which links begin with"
            raise ValueError(msg)
        return self

    @field_validator("trusted_proxy")
    @classmethod
    def _names_networks(cls, text: str | None) -> str | None:
        networks(text or "")
        return text

    @field_validator("public_url")
    @classmethod
    def _is_public_url(cls, text: str | None) -> str | None:
        return _url(text, "https", "http")

    @field_validator("public_ocpp_url")
    @classmethod
    def _is_public_ocpp_url(cls, text: str | None) -> str | None:
        return _url(text, "wss", "ws")

    @property
    def ocpp_url(self) -> str:
        """Where stations connect, as far as somebody said where the server is; else empty."""
        if self.public_ocpp_url is not None:
            return self.public_ocpp_url
        if self.public_url is None:
            return ""
        host = urlsplit(self.public_url).hostname or ""
        named = f"[{host}]" if ":" in host else host
        is_secure = self.tls_certificate is not None
        scheme, port = ("wss", self.tls_port) if is_secure else ("ws", self.ocpp_port)
        return f"{scheme}://{named}:{port}/ocpp"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.listen in LOOPBACK or self.listen.startswith("127.")

    @property
    def allowed_origins(self) -> frozenset[str]:
        """The web origins of `ocpp_origins`."""
        return frozenset(each.strip().lower().rstrip("/") for each in self.ocpp_origins.split(",")) - {""}

    @property
    def unknown_policy(self) -> UnknownPolicy:
        """The policy in force for stations nobody ordered; open only where nobody else can reach it."""
        if self.unknown is not None:
            return self.unknown
        return "quarantine" if self.is_loopback else "refuse"

    @property
    def effective_database_url(self) -> str:
        """The database in use; it may hold a password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.var / 'borne.db'}"


def _url(text: str | None, *schemes: str) -> str | None:
    """A URL of one of these schemes, without a slash at its end. Raises ValueError."""
    if text is None:
        return None
    parts = urlsplit(text)
    if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment or parts.username:
        msg = f"write it like {schemes[0]}://HOST, without a query or a password"
        raise ValueError(msg)
    return text.rstrip("/")
