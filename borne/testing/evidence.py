"""What is kept of a red test, in one folder: the frames, the server's log, and the frames as a sequence."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from borne.conform.html_report import STYLE, sequence
from borne.run_evidence import frame_line
from simulator.scenario.conversation import SeenFrame

SEQUENCE, SERVER_LOG = "sequence.html", "server.log"
LONGEST_NAME = 120


def folder_name(test: str) -> str:
    """Of a test's id, as a folder can be called."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", test).strip("-.")[-LONGEST_NAME:] or "test"


def keep(folder: Path, test: str, frames: Mapping[str, Sequence[SeenFrame]], log: str) -> Path:
    """Write it; secrets are masked. Raises OSError."""
    here = folder / folder_name(test)
    here.mkdir(parents=True, exist_ok=True)
    for role, seen in frames.items():
        (here / f"{role}.jsonl").write_text(
            "".join(f"{frame_line(each)}\n" for each in seen), encoding="utf-8"
        )
    (here / SERVER_LOG).write_text(log, encoding="utf-8")
    (here / SEQUENCE).write_text(page(test, frames), encoding="utf-8")
    return here


def page(test: str, frames: Mapping[str, Sequence[SeenFrame]]) -> str:
    """One HTML file without scripts."""
    lines = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>{escape(test)}</title><style>{STYLE}</style></head><body><h1>{escape(test)}</h1>",
    ]
    for role, seen in frames.items():
        lines += [f"<h2>{escape(role)}</h2>", *sequence(seen)]
    return "\n".join([*lines, "</body></html>"]) + "\n"
