"""How instants and amounts are written."""

from datetime import UTC, datetime, timedelta, timezone

from runtime.measures import instant
from runtime.texts import energy_text, instant_text, number_text, power_text, printable

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_instants_are_told_in_utc_with_a_z() -> None:
    """RFC 3339, whatever zone they come in; what reads instants reads it back."""
    assert instant_text(NOON) == "2026-05-01T12:00:00Z"
    assert instant_text(NOON.astimezone(timezone(timedelta(hours=-4)))) == "2026-05-01T12:00:00Z"
    assert instant_text(NOON.replace(microsecond=5)) == "2026-05-01T12:00:00.000005Z"
    assert instant_text(None) is None
    assert instant(instant_text(NOON)) == NOON


def test_a_strangers_words_do_not_steer_a_terminal() -> None:
    """ESC and the one-byte CSI, line ends, and what turns the reading direction; all other text stays."""
    assert printable("\x1b[2J\x9b31m\r\n\u202e") == r"\u001b[2J\u009b31m\u000d\u000a\u202e"
    assert printable("Borne n\u00ba 7 [red] \u5145\u96fb") == "Borne n\u00ba 7 [red] \u5145\u96fb"


def test_numbers_are_written_as_the_language_does() -> None:
    """1,234.5 in English, 1 234,5 with a narrow space in French."""
    assert number_text(1234.5, 1) == "1,234.5"
    assert number_text(1234.5, 1, "fr") == "1\N{NARROW NO-BREAK SPACE}234,5"


def test_power_and_energy_are_told_in_thousands() -> None:
    """kW to a tenth, kWh to the watt-hour; nothing known is nothing."""
    assert (power_text(7200.0), power_text(7200.0, "fr")) == ("7.2 kW", "7,2 kW")
    assert (energy_text(1_500_250.0), energy_text(None, "fr")) == ("1,500.250 kWh", "0,000 kWh")
