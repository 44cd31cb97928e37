"""The field's cases: what public bug reports and other programs showed to be wrong, and what is right.

`tests/data/field_cases.jsonl` has one case per line: `id`, `source`, `what`, `input`, `right`, `got` (what
was seen on 254797c) and `verdict`. A case is played by a test in this folder that is named after it:
`test_m12_...` plays M12.
"""

import json
from pathlib import Path

CASES = {
    case["id"]: case
    for case in map(
        json.loads, (Path(__file__).parents[1] / "data" / "field_cases.jsonl").read_text("utf-8").splitlines()
    )
}

OPEN: dict[str, str] = {}
"""Cases that are not built yet, each with what it waits for."""
