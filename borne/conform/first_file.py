"""The conform.yaml that `borne conform --init` writes: every value that cases use, commented."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.conform.case import Side, preparations

_HEAD = """\
# What `borne conform` plays its cases with. Only what stands here without a # goes over what ships.
"""
_CSMS = """
# The central system under test (borne conform --csms ws://HOST:PORT/PATH).
csms: {}
#  url: ws://localhost:9000/ocpp        # where stations connect, without a station id
#  station_ids: [BENCH-1]               # those that it knows, in turn; CONF-1 ... where it lets in any
#  password: secret                     # theirs, for HTTP Basic
#  python: my_module:MyOperator         # a class with command(station_id, name, arguments); or:
#  rest:                                # one request for each command; without both, a person is asked
#    headers: {Authorization: "Bearer TOKEN"}
#    commands:
#      reset: {method: POST, url: "http://localhost:8080/stations/${station}/reset", body: {type: "${kind}"}}
"""
_STATION = """
# A station on the wire (borne conform --station wire:STATION-ID): where the tool waits for it.
station: {}
#  listen: 0.0.0.0:9220
#  password: secret                     # its HTTP Basic password
"""


def first_file(side: Side, known_features: Mapping[str, bool] | None = None) -> str:
    """The text. `known_features` are those that the station's device model answers."""
    shared = preparations(side)
    lines = [_HEAD, "# Values of the cases.", "values: {}"]
    lines += _commented(shared.variables)
    lines += [
        "",
        "# Tokens, and what the central system says of each.",
        "tokens: {}",
        *_commented(shared.tokens),
    ]
    lines += [
        "",
        "# Features that are declared, as part 5 numbers them.",
        "features:" if known_features else "features: {}",
    ]
    lines += [f"  {name}: {json.dumps(value)}" for name, value in (known_features or {}).items()]
    left = {name: value for name, value in shared.features.items() if name not in (known_features or {})}
    lines += _commented(left)
    return "\n".join(lines) + "\n" + (_CSMS if side == "csms" else _STATION)


def _commented(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        yield f"#  {name}: {json.dumps(value, ensure_ascii=False)}"
