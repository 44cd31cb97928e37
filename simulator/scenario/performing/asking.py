"""Steps that ask the central system through its REST API."""

from typing import Any
from urllib.parse import quote

from runtime.client import ApiClient, ApiError, ApiRefused
from runtime.patterns import fits, shown
from simulator.scenario import model
from simulator.scenario.patterning import by_version
from simulator.scenario.performing.stage import Stage, in_words
from simulator.scenario.verdicts import Failed, Inconclusive, NotApplicable

UNTIL_S = 60.0
COMMAND_S = 30.0
LOOK_EVERY_S = 0.25
"""Between two looks of `until`, in people's time."""
API_MARGIN_S = 10.0


async def ask(step: model.Ask, stage: Stage) -> None:
    """A question; its answer is compared, or waited for."""
    method, _, path = str(stage.scope.fill(step.ask)).partition(" ")
    if step.until is not None:
        answer = await _until(step, path, stage)
    else:
        answer = await _answer(step, method, path, stage)
        if step.answer is not None:
            text = stage.words.say("answered_otherwise")
            stage.compare(stage.scope.fill(step.answer), answer, text)
    stage.capture(step, answer)


async def _answer(step: model.Ask, method: str, path: str, stage: Stage) -> Any:
    body = stage.scope.fill(step.body)
    try:
        answer = await _send(_api(stage), method, path, body)
    except ApiRefused as error:
        if step.refused is None:
            raise Failed(stage.words.say("refused", problem=error)) from None
        problem = {"status": error.status, "code": error.code, "detail": error.detail}
        stage.compare(stage.scope.fill(step.refused), problem, stage.words.say("answered_otherwise"))
        return problem
    except ApiError as error:
        raise Inconclusive(stage.words.say("api_gone", problem=error)) from None
    if step.refused is not None:
        raise Failed(stage.words.say("not_refused"), expected=shown(step.refused), found=[shown(answer)])
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


async def _until(step: model.Ask, path: str, stage: Stage) -> Any:
    """Ask again until the answer fits. A refusal may pass, too: what is asked for may not be there yet."""
    wanted = stage.scope.fill(step.until)
    pattern = stage.compiled(wanted)
    clock = stage.pace.clock
    deadline = clock.monotonic() + stage.patience_s(step, UNTIL_S)
    found: list[str] = []
    while True:
        try:
            answer = await _api(stage).get(path)
        except ApiRefused as error:
            found = [str(error)]
        except ApiError as error:
            raise Inconclusive(stage.words.say("api_gone", problem=error)) from None
        else:
            if fits(pattern, answer):
                return answer
            found = in_words(list(pattern.differences(answer)))
            found += _blockers(answer, stage)
        if clock.monotonic() >= deadline:
            text = stage.words.say("not_in_time", within=stage.seconds(step, UNTIL_S))
            raise Failed(text, expected=shown(wanted), found=found)
        await clock.sleep(LOOK_EVERY_S * stage.pace.factor)


def _blockers(answer: Any, stage: Stage) -> list[str]:
    """What the central system itself says is in the way of a station."""
    blockers = answer.get("blocked_by") if isinstance(answer, dict) else None
    if not isinstance(blockers, list):
        return []
    key = f"text_{stage.words.language}"
    return [f"{each.get(key, each.get('text'))} ({each.get('who_clears')})" for each in blockers]


async def command(step: model.Command, stage: Stage) -> None:
    """A command in neutral words; without `answer`, the station must agree."""
    body = stage.scope.fill(step.body)
    path = f"/commands/{step.command}"
    outcome = await _to_station(step, stage, path, body)
    answer = outcome.get("answer") or _refusal(outcome)
    if step.answer is None and not outcome.get("is_accepted"):
        raise Failed(stage.words.say("station_refused", outcome=_ending(outcome)))
    _compare(step.answer, answer, stage)
    stage.capture(step, answer)


async def call(step: model.Call, stage: Stage) -> None:
    """Any CALL of the version; without `answer`, the station must answer it."""
    actor = stage.actor(step)
    body: Any = step.call
    if by_version(body):
        body = stage.by_version(body, actor)
        if body is None:
            raise NotApplicable(stage.words.say("no_body", version=actor.version.label))
    outcome = await _to_station(step, stage, "/calls", stage.scope.fill(body))
    if step.answer is None and outcome["outcome"] == "error":
        raise Failed(stage.words.say("station_refused", outcome=_ending(outcome)))
    answer = outcome.get("payload") if outcome["outcome"] == "result" else _refusal(outcome)
    _compare(step.answer, answer, stage)
    stage.capture(step, answer)


async def _to_station(step: model.Step, stage: Stage, path: str, body: dict[str, Any]) -> dict[str, Any]:
    station_id = quote(stage.actor(step).station_id, safe="")
    timeout_s = step.within or COMMAND_S
    content = {"timeout_s": timeout_s} | body
    try:
        outcome: dict[str, Any] = await _api(stage).post(
            f"/stations/{station_id}{path}", content, timeout_s=timeout_s + API_MARGIN_S
        )
    except ApiRefused as error:
        if error.code == "command_unsupported":
            raise NotApplicable(error.detail) from None
        raise Failed(stage.words.say("refused", problem=error)) from None
    except ApiError as error:
        raise Inconclusive(stage.words.say("api_gone", problem=error)) from None
    if outcome.get("outcome") not in ("result", "error"):  # only the station's own answer can be judged
        raise Inconclusive(stage.words.say("command_open", outcome=outcome.get("outcome")))
    return outcome


def _compare(pattern: Any, answer: Any, stage: Stage) -> None:
    if pattern is not None:
        stage.compare(stage.scope.fill(pattern), answer, stage.words.say("answered_otherwise"))


def _refusal(outcome: dict[str, Any]) -> dict[str, Any]:
    return {"code": outcome.get("error_code"), "description": outcome.get("error_description")}


def _ending(outcome: dict[str, Any]) -> str:
    if outcome.get("error_code"):
        return f"{outcome['error_code']} {outcome.get('error_description') or ''}".rstrip()
    answer = outcome.get("answer") or {}
    return f"{answer.get('status')} {answer.get('reason') or ''}".rstrip()


async def allow(step: model.Allow, stage: Stage) -> None:
    """Ask first: whoever may only look can still use a token that is known."""
    token = str(stage.scope.fill(step.allow))
    path = f"/tokens/{quote(token, safe='')}"
    api = _api(stage)
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
        raise Inconclusive(stage.words.say("refused", problem=error)) from None
    except ApiError as error:
        raise Inconclusive(stage.words.say("api_gone", problem=error)) from None


async def mark(step: model.Mark, stage: Stage) -> None:
    """A marker, with who asked and when; whoever may not write one leaves the step open."""
    if stage.api is None:
        raise NotApplicable(stage.words.say("no_markers"))
    station_id = quote(stage.actor(step).station_id, safe="")
    text = str(stage.scope.fill(step.mark))
    try:
        await _api(stage).post(f"/stations/{station_id}/markers", {"text": text})
    except ApiRefused as error:
        raise Inconclusive(stage.words.say("refused", problem=error)) from None
    except ApiError as error:
        raise Inconclusive(stage.words.say("api_gone", problem=error)) from None


def _api(stage: Stage) -> ApiClient:
    if stage.api is None:
        raise Inconclusive(stage.words.say("api_gone", problem="BORNE_API"))
    return stage.api
