#!/bin/sh
# Fails when a crate that deny.toml bans is in the tree, for the host or for the phone. Works without cargo-deny.
set -eu
cd "$(dirname "$0")/.."
banned=$(sed -n 's/.*{ *crate *= *"\([a-z0-9_-]*\)".*ban.*/\1/p' deny.toml)
[ -n "$banned" ] || { echo "deny.toml names no banned crate" >&2; exit 1; }
tree=$(cargo tree --workspace --target all --edges normal,build --prefix none --format '{p}' --locked)
found=
for crate in $banned; do
    if echo "$tree" | grep -q "^$crate v"; then
        found="$found $crate"
        cargo tree --workspace --target all --edges normal,build --invert "$crate" --depth 3 --locked >&2 || true
    fi
done
if [ -n "$found" ]; then
    echo "banned crates in the tree:$found (see deny.toml)" >&2
    exit 1
fi
echo "--- bans: none of" $banned
