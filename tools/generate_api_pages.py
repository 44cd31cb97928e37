"""Writes docs/reference/api.md and errors.md: every route with its first sentence, every error code with its
way out.

Run: python -m tools.generate_api_pages [--check]. Both are read from the source, without starting anything.
With --check nothing is written, and a stale page is named with exit code 1.
"""

import ast
import functools
import sys
from collections.abc import Iterator
from pathlib import Path

from csms.api.commands import described
from ocppj.model.catalogue import COMMANDS
from provisioning.catalogue import CATALOGUE
from runtime.wording import WayOut

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
REMARK = "<!-- Written by tools/generate_api_pages.py; change the code, then run it. -->\n\n"
METHODS = frozenset({"get", "post", "put", "patch", "delete", "websocket"})
ROUTERS = ("csms/api", "provisioning/api", "access", "borne")
RAISERS = ("runtime", "access", "csms", "provisioning", "console", "borne")

API_HEAD = """# REST API

Paths of the tables are below `/api/v1`, but for `/metrics`, `/healthz` and `/readyz`, which are at the
root; `/api/docs` shows every field and lets one try. Send
`Authorization: Bearer <token>`; the first token is in `var/token`. Errors: see [errors.md](errors.md).

**Lists** are arrays of at most `limit` rows: 100, or what is asked for, up to 1,000. The header
`X-Total-Count` tells how many fit in all, where they are counted (of transactions up to 100,000), and
`Link: </api/v1/…>; rel="next"` where the list goes on; without it, it ends. `after` in that link is opaque.
Where nobody gives a `limit`, a page of long rows ends at 96 kB. `GET /stations` takes `q` (searched in ids,
MACs, models, serials, places, sites), `online`, `state` (or `lifecycle`), `site`, `blocked`, together, and
`station`, once or more, for some by name. `borne ctl stations` prints all pages.

**What stays open** is bounded, so that nobody who reads takes the server from the stations. Live
streams: 50 of one person or program, 200 in all; requests that wait for a frame (`expect`): 100 and
400. Beyond, the answer is 429 `too_many_open`. A stream tells at most 2 MiB in a tenth of a second to
all listeners together and an event `dropped` where that was not all; a listener that reads nothing for
a minute is cut off. Frames come up to 2 MiB in one answer: go on from `last_seq`.

| Route | What it does |
|---|---|
"""
ERRORS_HEAD = """# Errors

Every error of the API is a document of type `application/problem+json` (RFC 9457) with `code`, `detail` (what
happened, and where) and `way_out` (what to do). `text_fr` and `way_out_fr` say the same in French, and
`ways_out` says where: `page` of the console, `command` after `borne`, `route` of the API; null for none.

| Code | Status | What happened | What to do |
|---|---|---|---|
"""
CATALOGUE_HEAD = """
## What blocks a station

| Code | English | Français | What to do | Who clears it |
|---|---|---|---|---|
"""


def routes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """`METHOD /path` and the first line of the docstring of each route in a file."""
    prefix = _router_prefix(tree)
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for decorator in function.decorator_list:
            if (route := _route(decorator)) is not None:
                method, path = route
                yield f"{method} {prefix}{path}", (ast.get_docstring(function) or "").split("\n")[0]


def _route(decorator: ast.expr) -> tuple[str, str] | None:
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return None
    path = decorator.args[0] if decorator.args else None
    is_path = isinstance(path, ast.Constant) and isinstance(path.value, str)
    if decorator.func.attr not in METHODS or not is_path:
        return None
    return decorator.func.attr.upper(), str(ast.literal_eval(decorator.args[0]))


def _router_prefix(tree: ast.Module) -> str:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ApiRouter"):
            for keyword in node.keywords:
                if keyword.arg == "prefix" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
    return ""


def problems(tree: ast.Module) -> Iterator[tuple[str, str, str, str]]:
    """Status, code, detail and way out of each `Problem(…)` in a file whose code is written there."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func).split(".")[-1] != "Problem":
            continue
        code = node.args[1] if len(node.args) > 1 else None
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            detail, way_out = [*(_text(tree, text) for text in node.args[2:4]), "", ""][:2]
            yield ast.unparse(node.args[0]), code.value, detail, way_out


def _text(tree: ast.Module, node: ast.expr) -> str:  # noqa: PLR0911 - one line per kind of expression
    """A text as it is written, `…` where something is filled in; of a variable, what was put into it last."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Phrase", "WayOut"):
        return _text(tree, node.args[1])  # French, English
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _text(tree, node.func.value)  # `.at(…)`, `.filled(…)`
    if isinstance(node, ast.IfExp):
        return _text(tree, node.orelse)
    if isinstance(node, ast.Subscript):
        return _text(tree, node.value)
    if isinstance(node, ast.Dict):  # one of several, by a word
        return " / ".join(dict.fromkeys(_text(tree, each) for each in node.values))
    if isinstance(node, ast.Name):
        put = [each for each in ast.walk(tree) if _puts_into(each, node)] or [
            each
            for each in tree.body
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == node.id
        ]
        last = max(put, key=lambda each: getattr(each, "lineno", 0), default=None)
        if isinstance(last, ast.Assign):
            return _text(tree, last.value)
        shared = _shared().get(node.id)  # imported
        return _text(tree, shared) if shared is not None else ""
    return ""


@functools.cache
def _shared() -> dict[str, ast.expr]:
    """The texts that files share: what is assigned to names in capitals, at the top of a file."""
    assigned = (each for tree in parsed(*RAISERS) for each in tree.body if isinstance(each, ast.Assign))
    named = {ast.unparse(each.targets[0]): each.value for each in assigned}
    return {name: value for name, value in named.items() if name.isupper()}


def _puts_into(node: ast.AST, name: ast.Name) -> bool:
    return (
        isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name.id and node.lineno < name.lineno
    )


def parsed(*folders: str) -> Iterator[ast.Module]:
    """Every file of these folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"), str(path))


def api_page() -> str:
    """One row per route."""
    found = {row for tree in parsed(*ROUTERS) for row in routes(tree)}
    found |= {(f"POST /stations/{{station_id}}/commands/{name}", described(name)) for name in COMMANDS}
    rows = sorted(found, key=lambda row: row[0].split()[::-1])
    return REMARK + API_HEAD + "".join(f"| `{route}` | {_cell(text)} |\n" for route, text in rows)


def errors_page() -> str:
    """One row per code: those of the API itself, then the catalogue of provisioning."""
    every = [row for tree in parsed(*RAISERS) for row in problems(tree)]
    found = {row[1]: row for row in sorted(every, key=all)}  # one with all texts, if any
    api = [_row(f"`{code}`", status, detail, out) for status, code, detail, out in found.values()]
    catalogue = [
        _row(
            f"`{code.value}`",
            entry.text.en,
            entry.text.fr,
            _way_out(entry.way_out),
            entry.clearer.value,
        )
        for code, entry in CATALOGUE.items()
    ]
    return REMARK + ERRORS_HEAD + "".join(sorted(api)) + CATALOGUE_HEAD + "".join(catalogue)


def _way_out(way_out: WayOut) -> str:
    """What to do, and where: page, command, route."""
    command = way_out.command.replace("{{", "{").replace("}}", "}")
    places = (way_out.page, f"borne {command}" if command else "", way_out.route)
    return " · ".join([way_out.en, *(f"`{place}`" for place in places if place)])


def _row(*cells: str) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(arguments: list[str]) -> int:
    """Write or check both pages; the exit code."""
    pages = {"api.md": api_page(), "errors.md": errors_page()}
    stale = {name: text for name, text in pages.items() if _read(REFERENCE / name) != text}
    for name, text in stale.items():
        if "--check" in arguments:
            print(f"docs/reference/{name} is not fresh: run python -m tools.generate_api_pages")
        else:
            (REFERENCE / name).write_text(text, encoding="utf-8")
            print(f"wrote docs/reference/{name}")
    return 1 if stale and "--check" in arguments else 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
