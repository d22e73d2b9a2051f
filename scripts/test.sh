#!/bin/sh
# Sets everything up in .venv and runs every check; arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
. scripts/environment.sh
prepare_environment dev

if [ -z "${MATCHER_CHROMIUM:-}" ] && ! command -v chromium >/dev/null 2>&1; then
    install="apt-get update && apt-get install -y --no-install-recommends chromium"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing Chromium for the browser tests …" >&2
        sh -c "$install" >&2
    else
        echo "Error: the browser tests need Chromium." >&2
        echo "  mend: sudo sh -c '$install'" >&2
        echo "  or set MATCHER_CHROMIUM=/path/to/chromium" >&2
        exit 1
    fi
fi

# What tests write need not outlive them: in memory, where there is room, it takes less time.
room="$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')"
if [ "${room:-0}" -gt 4000000 ]; then
    export TMPDIR=/dev/shm
fi

# Tests start many processes; none of them should compile the program anew.
unset PYTHONDONTWRITEBYTECODE

.venv/bin/ruff check .
.venv/bin/ruff format --check .
# The types take one core as long as all the rest, which goes on beside them.
.venv/bin/mypy &
types=$!
.venv/bin/lint-imports
.venv/bin/matcher rules check >/dev/null
.venv/bin/matcher rules test
wait "$types"
# Two files at a time on two cores: the whole takes about half as long.
.venv/bin/pytest --numprocesses auto --dist worksteal "$@"
