#!/bin/sh
# Makes sure that rustc can compile for the phone. Never installs a second copy: rustc would find each crate twice.
set -eu
target=wasm32-unknown-unknown
libs=$(rustc --print sysroot)/lib/rustlib

present() { ls "$libs/$target/lib/"libcore-*.rlib >/dev/null 2>&1; }

present && exit 0
echo "Adding the target $target to the toolchain."
if command -v rustup >/dev/null 2>&1 && rustup target add "$target" && present; then exit 0; fi
if [ -n "${WASM_STD:-}" ]; then
    echo "rustup could not download it; unpacking $WASM_STD."
    tar -xJf "$WASM_STD" -C "$libs"
    present && exit 0
    echo "$WASM_STD does not hold $target for $(rustc --version)" >&2
    exit 1
fi
cat >&2 <<MESSAGE
The target $target is missing and rustup could not download it.
On a network without static.rust-lang.org, fetch or build an archive of that target for $(rustc --version)
elsewhere and give it along:  WASM_STD=FILE.tar.xz make ...
It is unpacked into $libs
MESSAGE
exit 1
