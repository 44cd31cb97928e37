"""Steps that ask the central system through its REST API."""

from typing import Any
from urllib.parse import quote

from runtime.client import ApiClient, ApiError, ApiRefused
from runtime.patterns import fits, shown
from simulator.scenario import model
from simulator.scenario.steps.run_context import RunContext, in_words
from simulator.scenario.strict_model import PreparedReply
from simulator.scenario.verdicts import Failed, Inconclusive, NotApplicable
from simulator.scenario.wanted_patterns import by_version

UNTIL_S = 60.0
COMMAND_S = 30.0
LOOK_EVERY_S = 0.25
"""Between two looks of `until`, in people's time."""
API_MARGIN_S = 10.0


async def request_api(step: model.ApiRequestStep, context: RunContext) -> None:
    """A question; its answer is compared, or waited for."""
    method, _, path = str(context.scope.fill(step.ask)).partition(" ")
    if step.until is not None:
        answer = await _until(step, path, context)
    else:
        answer = await _answer(step, method, path, context)
        if step.answer is not None:
            text = context.words.text("answered_otherwise")
            context.compare(context.scope.fill(step.answer), answer, text)
    context.capture(step, answer)


async def _answer(step: model.ApiRequestStep, method: str, path: str, context: RunContext) -> Any:
    body = context.scope.fill(step.body)
    try:
        answer = await _send(_api(context), method, path, body)
    except ApiRefused as error:
        if step.refused is None:
            raise Failed(context.words.text("refused", problem=error)) from None
        problem = {"status": error.status, "code": error.code, "detail": error.detail}
        context.compare(context.scope.fill(step.refused), problem, context.words.text("answered_otherwise"))
        return problem
    except ApiError as error:
        raise Inconclusive(context.words.text("api_gone", problem=error)) from None
    if step.refused is not None:
        raise Failed(context.words.text("not_refused"), expected=shown(step.refused), found=[shown(answer)])
    return answer


async def _send(api: ApiClient, method: str, path: str, body: Any) -> Any:
    match method:
        case "GET":
            return await api.get(path)
        case "POST":
            return await api.post(path, body)
        case "PUT":
            return await api.put(path, body)
        case "PATCH":
            return await api.patch(path, body)
        case _:
            return await api.delete(path)


async def _until(step: model.ApiRequestStep, path: str, context: RunContext) -> Any:
    """Ask again until the answer fits. A refusal may pass, too: what is asked for may not be there yet."""
    wanted = context.scope.fill(step.until)
    pattern = context.compiled(wanted)
    clock = context.pace.clock
    deadline = clock.monotonic() + context.patience_s(step, UNTIL_S)
    found: list[str] = []
    while True:
        try:
            answer = await _api(context).get(path)
        except ApiRefused as error:
            found = [str(error)]
        except ApiError as error:
            raise Inconclusive(context.words.text("api_gone", problem=error)) from None
        else:
            if fits(pattern, answer):
                return answer
            found = in_words(list(pattern.differences(answer)))
            found += _blockers(answer, context)
        if clock.monotonic() >= deadline:
            text = context.words.text("not_in_time", within=context.seconds(step, UNTIL_S))
            raise Failed(text, expected=shown(wanted), found=found)
        await clock.sleep(LOOK_EVERY_S * context.pace.factor)


def _blockers(answer: Any, context: RunContext) -> list[str]:
    """What the central system itself says is in the way of a station."""
    blockers = answer.get("blocked_by") if isinstance(answer, dict) else None
    if not isinstance(blockers, list):
        return []
    key = f"text_{context.words.language}"
    return [f"{each.get(key, each.get('text'))} ({each.get('who_clears')})" for each in blockers]


async def command(step: model.CommandStep, context: RunContext) -> None:
    """A command in neutral words; without `answer`, the station must agree."""
    body = context.scope.fill(step.body)
    if context.operator is not None:
        await context.operator.command(context.driver(step).station_id, step.command, body)
        return
    path = f"/commands/{step.command}"
    outcome = await _to_station(step, context, path, body)
    answer = outcome.get("answer") or _refusal(outcome)
    if step.answer is None and not outcome.get("is_accepted"):
        raise Failed(context.words.text("station_refused", outcome=_ending(outcome)))
    _compare(step.answer, answer, context)
    context.capture(step, answer)


async def call(step: model.CallStep, context: RunContext) -> None:
    """Any CALL of the version; without `answer`, the station must answer it."""
    driver = context.driver(step)
    body: Any = step.call
    if by_version(body):
        body = context.by_version(body, driver)
        if body is None:
            raise NotApplicable(context.words.text("no_body", version=driver.version.label))
    filled = context.scope.fill(body)
    if context.tool is not None and context.tool.plays == "csms":
        within_s = context.patience_s(step, COMMAND_S)
        outcome_ = await context.tool.request(filled["action"], filled.get("payload", {}), within_s)
        context.judge(step, step.answer, outcome_)
        return
    if context.operator is not None:
        await context.operator.command(driver.station_id, "call", filled)
        return
    outcome = await _to_station(step, context, "/calls", filled)
    if step.answer is None and outcome["outcome"] == "error":
        raise Failed(context.words.text("station_refused", outcome=_ending(outcome)))
    answer = outcome.get("payload") if outcome["outcome"] == "result" else _refusal(outcome)
    _compare(step.answer, answer, context)
    context.capture(step, answer)


async def _to_station(
    step: model.Step, context: RunContext, path: str, body: dict[str, Any]
) -> dict[str, Any]:
    station_id = quote(context.driver(step).station_id, safe="")
    timeout_s = step.within or COMMAND_S
    content = {"timeout_s": timeout_s} | body
    try:
        outcome: dict[str, Any] = await _api(context).post(
            f"/stations/{station_id}{path}", content, timeout_s=timeout_s + API_MARGIN_S
        )
    except ApiRefused as error:
        if error.code == "command_unsupported":
            raise NotApplicable(error.detail) from None
        raise Failed(context.words.text("refused", problem=error)) from None
    except ApiError as error:
        raise Inconclusive(context.words.text("api_gone", problem=error)) from None
    if outcome.get("outcome") not in ("result", "error"):  # only the station's own answer can be judged
        raise Inconclusive(context.words.text("command_open", outcome=outcome.get("outcome")))
    return outcome


def _compare(pattern: Any, answer: Any, context: RunContext) -> None:
    if pattern is not None:
        context.compare(context.scope.fill(pattern), answer, context.words.text("answered_otherwise"))


def _refusal(outcome: dict[str, Any]) -> dict[str, Any]:
    return {"code": outcome.get("error_code"), "description": outcome.get("error_description")}


def _ending(outcome: dict[str, Any]) -> str:
    if outcome.get("error_code"):
        return f"{outcome['error_code']} {outcome.get('error_description') or ''}".rstrip()
    answer = outcome.get("answer") or {}
    return f"{answer.get('status')} {answer.get('reason') or ''}".rstrip()


async def allow(step: model.AllowStep, context: RunContext) -> None:
    """Ask first: whoever may only look can still use a token that is known."""
    token = str(context.scope.fill(step.allow))
    if context.operator is not None:
        await context.operator.allow(token)
        return
    path = f"/tokens/{quote(token, safe='')}"
    api = _api(context)
    try:
        try:
            known = await api.get(path)
            if known.get("status") == "Accepted":
                return
        except ApiRefused as error:
            if error.code != "token_unknown":
                raise
        await api.put(path, {"status": "Accepted", "note": "borne run"})
    except ApiRefused as error:
        raise Inconclusive(context.words.text("refused", problem=error)) from None
    except ApiError as error:
        raise Inconclusive(context.words.text("api_gone", problem=error)) from None


async def reply(step: model.ReplyStep, context: RunContext) -> None:
    """The tool is no end of the wire where a simulated station or a central system is."""
    if context.tool is None:
        raise NotApplicable(context.words.text("no_tool_end"))
    filled = context.scope.fill(step.reply.model_dump())
    context.tool.prepare(PreparedReply.model_validate(filled))


async def mark(step: model.MarkStep, context: RunContext) -> None:
    """A marker, with who asked and when; whoever may not write one leaves the step open."""
    if context.api is None:
        raise NotApplicable(context.words.text("no_markers"))
    station_id = quote(context.driver(step).station_id, safe="")
    text = str(context.scope.fill(step.mark))
    try:
        await _api(context).post(f"/stations/{station_id}/markers", {"text": text})
    except ApiRefused as error:
        raise Inconclusive(context.words.text("refused", problem=error)) from None
    except ApiError as error:
        raise Inconclusive(context.words.text("api_gone", problem=error)) from None


def _api(context: RunContext) -> ApiClient:
    if context.api is None:
        raise Inconclusive(context.words.text("api_gone", problem="BORNE_API"))
    return context.api
