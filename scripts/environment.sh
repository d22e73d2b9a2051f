# Makes .venv with the locked packages of requirements/$1.txt and this checkout; sourced by the
# other scripts from the top of the checkout. Does nothing if that was done before.

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Error: Python 3.11 or newer was not found." >&2
    echo "  mend: install it, or set PYTHON=/path/to/python3" >&2
    exit 1
}

prepare_environment() {
    wanted="$(cat "requirements/$1.txt" requirements/pip.txt pyproject.toml setup.py | cksum) $1 $(pwd)"
    if [ -x .venv/bin/matcher ] && [ "$(cat .venv/prepared 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    python="$(find_python)"
    if [ ! -x .venv/bin/pip ]; then
        "$python" -m venv .venv || {
            echo "  mend: install the venv module (Debian: apt-get install python3-venv)" >&2
            exit 1
        }
    fi
    echo "Installing the packages of requirements/$1.txt into .venv …" >&2
    # Older pips look beyond the lock for a package that is wanted with an extra.
    for list in pip "$1"; do
        .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
            -r "requirements/$list.txt" >&2
    done
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation \
        -e . >&2
    echo "$wanted" >.venv/prepared
}
