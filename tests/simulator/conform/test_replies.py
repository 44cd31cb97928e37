"""How the tool answers."""

from typing import Any

from simulator.conform.replies import ReplyBook
from simulator.scenario.strict_model import PreparedReply

USUAL: dict[str, Any] = {
    "Boot": {"currentTime": "<now>", "status": "Accepted", "nested": {"a": 1, "b": 2}},
    "Authorize": {"idTokenInfo": "<token>"},
    "Set": {
        "result": {"<each data>": {"name": "<request name>", "left": "<request none.of.it>"}},
        "l": ["<now>"],
    },
}


def book() -> ReplyBook:
    """With one token."""
    return ReplyBook(USUAL, {"T1": {"status": "Blocked"}}, lambda: "NOW")


def payload(found: PreparedReply) -> Any:
    """Of an answer."""
    return found.payload


def test_the_usual_answers() -> None:
    """With what is of the moment; what is not known has an empty answer."""
    assert payload(book().reply("Boot", {})) == {
        "currentTime": "NOW",
        "status": "Accepted",
        "nested": {"a": 1, "b": 2},
    }
    assert payload(book().reply("Else", {})) == {}
    assert payload(book().reply("Set", {"data": [{"name": "x"}, {}]})) == {
        "result": [{"name": "x"}, {}],
        "l": ["NOW"],
    }


def test_tokens() -> None:
    """Those that are known, those that are not, none, and no authorization."""
    answers = [
        payload(book().reply("Authorize", request))
        for request in (
            {"idToken": {"idToken": "T1", "type": "ISO14443"}},
            {"idToken": {"idToken": "T2", "type": "ISO14443"}},
            {"idToken": {"idToken": "", "type": "NoAuthorization"}},
            {},
        )
    ]
    assert answers == [
        {"idTokenInfo": {"status": "Blocked"}},
        {"idTokenInfo": {"status": "Invalid"}},
        {"idTokenInfo": {"status": "Accepted"}},
        {},
    ]


def test_what_was_prepared_stands_over_it() -> None:
    """For as often as it was said, then the usual one again; `<absent>` takes a member away."""
    mine = book()
    given = {"status": "Pending", "nested": {"b": 3}, "currentTime": "<absent>"}
    mine.prepare(PreparedReply(action="Boot", payload=given, times=2))
    for _ in range(2):
        assert payload(mine.reply("Boot", {}))["status"] == "Pending"
    assert payload(mine.reply("Boot", {}))["status"] == "Accepted"
    mine.prepare(PreparedReply(action="Boot", error="InternalError"))
    assert [mine.reply("Boot", {}).error for _ in range(3)] == ["InternalError"] * 3
