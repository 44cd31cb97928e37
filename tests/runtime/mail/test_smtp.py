"""Handing a message to a mail server on a real port."""

import asyncio
import smtplib
from email.message import EmailMessage

import pytest

from runtime.errors import MailUrlInvalid
from runtime.mail.smtp import MailServer, is_final
from tests.support.mail_server import MailBox, mail_box


def message() -> EmailMessage:
    """A short one."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@borne.example", "sam@volta.example", "Bonjour"
    made.set_content("Voilà")
    return made


async def sent(box: MailBox, login: str = "") -> None:
    """Hand it over."""
    server = MailServer.parse(f"smtp://{login}127.0.0.1:{box.port}")
    await asyncio.to_thread(server.send, message())


def test_where_a_mail_server_is() -> None:
    """With the usual ports; the password is read, and shown nowhere."""
    plain, secure = MailServer.parse("smtp://mail.example"), MailServer.parse("smtps://u:p%40ss@mail.example")
    assert (plain.port, plain.is_secure, plain.username) == (587, False, None)
    assert (secure.port, secure.is_secure, secure.username, secure.password) == (465, True, "u", "p@ss")
    assert "p@ss" not in repr(secure)


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://h:x", "smtp://u:secret@h/path"])
def test_another_url_is_refused_without_being_shown(url: str) -> None:
    """It may hold a password."""
    with pytest.raises(MailUrlInvalid, match="must look like") as raised:
        MailServer.parse(url)
    assert "secret" not in str(raised.value)


async def test_a_message_is_handed_over() -> None:
    """With the login, where there is one: on this machine without encryption."""
    async with mail_box() as box:
        await sent(box)
        await sent(box, "borne:secret@")
    assert [each.get_content().strip() for each in box.messages] == ["Voilà", "Voilà"]
    assert [each.split(" ")[0] for each in box.commands].count("AUTH") == 1


@pytest.mark.parametrize(
    ("refusals", "final"),
    [
        ({"RCPT": "550 no such user"}, True),
        ({"RCPT": "450 later"}, False),
        ({"DATA": "554 no spam"}, True),
        ({"MAIL": "451 later"}, False),
        ({"AUTH": "535 wrong password"}, False),
        ({"EHLO": "421 closing", "HELO": "421 closing"}, False),
    ],
)
async def test_what_a_server_refuses_for_good(refusals: dict[str, str], *, final: bool) -> None:
    """The address or the message; whoever cannot log in may be let in later."""
    async with mail_box(**refusals) as box:
        with pytest.raises((smtplib.SMTPException, OSError)) as raised:
            await sent(box, "borne:secret@")
    assert is_final(raised.value) is final
    assert box.messages == []


async def test_nobody_is_there() -> None:
    """Try again later."""
    async with mail_box() as box:
        pass
    with pytest.raises(OSError, match=r".") as raised:
        await sent(box)
    assert not is_final(raised.value)
