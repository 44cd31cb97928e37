"""What lies in `var/`, and whether a backup keeps it. A file without a line here fails a test."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

DATABASE = "borne.db"
PEPPER = "pepper"


@dataclass(frozen=True, slots=True)
class Line:
    """Files of one kind, by the pattern of their path in `var/`."""

    pattern: str
    is_kept: bool
    why: str


MANIFEST = (
    Line(DATABASE, is_kept=True, why="stations, transactions, people, orders: all that is durable"),
    Line(PEPPER, is_kept=True, why="stations' secrets and claim codes are worth nothing without it"),
    Line("certificate-key.pem", is_kept=True, why="signs power-up certificates"),
    Line("certificate-key.public.json", is_kept=True, why="public keys, by which old certificates are known"),
    Line(
        "own-ca/*.pem", is_kept=True, why="phones trust this authority, and the server shows its certificate"
    ),
    Line("files/.*.new", is_kept=False, why="a file on its way in when the server stopped"),
    Line("files/*", is_kept=True, why="firmware for stations, and the logs that they sent"),
    Line("token", is_kept=True, why="the first API token, for programs that read it there"),
    Line("demo/*.json", is_kept=True, why="secrets and settings of the demo's simulated stations"),
    Line(f"{DATABASE}-wal", is_kept=False, why="part of the database while it is open; in its copy already"),
    Line(f"{DATABASE}-shm", is_kept=False, why="an index of the former"),
    Line(f"{DATABASE}.lock", is_kept=False, why="keeps a second process away while one runs"),
    Line(f"{DATABASE}.probe", is_kept=False, why="room on the disk, taken for a moment after it was full"),
    Line(
        f"{DATABASE}.revision-*",
        is_kept=False,
        why="the database as it was before its tables were brought up to date; delete it when you stay",
    ),
    Line("wirelog.db*", is_kept=False, why="recent frames, to look for mistakes; begun anew"),
    Line(".pepper.new", is_kept=False, why="a pepper that a crash left half made"),
    Line("own-ca/.*.new", is_kept=False, why="a file of the authority that a crash left half made"),
    Line(".certificate-key.*.new", is_kept=False, why="a key that a crash left half made"),
    Line(
        "pepper.unfit",
        is_kept=False,
        why="a pepper that new-pepper put aside; delete it when nothing misses it",
    ),
    Line("*.restoring-*", is_kept=False, why="a restore that was interrupted"),
)


def line_of(path: Path | str) -> Line | None:
    """The line for a path relative to `var/`; None for what is not ours."""
    if ".." in Path(path).parts:
        return None
    return next((line for line in MANIFEST if fnmatchcase(str(path), line.pattern)), None)


def files_in(folder: Path) -> list[Path]:
    """Every file below a folder, relative to it, in order."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def kept_in(folder: Path) -> list[Path]:
    """What a backup of that folder copies besides the database."""
    found = ((path, line_of(path)) for path in files_in(folder))
    return [path for path, line in found if line is not None and line.is_kept and path.name != DATABASE]


def unknown_in(folder: Path) -> list[Path]:
    """What is in that folder and nobody of ours put there."""
    return [path for path in files_in(folder) if line_of(path) is None]
