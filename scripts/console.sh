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

# The library that sets a program's clock back; empty when it is not installed.
clock_library() { find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1; }

# The S3 server of the archive's test; fails when there is none.
s3_program() { command -v weed; }

# So many ports that were free a moment ago, one a line; whoever uses them copes
# if one no longer is.
free_ports() { # COUNT
  local port found=0
  while [ "$found" -lt "$1" ]; do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      found=$((found + 1))
    fi
  done
}

# The browser that the journeys drive; empty when there is none.
browser_program() {
  local name
  for name in "${JOURNEY_BROWSER:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && has "$name"; then command -v "$name"; return; fi
  done
}
