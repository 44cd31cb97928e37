"""Handing a message to a mail server (RFC 5321), with TLS wherever the server offers it (RFC 3207)."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from runtime.errors import MailUrlInvalid
from runtime.wording import Phrase

ANSWER_WITHIN_S = 30.0
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_FINAL = 500
"""A reply from here on says that the same would be refused again (RFC 5321, section 4.2.1)."""
_PORTS = {"smtp": 587, "smtps": 465}
_URL_FORM = Phrase(
    "L'URL du serveur de courriel doit ressembler à smtp://mail.example:587 ou à "
    "smtps://user:password@mail.example (dans un mot de passe, @ et / s'écrivent %40 et %2F).",
    "The mail server's URL must look like smtp://mail.example:587 or smtps://user:password@mail.example "
    "(characters like @ or / in a password are written %40 and %2F).",
)


class PasswordInClear(Exception):  # noqa: N818 - reads as what it would be
    """The server offers no encryption: no password is sent to it over a network."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server. The password is in no repr."""

    host: str
    port: int
    is_secure: bool
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """Read `smtp[s]://[user:password@]host[:port]`. Raises MailUrlInvalid."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise MailUrlInvalid(_URL_FORM) from None  # the cause would show the URL with its password
        has_more = parts.path not in ("", "/") or parts.query or parts.fragment
        if parts.scheme not in _PORTS or not parts.hostname or has_more:
            raise MailUrlInvalid(_URL_FORM)
        username = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        is_secure = parts.scheme == "smtps"
        return cls(parts.hostname, port or _PORTS[parts.scheme], is_secure, username, password)

    def send(self, message: EmailMessage) -> None:
        """Hand it over; blocks. Raises OSError, smtplib.SMTPException, PasswordInClear."""
        with self._connected() as server:
            if self.username is not None and self.password is not None:
                server.login(self.username, self.password)
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        tls = ssl.create_default_context()
        if self.is_secure:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=ANSWER_WITHIN_S, context=tls)
        server = smtplib.SMTP(self.host, self.port, timeout=ANSWER_WITHIN_S)
        try:
            server.ehlo()
            is_safe = server.has_extn("starttls")
            if is_safe:
                server.starttls(context=tls)
                server.ehlo()
        except BaseException:
            server.close()
            raise
        if not is_safe and self.username is not None and self.host not in _HERE:
            server.close()
            raise PasswordInClear
        return server


def is_final(error: Exception) -> bool:
    """Whether the same letter would be refused again: the address is, or the message (5yz), not the login."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _FINAL for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= _FINAL
