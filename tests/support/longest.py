"""The files that take longest, in that order: workers begin with them. Begun last, one of them would keep a
worker busy for a minute while the other has nothing to do.
"""

LONGEST = (
    "tests/simulation/test_story.py",
    "tests/chaos/test_kill.py",
    "tests/contract/test_api.py",
    "tests/e2e/test_demo.py",
    "tests/architecture/test_checks.py",
    "tests/tools/test_red_before.py",
    "tests/simulation/test_faults.py",
    "tests/e2e/test_wheel.py",
    "tests/e2e/test_up.py",
    "tests/borne/test_load_command.py",
    "tests/migration/test_both_databases.py",
    "tests/ocppj/test_codec_schemas.py",
)


def begins(nodeid: str) -> int:
    """The place of a test's file in a run."""
    file = nodeid.partition("::")[0]
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)
