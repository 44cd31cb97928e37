"""The files that take longest, in that order: workers begin with them. Begun last, one of them would keep a
worker busy for a minute while the other has nothing to do.
"""

LONGEST = (
    "tests/architecture/test_checks.py",
    "tests/simulation/test_story.py",
    "tests/browser/test_pages.py",
    "tests/e2e/test_demo.py",
    "tests/contract/test_api.py",
    "tests/migration/test_both_databases.py",
    "tests/chaos/test_kill.py",
    "tests/browser/test_install.py",
    "tests/ocppj/test_codec_schemas.py",
    "tests/borne/conform/test_own_central.py",
    "tests/browser/test_hand_over.py",
    "tests/browser/test_manager.py",
    "tests/e2e/test_wheel.py",
    "tests/borne/test_fleet_command.py",
    "tests/provisioning/test_one_change.py",
    "tests/ocppj/test_command_properties.py",
    "tests/access/test_authentication.py",
    "tests/provisioning/activation/test_real_stations.py",
    "tests/scenarios/test_shipped.py",
    "tests/chaos/test_nodes.py",
    "tests/chaos/test_kill_work.py",
    "tests/browser/test_at_the_box.py",
    "tests/e2e/test_up.py",
    "tests/borne/test_load_command.py",
    "tests/simulation/test_faults.py",
    "tests/borne/backup/test_postgres.py",
    "tests/tools/test_red_before.py",
    "tests/tools/test_mutants.py",
)


def begins(nodeid: str) -> int:
    """The place of a test's file in a run."""
    file = nodeid.partition("::")[0]
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)
