#!/bin/sh
# Makes .venv with the newest Python on this machine that can run borne, or says what is missing.
set -u

works() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

for candidate in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3 python; do
    if works "$candidate"; then
        found=$candidate
        # Debian ships Python without ensurepip; another one further down the list may be complete.
        if "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            echo "Setting up: making .venv with $("$candidate" --version) ..."
            rm -rf .venv
            "$candidate" -m venv .venv && exit 0
            echo "Setting up failed: $candidate -m venv .venv did not work (see above)." >&2
            exit 1
        fi
    fi
done

if [ -n "${found:-}" ]; then
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "Python $version is here, but without the venv module. On Debian and Ubuntu install it with:" >&2
    echo "    sudo apt-get install python$version-venv" >&2
else
    echo "borne needs Python 3.11 or newer, and this machine has none. On Debian and Ubuntu install it with:" >&2
    echo "    sudo apt-get install python3 python3-venv" >&2
    echo "or name one: make run PYTHON=/path/to/python3.12" >&2
fi
exit 1
