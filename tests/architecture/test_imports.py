"""Who may import whom: the arrows of docs/explanation/architecture.md, read from the imports."""

from collections.abc import Iterator

import pytest

from tests.support.sources import PACKAGES, Source, imported_modules, product_sources

# Each package, and what it may import of the others. A dotted name allows just that part.
PACKAGE_ARROWS: dict[str, frozenset[str]] = {
    "borne": frozenset(PACKAGES),
    "console": frozenset(
        {"csms", "provisioning", "simulator", "ocppj.model", "ocppj.vocabulary", "access", "runtime"}
    ),
    "provisioning": frozenset(
        {"csms.ports", "csms.domain", "csms.commands", "ocppj", "charging", "access", "runtime"}
    ),
    "csms": frozenset({"ocppj", "charging", "access", "runtime"}),
    "simulator": frozenset({"ocppj", "charging", "runtime"}),
    "ocppj": frozenset(),
    "charging": frozenset(),
    "access": frozenset({"runtime"}),
    "runtime": frozenset(),
    "scenarios": frozenset(),
}

# Inside ocppj, csms and simulator: each part, and the parts of the same package it may import.
VERSIONS = frozenset({"v16", "v2x", "v201", "v21"})
OCPPJ_LEAVES = frozenset(
    {
        "vocabulary",
        "frames",
        "errors",
        "versions",
        "findings",
        "structs",
        "constraints",
        "timestamps",
        "units",
        "numbers",
        "sampling",
        "attached",
    }
)
OCPPJ_ARROWS: dict[str, frozenset[str]] = {
    **dict.fromkeys(OCPPJ_LEAVES | {"session", "identity"}, OCPPJ_LEAVES),
    "model": OCPPJ_LEAVES,
    "translator": OCPPJ_LEAVES | {"model"},
    "shared": OCPPJ_LEAVES | {"model", "translator"},
    **dict.fromkeys(("v16", "v2x"), OCPPJ_LEAVES | {"model", "translator", "shared"}),
    **dict.fromkeys(("v201", "v21"), OCPPJ_LEAVES | {"model", "translator", "shared", "v2x"}),
    **dict.fromkeys(("fitting", "dividing"), OCPPJ_LEAVES | {"model"}),
    "translation": OCPPJ_LEAVES | VERSIONS | {"fitting", "dividing", "model", "translator", "shared"},
    "actions": OCPPJ_LEAVES | VERSIONS,
}
CSMS_BELOW = frozenset({"domain", "ports", "commands", "errors"})
CSMS_ARROWS: dict[str, frozenset[str]] = {
    "domain": frozenset(),
    "errors": frozenset({"domain"}),
    "ports": frozenset({"domain"}),
    "commands": frozenset({"domain", "errors"}),
    "rules": frozenset({"domain"}),
    "storage": frozenset({"domain", "rules", "errors"}),
    "metrics": CSMS_BELOW,
    "central": CSMS_BELOW | {"storage", "rules", "metrics"},
    "handlers": CSMS_BELOW | {"storage", "rules", "metrics", "central"},
    "gateway": CSMS_BELOW | {"handlers", "central", "metrics"},
    "api": CSMS_BELOW | {"storage", "rules", "central", "handlers", "gateway", "metrics"},
}
SIMULATOR_ARROWS: dict[str, frozenset[str]] = {
    "errors": frozenset(),
    "model": frozenset({"errors"}),
    "connection": frozenset({"errors", "model"}),
    "station": frozenset({"errors", "model", "connection"}),
    "fleet": frozenset({"errors", "model", "station"}),
    "load": frozenset(),
    "scenario": frozenset({"errors", "model", "connection", "station"}),
    "templates": frozenset(),
    "conform": frozenset({"errors", "model", "connection", "station", "scenario"}),
}
IMPURE = frozenset(
    {
        "asyncio",
        "socket",
        "ssl",
        "select",
        "selectors",
        "threading",
        "subprocess",
        "time",
        "random",
        "secrets",
    }
    | {"uuid", "os", "sqlite3", "logging", "structlog", "websockets", "httpx", "uvloop"}
)


def all_imports() -> Iterator[tuple[Source, int, str]]:
    """Every import in what ships."""
    for source in product_sources():
        for line, name in imported_modules(source):
            yield source, line, name


def part_of(module: str, package: str) -> str:
    """The part of `package` that a module belongs to: its second name."""
    return module.split(".")[1] if module.startswith(package + ".") else ""


def test_packages_import_only_what_they_may() -> None:
    """The arrows between the packages."""
    wrong = []
    for source, line, name in all_imports():
        target = name.split(".")[0]
        if target not in PACKAGES or target == source.package:
            continue
        allowed = PACKAGE_ARROWS[source.package]
        if not any(name == arrow or name.startswith(arrow + ".") for arrow in allowed):
            wrong.append(f"{source}:{line} imports {name}")
    assert wrong == []


@pytest.mark.parametrize(
    ("package", "arrows"),
    [("ocppj", OCPPJ_ARROWS), ("csms", CSMS_ARROWS), ("simulator", SIMULATOR_ARROWS)],
)
def test_parts_import_only_what_they_may(package: str, arrows: dict[str, frozenset[str]]) -> None:
    """The arrows inside ocppj, csms and simulator; a part without arrows here (a new file) may import all but
    what stands on top: aio, api, scenario.
    """
    wrong = []
    for source, line, name in all_imports():
        if source.package != package or not name.startswith(package + "."):
            continue
        here, there = part_of(source.module, package), part_of(name, package)
        top = {"ocppj": "aio", "csms": "api", "simulator": "scenario"}[package]
        allowed = arrows.get(here)
        is_allowed = there in allowed if allowed is not None else there != top or here == top
        if there != here and not is_allowed:
            wrong.append(f"{source}:{line} imports {name}")
    assert wrong == []


def test_versions_are_met_in_one_table() -> None:
    """`ocppj/translation.py` and what is below it: everything else speaks the model's words only."""
    wrong = [
        f"{source}:{line} imports {name}"
        for source, line, name in all_imports()
        if source.package != "ocppj" and part_of(name, "ocppj") in VERSIONS
    ]
    assert wrong == []


def test_only_the_gateway_knows_sockets() -> None:
    """Nothing else of the central system and of what stands on it."""
    wrong = [
        f"{source}:{line} imports {name}"
        for source, line, name in all_imports()
        if source.package in ("csms", "provisioning", "console")
        and part_of(source.module, "csms") != "gateway"
        and part_of(name, "ocppj") == "aio"
    ]
    assert wrong == []


def test_the_core_is_pure() -> None:
    """No I/O, clock, chance or log below ocppj/aio, in charging, and in csms's rules and domain."""
    wrong = []
    for source, line, name in all_imports():
        is_core = (source.package == "ocppj" and part_of(source.module, "ocppj") != "aio") or (
            source.package == "charging" or part_of(source.module, "csms") in ("rules", "domain")
        )
        if is_core and name.split(".")[0] in IMPURE:
            wrong.append(f"{source}:{line} imports {name}")
    assert wrong == []


def test_gates_are_pure() -> None:
    """A requirement is decided from facts alone, without storage and clock; it knows no other gate."""
    known = ("blockers", "catalogue", "lifecycle", "gates.facts", "gates.gate")
    lists = {"provisioning.gates.table", "provisioning.gates.lifecycle_status"}
    wrong = [
        f"{source}:{line} imports {name}"
        for source, line, name in all_imports()
        if source.module.startswith("provisioning.gates.") and source.module not in lists
        if name.split(".")[0] in IMPURE
        or (
            name.startswith("provisioning.")
            and not any(name.startswith(f"provisioning.{each}") for each in known)
        )
    ]
    assert wrong == []


def test_only_the_console_knows_its_framework() -> None:
    """Templates are filled in console alone."""
    wrong = [
        f"{source}:{line} imports {name}"
        for source, line, name in all_imports()
        if name.split(".")[0] == "jinja2" and source.package != "console"
    ]
    assert wrong == []


PLUGIN = ("borne.pytest_plugin", "borne.testing.scenario_tests", "borne.testing.stash")
"""What pytest loads, and nobody else."""


def test_nothing_that_ships_imports_tests_or_tools() -> None:
    """Nor the `ocpp` package, the independent peer of the tests; the pytest plugin stands on pytest."""
    wrong = [
        f"{source}:{line} imports {name}"
        for source, line, name in all_imports()
        if name.split(".")[0] in ("tests", "tools", "benchmarks", "ocpp", "pytest", "hypothesis")
        and not (name.split(".")[0] == "pytest" and source.module in PLUGIN)
    ]
    assert wrong == []


def test_no_import_goes_round_in_a_circle() -> None:
    """Module by module: whoever reads one file reads only files below it."""
    modules = {source.module for source in product_sources()}
    graph: dict[str, set[str]] = {module: set() for module in modules}
    for source in product_sources():
        names = {name for _, name in imported_modules(source, at_run_time=True)}
        graph[source.module] = (names & modules) - {source.module}

    def is_outside(module: str) -> bool:
        return not graph[module] & graph.keys() or not any(module in below for below in graph.values())

    while free := [module for module in graph if is_outside(module)]:
        for module in free:
            del graph[module]
    on_circle = {module: sorted(below & graph.keys()) for module, below in graph.items()}
    assert on_circle == {}
