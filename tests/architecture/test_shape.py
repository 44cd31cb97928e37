"""Sizes, names, injected time and chance, and no trace of the machine it was written on."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest

from tests.support.sources import PACKAGES, ROOT, Source, product_sources, project_files, sources

LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION = 400, 600, 60
BANNED_WORDS = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "impl"}
)
BANNED_MODULES = BANNED_WORDS | {"base", "data", "info"}
BANNED_CLASS = re.compile(r"(Utils?|Helpers?|Manager|Service|Impl|Base)$")
TIME_AND_CHANCE = re.compile(
    r"(datetime\.(now|utcnow|today)|date\.today"
    r"|time\.(time|monotonic|perf_counter|process_time|sleep|localtime|gmtime)(_ns)?"
    r"|asyncio\.(sleep|timeout|timeout_at|wait_for)|(.*get_running_loop\(\)|.*loop)\.(call_later|call_at|time)"
    r"|uuid\.uuid[14]|uuid[14]|random\.\w+|secrets\.\w+|os\.urandom|SystemClock|SystemChance)"
)
THREADS = re.compile(
    r"(asyncio\.to_thread|.*\.run_in_executor|(threading\.)?(Thread|Timer)|(.*\.)?(Thread|Process)PoolExecutor)"
)
MACHINES_OWN = {
    "runtime.clock": "the clocks",
    "runtime.virtual_time": "the clock of a loop that never waits",
    "runtime.chance": "the chances",
    "ocppj.aio.wire": "the masks of frames, which say nothing (RFC 6455 §10.3)",
    "runtime.database.migration": "says how long it has gone on, inside one statement",
    "runtime.client": "another process is at the other end, and it does not hurry",
    "runtime.serving": "the protocol of uvicorn, which has timers of its own",
    "simulator.load.worker": "a process of its own, which nobody but its parent talks to",
}
"""Who asks the machine itself for time or chance, and why. All of borne does too, which is the wiring."""
REAL_THREADS = {
    "runtime.threads": "the port",
    "access.control": "hashes of passwords, which take 20 ms each",
    "borne.rig.acting": "functions of whoever has the bench, which block as they like",
    "borne.testing.loop_thread": "tests that are no coroutines, and the loop that they wait for",
    "borne.load_command": "a report written by a program that ends with it",
    "borne.run_command": "a report written by a program that ends with it",
}
"""Who uses threads that cannot be taken away, and why."""
MACHINE_PATH = re.compile(r"/(work/(main|shared)|root/\w|home/\w+/|tmp/borne|Users/\w+/)")
TEXT = (".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".sh", ".cfg", ".mako", "Makefile", "run", ".json")


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in source.nodes:
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
        for node in source.nodes:
            if isinstance(node, ast.ClassDef) and BANNED_CLASS.search(node.name) and not source.is_generated:
                wrong.append(f"{source}:{node.lineno} class {node.name}")
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                words = set(node.name.strip("_").split("_"))
                if words & BANNED_WORDS or node.name.lstrip("_").startswith("handle_"):
                    wrong.append(f"{source}:{node.lineno} function {node.name}")
    assert wrong == []


def reads_time_or_chance(function: str) -> bool:
    """Whether a call of this asks the machine for time or chance."""
    return TIME_AND_CHANCE.fullmatch(function) is not None


def uses_a_thread(function: str) -> bool:
    """Whether a call of this is for a thread or process of the machine."""
    return THREADS.fullmatch(function) is not None


@cache
def calls_of_the_machine() -> list[tuple[Source, str, str]]:
    """Every call for time, chance or a thread: where it stands, what is called, and which of them it is.

    `asyncio.sleep(0)` only lets others run; and who puts a program together makes its clock and chance.
    """
    found = []
    for source in product_sources():
        for node in source.nodes:
            if not isinstance(node, ast.Call):
                continue
            function = ast.unparse(node.func)
            is_wiring = source.package == "borne" and function in ("SystemClock", "SystemChance")
            if reads_time_or_chance(function):
                if not is_wiring and ast.unparse(node) != "asyncio.sleep(0)":
                    found.append((source, f"{source}:{node.lineno} {function}", "time"))
            elif uses_a_thread(function):
                found.append((source, f"{source}:{node.lineno} {function}", "thread"))
    return found


def test_time_and_chance_are_injected() -> None:
    """There is one clock: everything takes it, and the simulation moves it (architecture rule 13)."""
    calls = calls_of_the_machine()
    assert [at for each, at, kind in calls if kind == "time" and each.module not in MACHINES_OWN] == []


def test_threads_are_injected() -> None:
    """Work that blocks goes to `runtime.threads`, so that a loop of virtual time can do without any."""
    calls = calls_of_the_machine()
    assert [at for each, at, kind in calls if kind == "thread" and each.module not in REAL_THREADS] == []


def test_no_exception_outlives_its_reason() -> None:
    """Each module that is excepted does what it is excepted for."""
    used = {(kind, source.module) for source, _, kind in calls_of_the_machine()}
    named = {("time", each) for each in MACHINES_OWN} | {("thread", each) for each in REAL_THREADS}
    assert named - used == set()


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("datetime.now", True),
        ("asyncio.sleep", True),
        ("asyncio.timeout", True),
        ("asyncio.get_running_loop().time", True),
        ("self._loop.call_later", True),
        ("SystemClock", True),
        ("clock.timeout", False),
        ("clock.call_later", False),
        ("clock.now", False),
        ("uuid.uuid4", True),
        ("random.random", True),
        ("time.monotonic", True),
        ("self.time.now", False),
    ],
)
def test_the_search_for_time_finds_it(code: str, is_found: bool) -> None:
    """The test above can fail."""
    assert reads_time_or_chance(code) is is_found


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("asyncio.to_thread", True),
        ("asyncio.get_running_loop().run_in_executor", True),
        ("threading.Thread", True),
        ("ThreadPoolExecutor", True),
        ("run_in", False),
        ("threading.current_thread", False),
    ],
)
def test_the_search_for_threads_finds_them(code: str, is_found: bool) -> None:
    """The test above can fail."""
    assert uses_a_thread(code) is is_found


def test_every_task_has_an_owner() -> None:
    """No bare create_task or ensure_future outside runtime: tasks belong to a TaskGroup or a Background."""
    bare = re.compile(r"(asyncio\.(create_task|ensure_future)|.*get_(running|event)_loop\(\)\.create_task)")
    wrong = [
        f"{source}:{node.lineno} {ast.unparse(node.func)}"
        for source in product_sources()
        if source.package != "runtime"
        for node in source.nodes
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
