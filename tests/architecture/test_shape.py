"""Sizes, names, injected time and chance, and no trace of the machine it was written on."""

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.support.sources import PACKAGES, ROOT, Source, product_sources, project_files, sources

LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION = 400, 600, 60
BANNED_WORDS = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "impl"}
)
BANNED_MODULES = BANNED_WORDS | {"base", "data", "info"}
BANNED_CLASS = re.compile(r"(Utils?|Helpers?|Manager|Service|Impl|Base)$")
TIME_AND_CHANCE = re.compile(
    r"(datetime\.(now|utcnow|today)|date\.today|time\.(time|monotonic|perf_counter|process_time|sleep|localtime|gmtime)(_ns)?|asyncio\.sleep|uuid\.uuid[14]|uuid[14]|random\.\w+"
    r"|secrets\.\w+|os\.urandom)"
)
MACHINE_PATH = re.compile(r"/(work/(main|shared)|root/\w|home/\w+/|tmp/borne|Users/\w+/)")
TEXT = (".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".sh", ".cfg", ".mako", "Makefile", "run", ".json")


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines without decorators and docstring."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_files_are_short() -> None:
    """400 lines, tests 600; what a tool generates aside."""
    long = {}
    for source in sources():
        limit = LONGEST_TEST_FILE if source.package == "tests" else LONGEST_FILE
        lines = source.text.count("\n")
        if lines > limit and not source.is_generated:
            long[str(source)] = lines
    assert long == {}


def test_functions_are_short() -> None:
    """60 lines without the docstring."""
    long = {
        f"{source}:{function.lineno} {function.name}": length(function)
        for source in sources()
        if not source.is_generated
        for function in functions(source)
        if length(function) > LONGEST_FUNCTION
    }
    assert long == {}


def test_names_say_something() -> None:
    """No module, class or function with a name that fits everything."""
    wrong = []
    for source in product_sources():
        wrong += [f"{source}: module {word}" for word in source.module.split(".") if word in BANNED_MODULES]
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef) and BANNED_CLASS.search(node.name) and not source.is_generated:
                wrong.append(f"{source}:{node.lineno} class {node.name}")
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                words = set(node.name.strip("_").split("_"))
                if words & BANNED_WORDS or node.name.lstrip("_").startswith("handle_"):
                    wrong.append(f"{source}:{node.lineno} function {node.name}")
    assert wrong == []


def reads_time_or_chance(node: ast.AST) -> bool:
    """Whether this is a call for the machine's time or chance. `asyncio.sleep(0)` only lets others run."""
    if not isinstance(node, ast.Call) or not TIME_AND_CHANCE.fullmatch(ast.unparse(node.func)):
        return False
    return ast.unparse(node) != "asyncio.sleep(0)"


def test_time_and_chance_are_injected() -> None:
    """Only runtime and the wiring ask the machine; everything else takes a Clock and a Chance.

    ocppj/aio is the one place of the protocol that may (masks of WebSocket frames, the loop's timers).
    """
    wrong = [
        f"{source}:{node.lineno} {ast.unparse(node.func)}"
        for source in product_sources()
        if source.package != "runtime" and source.module not in ("borne.app", "ocppj.aio.wire")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and reads_time_or_chance(node)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("datetime.now(UTC)", True),
        ("asyncio.sleep(1)", True),
        ("asyncio.sleep(0)", False),
        ("clock.now()", False),
        ("uuid.uuid4()", True),
        ("random.random()", True),
        ("time.monotonic()", True),
        ("self.time.now()", False),
    ],
)
def test_the_search_for_time_finds_it(code: str, is_found: bool) -> None:
    """The test above can fail."""
    assert reads_time_or_chance(ast.parse(code, mode="eval").body) is is_found


def test_every_task_has_an_owner() -> None:
    """No bare create_task or ensure_future outside runtime: tasks belong to a TaskGroup or a Background."""
    bare = re.compile(r"(asyncio\.(create_task|ensure_future)|.*get_(running|event)_loop\(\)\.create_task)")
    wrong = [
        f"{source}:{node.lineno} {ast.unparse(node.func)}"
        for source in product_sources()
        if source.package != "runtime"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and bare.fullmatch(ast.unparse(node.func))
    ]
    assert wrong == []


def test_every_module_says_what_it_is_for() -> None:
    """A docstring at its top."""
    silent = [str(s) for s in sources() if s.text.strip() and not ast.get_docstring(s.tree)]
    assert silent == []


def test_no_path_of_a_machine() -> None:
    """Whoever clones the project has other folders."""
    found = []
    for path in project_files(*TEXT):
        if path.name == "test_shape.py" or path.suffix == ".jsonl":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} {line.strip()[:100]}")
    assert found == []


def test_the_wheel_holds_every_package() -> None:
    """What is a package here ships, and each dependency has its reason beside it."""
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(PACKAGES)
    for dependency in project["project"]["dependencies"]:
        line = next(line for line in text.splitlines() if f'"{dependency}"' in line)
        assert "#" in line, f"{dependency} needs a comment that says why"
