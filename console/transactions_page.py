"""Transactions: those that wait for a person first of all, each with its page, where managers decide."""

from collections.abc import Callable
from datetime import datetime

from nicegui import ui

from access.actions import Permission
from console.frame import heading
from console.station_values import station_href
from console.transaction_values import (
    FormInvalid,
    TransactionLine,
    odd_lines,
    provisional_text,
    review_fields,
    review_lines,
    transaction_row,
)
from console.views import ConsoleViews
from console.visit import Visit
from console.words import Words
from csms.api.transaction_views import TransactionAnswer, WholeTransactionAnswer
from csms.domain.reviews import Review, ReviewDecision
from runtime.http import Problem

ROWS_SHOWN = 50
ALL = "all"
STATES = (*(state.value for state in Review), ALL)
DECISIONS = ("accept", "correct", "void")
FORM = {
    "energy": "review.energy",
    "cost": "review.cost",
    "started": "review.started",
    "ended": "review.ended",
}
"""What can be corrected, and its label."""


async def transactions_page(visit: Visit, views: ConsoleViews) -> None:
    """All of them, newest first, by what was decided."""
    page = _List(visit, views)
    page.build()
    await page.refresh()


class _List:
    """The filter and the cards."""

    def __init__(self, visit: Visit, views: ConsoleViews) -> None:
        self._visit, self._words, self._views = visit, visit.words, views
        self._after: list[tuple[datetime, int]] = []
        """Where the pages before this one ended."""
        self._last: tuple[datetime, int] | None = None

    def build(self) -> None:
        """Place everything, empty."""
        words = self._words
        heading(words("transactions.title"), level=1)
        ui.label(words("transactions.about")).classes("opacity-80")
        self._state = (
            ui.select(
                {state: words.of("review_state", state) for state in STATES},
                value=Review.HELD.value,
                label=words("transactions.review"),
                on_change=self._start_again,
            )
            .props("dense options-dense")
            .classes("min-w-40")
        )
        self._none = ui.label(words("transactions.none"))
        self._cards = ui.column().classes("w-full gap-2")
        with ui.row():
            self._newer = ui.button(words("transactions.newer"), on_click=self._go_back)
            self._older = ui.button(words("transactions.older"), on_click=self._go_on)
        for button in (self._newer, self._older):
            button.props("flat no-caps")

    async def refresh(self) -> None:
        """Show what is there now."""
        state = None if self._state.value == ALL else Review(self._state.value)
        after = self._after[-1] if self._after else None
        found, self._last = await self._views.reviewable(self._visit.who, state, after, ROWS_SHOWN)
        self._none.set_visibility(not found)
        self._newer.set_visibility(bool(self._after))
        self._older.set_visibility(self._last is not None)
        self._cards.clear()
        with self._cards:
            for each in found:
                _place_card(transaction_row(each, self._words))

    async def _start_again(self) -> None:
        self._after.clear()
        await self.refresh()

    async def _go_on(self) -> None:
        if self._last is not None:
            self._after.append(self._last)
            await self.refresh()

    async def _go_back(self) -> None:
        self._after.pop()
        await self.refresh()


def _place_card(row: TransactionLine) -> None:
    with ui.card().props("flat bordered").classes("card w-full gap-1 p-3"):
        with ui.row().classes("w-full items-center gap-2"):
            ui.link(f"{row['station']} · {row['transaction']}", row["href"]).classes("whole font-medium")
            ui.space()
            ui.badge(row["review"], color="warning" if row["is_held"] else "grey-8").props(
                "text-color=black" if row["is_held"] else ""
            )
        with ui.row().classes("w-full gap-x-4 gap-y-1"):
            ui.label(row["energy"])
            ui.label(row["cost"])
        ui.label(f"{row['started']} – {row['ended']}").classes("text-sm opacity-70")


async def transaction_page(
    visit: Visit, views: ConsoleViews, station: str, transaction_id: str, number: int | None
) -> None:
    """One transaction; for an unknown one, a sentence."""
    words = visit.words
    try:
        found = await views.transaction(visit.who, station, transaction_id, number)
    except Problem:
        ui.link(f"‹ {words('transactions.title')}", "/transactions").classes("text-primary")
        heading(words("transaction.unknown", station=station, id=transaction_id), level=1)
        return
    ui.link(f"‹ {found.station_id}", station_href(found.station_id)).classes("text-primary")
    body = ui.column().classes("w-full gap-4")

    def show(transaction: WholeTransactionAnswer) -> None:
        body.clear()
        with body:
            _place_transaction(transaction, words)
            if views.may(visit.who, transaction.station_id, Permission.REVIEW) and not transaction.is_open:
                _Form(visit, views, transaction, show).build()

    show(found)


def facts(transaction: TransactionAnswer, words: Words) -> list[tuple[str, str]]:
    """What is known of it, as label and text."""
    row = {name: str(text) for name, text in transaction_row(transaction, words).items()}
    reason = transaction.stopped_reason or "–"
    names = ("connector", "token", "started", "ended", "energy", "cost")
    return [
        *((words(f"column.{name}"), row[name]) for name in names),
        (words("transaction.reason"), reason),
        (words("transaction.review"), words.of("review_state", transaction.review)),
    ]


def _place_transaction(transaction: WholeTransactionAnswer, words: Words) -> None:
    with ui.row().classes("w-full items-center gap-3"):
        heading(words("transaction.title", id=transaction.transaction_id), level=1)
        if transaction.review is not None:
            is_held = transaction.review == Review.HELD.value
            badge = ui.badge(words.of("review_state", transaction.review))
            badge.props("color=warning text-color=black" if is_held else "color=grey-8")
    provisional = provisional_text(transaction, words)
    if provisional:
        with ui.card().props("flat bordered").classes("w-full gap-1 p-3"):
            if not transaction.is_open:
                ui.label(words("transaction.held")).classes("font-medium")
            ui.label(provisional).classes("text-sm")
    with ui.element("dl").classes("facts grid grid-cols-2 md:grid-cols-4 gap-x-6 w-full"):
        for name, text in facts(transaction, words):
            with ui.element("div"):
                with ui.element("dt"):
                    ui.label(name)
                with ui.element("dd"):
                    ui.label(text)
    heading(words("transaction.odd"))
    for line in odd_lines(transaction, words) or [words("transaction.nothing_odd")]:
        ui.label(line)
    trace = review_lines(transaction, words)
    if trace:
        heading(words("transaction.trace"))
    for told, changes in trace:
        with ui.column().classes("gap-0"):
            ui.label(told)
            for change in changes:
                ui.label(change).classes("text-sm opacity-80")


class _Form:
    """What a manager fills in; the same path as POST /transactions/{id}/review."""

    def __init__(
        self,
        visit: Visit,
        views: ConsoleViews,
        transaction: WholeTransactionAnswer,
        decided: Callable[[WholeTransactionAnswer], None],
    ) -> None:
        self._visit, self._words, self._views = visit, visit.words, views
        self._transaction, self._decided = transaction, decided

    def build(self) -> None:
        """Place it."""
        words = self._words
        with ui.card().props("flat bordered").classes("w-full gap-2 p-3"):
            heading(words("review.title"))
            ui.label(words("review.about")).classes("text-sm opacity-80")
            self._decision = (
                ui.radio(
                    {each: words.of("decision", each) for each in DECISIONS},
                    value=ReviewDecision.ACCEPT.value,
                )
                .props(f'inline aria-label="{words("review.decision")}"')
                .classes("w-full")
            )
            is_correcting = self._decision.value == ReviewDecision.CORRECT.value
            with ui.row().classes("w-full gap-4") as corrections:
                currency = self._transaction.currency or "–"
                self._fields = {
                    name: ui.input(words(label, currency=currency)).classes("w-64 max-w-full")
                    for name, label in FORM.items()
                }
            corrections.set_visibility(is_correcting)
            self._decision.on_value_change(
                lambda event: corrections.set_visibility(event.value == ReviewDecision.CORRECT.value)
            )
            self._reason = ui.input(words("review.reason")).props("maxlength=1000").classes("w-full")
            with ui.row().classes("w-full justify-end"):
                ui.button(words("review.decide"), on_click=self._decide).props("no-caps")

    async def _decide(self) -> None:
        words, transaction = self._words, self._transaction
        form = {name: field.value or "" for name, field in self._fields.items()}
        form |= {"decision": self._decision.value, "reason": self._reason.value or ""}
        try:
            fields = review_fields(form, words)
            after = await self._views.review(self._visit.who, transaction, fields)
        except FormInvalid as error:
            ui.notify(str(error), type="warning")
            return
        except Problem as problem:
            ui.notify(words.problem(problem), type="negative", multi_line=True)
            return
        ui.notify(words("review.done"), type="positive")
        self._decided(after)
