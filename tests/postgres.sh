#!/bin/sh
# Starts a throw-away PostgreSQL for the tests and prints its address. It listens on a socket file only, keeps nothing,
# and ends with the process that is named (default: whoever called). Called by nextest, it hands the address over in
# NEXTEST_ENV, so that all test processes share one server.
set -eu

say() { echo "$*" >&2; }

if [ -n "${TEST_POSTGRES_URL:-}" ]; then
    echo "$TEST_POSTGRES_URL"
    exit 0
fi
if [ "${SKIP_POSTGRES:-}" = 1 ]; then
    say "SKIP_POSTGRES=1: no PostgreSQL is started."
    exit 0
fi

owner=${1:-$PPID}

# The newest installation wins; Debian keeps the server's commands off the PATH.
bin=
for candidate in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -rV) \
    "$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/x)")"; do
    if [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ]; then
        bin=$candidate
        break
    fi
done
if [ -z "$bin" ]; then
    say "initdb and pg_ctl were not found."
    # Under nextest the tests that need it fail one by one and say so; the others run.
    if [ -n "${NEXTEST_ENV:-}" ]; then exit 0; else exit 1; fi
fi

dir=$(mktemp -d /tmp/fingertip-pg.XXXXXX)
as=
if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root.
    user=nobody
    if id postgres >/dev/null 2>&1; then user=postgres; fi
    chown "$user" "$dir"
    as="runuser -u $user --"
fi

cd "$dir"
if ! $as "$bin/initdb" -D "$dir/data" -U fingertip --auth=trust --encoding=UTF8 --no-locale --no-sync >"$dir/log" 2>&1; then
    say "initdb failed:"; cat "$dir/log" >&2; rm -rf "$dir"; exit 1
fi
options="-c listen_addresses='' -c unix_socket_directories='$dir' -c fsync=off -c synchronous_commit=off \
-c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB"
if [ "${POSTGRES_DURABLE:-}" = 1 ]; then
    # For measuring: what an administrator would run.
    options="-c listen_addresses='' -c unix_socket_directories='$dir' -c max_connections=200 -c shared_buffers=256MB"
fi
if ! $as "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 -o "$options" start >"$dir/start.log" 2>&1; then
    say "PostgreSQL did not start:"; cat "$dir/start.log" "$dir/server.log" >&2; rm -rf "$dir"; exit 1
fi

# The watchdog outlives an interrupted run just long enough to clean up after it.
(
    trap '' INT HUP TERM
    while kill -0 "$owner" 2>/dev/null; do sleep 1; done
    $as "$bin/pg_ctl" -D "$dir/data" -m immediate stop
    rm -rf "$dir"
) </dev/null >/dev/null 2>&1 &

url="postgres://fingertip@localhost/postgres?host=$dir"
if [ -n "${NEXTEST_ENV:-}" ]; then echo "TEST_POSTGRES_URL=$url" >>"$NEXTEST_ENV"; fi
echo "$url"
