#!/bin/sh
# Serves a development build with the gallery at /kit; rebuilds and restarts when a source file changes.
set -u
cd "$(dirname "$0")/../.."
listen=${LISTEN:-127.0.0.1:8080}
data=${DATA:-./data}
server=

stop() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; fi
    server=
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

state() {
    find app frontend server migrations public Cargo.toml Cargo.lock -type f \
        \( -name '*.rs' -o -name '*.css' -o -name '*.json' -o -name '*.js' -o -name '*.toml' -o -name '*.svg' \) \
        -exec ls -l --time-style=full-iso {} + 2>/dev/null | cksum
}

while :; do
    seen=$(state)
    # The features of the whole workspace, as in the tests: nothing is compiled twice.
    if cargo build --workspace --bin bundler --features frontend/gallery && target/debug/bundler --dev &&
        cargo build --workspace --bin fingertip --features frontend/gallery,server/site; then
        stop
        target/debug/fingertip --data "$data" serve --listen "$listen" --demo &
        server=$!
        echo "Development build on http://$listen; open pages reload by themselves after a change."
    else
        echo "The build failed; the last good one keeps running. Waiting for a change."
    fi
    while [ "$(state)" = "$seen" ]; do sleep 1; done
    echo "Something changed; building again."
done
