# shellcheck shell=bash
# Sourced by the other scripts: how they speak, and where tools are found.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

# Tools of this project alone come first; rustup's come even when the shell
# that called us has not read its profile.
export PATH="$root/.tools/bin:$root/.tools/venv/bin:$PATH:$HOME/.cargo/bin"

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() { warn "$*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Where Debian's PostgreSQL keeps its programs; empty when it is not installed.
postgres_programs() {
  local initdb
  initdb=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
  if [ -z "$initdb" ] && has initdb; then initdb=$(command -v initdb); fi
  [ -n "$initdb" ] && dirname "$(readlink -f "$initdb")"
}

# The browser that the journeys drive; empty when there is none.
browser_program() {
  local name
  for name in "${JOURNEY_BROWSER:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && has "$name"; then command -v "$name"; return; fi
  done
}
