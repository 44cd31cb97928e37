#!/bin/sh
# Runs the tests that a revision does not have on that revision's product code, and prints those that pass there.
# A test that passes before the change shows nothing, unless it says why it stands: @pytest.mark.held_before("...").
#
#   tools/red_before.sh 254797c [test paths]      needs the .venv of `make test`; exit 1 if one passes without a reason
set -eu
cd "$(dirname "$0")/.."
rev=${1:?"usage: tools/red_before.sh REVISION [test paths]"}
shift
exec .venv/bin/python -m tools.red_before "$rev" "$@"
