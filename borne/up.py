"""`borne up`: the server until Ctrl-C, with words for the person who started it."""

import asyncio
import os
from collections.abc import Awaitable, Callable

from borne.addresses import STATION_ID_PLACEHOLDER, station_urls
from borne.app import RunningServer, running_server
from borne.invocation import command_for, this_program, up_command
from borne.language import Speech, speech_of
from borne.phone_url import phone_url
from borne.qr_lines import qr_lines
from borne.settings import ServerSettings
from borne.terminal import Terminal, here_of, joined, one_line, print_text
from runtime.errors import AddressUnavailable, PortInUse
from runtime.lifecycle import Stop, keep_for_good, run_process
from runtime.logs import configure_logs, get_logger, is_for_machines
from runtime.wording import Phrase

log = get_logger("borne.up")

DONE = 0
LABEL_WIDTH = 21
"""Of what is said before an address; then two spaces are left."""
PRIVATE = 0o077
"""The files in `var/` tell who charged where: their owner reads them, nobody else."""
Companion = Callable[[RunningServer, ServerSettings, Stop], Awaitable[int]]
"""What runs beside the server until it returns, or the stop is requested; returns the exit code."""


def run_up(settings: ServerSettings, *, demo: bool) -> int:
    """Run until stopped; returns the exit code."""
    os.umask(PRIVATE)
    companion: Companion = _wait
    if demo:
        from borne.demo.demo import demo_settings, run_demo

        settings, companion = demo_settings(settings), run_demo
    configure_logs(settings.log_level, settings.log_format)
    return run_process(
        lambda stop: _serve(settings, companion, stop),
        stop_within_s=settings.stop_within_s,
        language=speech_of().language,
    )


async def _serve(settings: ServerSettings, companion: Companion, stop: Stop) -> int:
    try:
        return await _serve_with(settings, companion, stop)
    except (PortInUse, AddressUnavailable) as problem:
        program, words = this_program(), problem.words
        text = Phrase(
            f"{words.fr} Options : --listen, --ocpp-port, --http-port. `{program} doctor` dit qui a un port.",
            f"{words.en} Options: --listen, --ocpp-port, --http-port. `{program} doctor` tells who has a "
            f"port.",
        )
        raise AddressUnavailable(text) from problem


async def _serve_with(settings: ServerSettings, companion: Companion, stop: Stop) -> int:
    async with running_server(settings, announce=_print_waiting) as server, asyncio.TaskGroup() as group:
        _greet(server, settings)
        keep_for_good()
        watching = group.create_task(server.failed(), name="watch")  # its error ends the companion too
        code = await companion(server, settings, stop)
        watching.cancel()
    return code


def _greet_phone(console: Terminal, speech: Speech, url: str) -> None:
    """One URL, as a code too where a phone can look at it; and what is missing without https."""
    console.print(joined(f"  {speech.text('up_phone'):<{LABEL_WIDTH}}", (url, "cyan")))
    if console.is_terminal:
        for text in qr_lines(url):
            console.print(one_line(f"    {text}"))
    if not url.startswith("https://"):
        console.print(f"    {speech.text('up_phone_plain')}")


def _print_waiting(words: Phrase) -> None:
    """What takes long before anything else is said; for machines the log has it."""
    if not is_for_machines():
        print_text(here_of(words))


async def _wait(_server: RunningServer, _settings: ServerSettings, stop: Stop) -> int:
    await stop.wait()
    return DONE


def _greet(server: RunningServer, settings: ServerSettings) -> None:
    """Where everything is, and the exact text to type into a station; only what is listened on."""
    if is_for_machines():
        urls = [
            url
            for each in server.listening
            for url in station_urls(settings.listen, each.port, is_secure=each.is_secure)
        ]
        log.info("started", stations=urls, http=server.http_url, unknown=settings.unknown_policy)
        return
    console, speech = Terminal(soft_wrap=True), speech_of()

    def line(key: str, what: str, style: str = "cyan") -> None:
        console.print(joined(f"  {speech.text(key):<{LABEL_WIDTH}}", (what, style)))

    name, _, rest = speech.text("running", name="borne").partition(" ")
    console.print(joined((name, "bold"), f" {rest}"))
    console.print()
    for each in server.listening:
        for url in station_urls(settings.listen, each.port, is_secure=each.is_secure):
            line("up_stations", url)
    line("up_console", f"{server.http_url}/")
    if server.https_url is not None:
        line("up_console_tls", f"{server.https_url}/")
    if not settings.is_loopback or settings.public_url is not None:
        _greet_phone(console, speech, phone_url(settings))
    line("up_api", f"{server.http_url}/api/docs")
    line("up_login", speech.text("up_token", file=settings.var / "token"), "")
    console.print()
    console.print(speech.text("up_replace", placeholder=STATION_ID_PLACEHOLDER))
    # What becomes of a station that nobody ordered: the first one of a new user is such a one.
    console.print(speech.text(f"unknown_{settings.unknown_policy}", command=command_for(settings)))
    if settings.is_loopback:
        command = up_command(settings, listen="0.0.0.0")  # noqa: S104 - told, not bound
        console.print(speech.text("up_loopback", command=command))
    console.print()
