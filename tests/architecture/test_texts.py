"""What the programs say to people: in both languages, and in words that suit whoever reads them."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.sources import ROOT, Source, product_sources

PACKAGES = ("access", "borne", "console", "csms", "provisioning", "runtime")
ROUTE = re.compile(r"/api/v1|\b(?:GET|POST|PUT|PATCH|DELETE) /")


def calls() -> Iterator[tuple[Source, ast.Call]]:
    """Every call in the code that speaks to people."""
    for source in product_sources():
        if source.package in PACKAGES:
            yield from ((source, node) for node in source.nodes if isinstance(node, ast.Call))


def texts() -> Iterator[tuple[str, str, str]]:
    """Place, French and English of each Phrase and WayOut that is written in the code."""
    for source, node in calls():
        if ast.unparse(node.func) in ("Phrase", "WayOut"):
            written = [_written(each) for each in node.args[:2]]
            if len(written) == 2 and None not in written:
                yield f"{source}:{node.lineno}", str(written[0]), str(written[1])


def _written(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "…" for each in node.values)
    return None


def test_no_sentence_names_a_route_of_the_api() -> None:
    """People on phones and in terminals read them; a route stands in `WayOut.route`, for programs."""
    found = list(texts())
    assert len(found) > 200
    assert [each for each in found if ROUTE.search(each[1] + each[2])] == []


@pytest.mark.held_before("what was told was translated; it holds the texts that came since")
def test_no_sentence_is_the_same_in_both_languages() -> None:
    """Where it is, nobody translated it: names, numbers and what is only filled in may be."""
    same = [(place, fr) for place, fr, en in texts() if fr == en and len(re.findall(r"[a-z]{2,}", fr)) > 1]
    assert same == []


def problems() -> Iterator[tuple[str, ast.expr]]:
    """Place and text of each RuntimeProblem that is raised with words of ours."""
    classes = [
        node
        for source in product_sources()
        if source.package in PACKAGES
        for node in source.nodes
        if isinstance(node, ast.ClassDef)
    ]
    names = {"RuntimeProblem"}
    for _ in range(3):
        names |= {each.name for each in classes if names & {ast.unparse(base) for base in each.bases}}
    for source, node in calls():
        if ast.unparse(node.func) in names and node.args:
            yield f"{source}:{node.lineno}", node.args[0]


def test_what_stops_a_program_is_said_in_both_languages() -> None:
    """A plain string is only passed on, as the system or another program said it."""
    found = list(problems())
    assert len(found) > 20
    assert [place for place, text in found if isinstance(text, ast.Constant | ast.JoinedStr)] == []


def test_a_problem_of_the_api_takes_only_both_languages() -> None:
    """Its signature has no room for a sentence in one language; mypy holds all callers to that."""
    tree = ast.parse((ROOT / "runtime" / "http.py").read_text(encoding="utf-8"))
    (problem,) = (
        each for each in ast.walk(tree) if isinstance(each, ast.ClassDef) and each.name == "Problem"
    )
    (made,) = (each for each in problem.body if isinstance(each, ast.FunctionDef) and each.name == "__init__")
    takes = {each.arg: ast.unparse(each.annotation) for each in made.args.args if each.annotation}
    assert (takes["text"], takes["ways_out"]) == ("Phrase", "WayOut")
