#!/bin/sh
# Sets everything up in .venv and serves the application; arguments go to `matcher serve`.
set -eu
cd "$(dirname "$0")/.."
. scripts/environment.sh
prepare_environment app
exec .venv/bin/matcher serve "$@"
