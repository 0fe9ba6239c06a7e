#!/bin/sh
# Runs every test. Says first what it is going to install, and last what it could not run.
#   SKIP_POSTGRES=1      leave out the tests on PostgreSQL        TEST_POSTGRES_URL  use this server for them
#   SKIP_BROWSER=1       leave out the journeys in the browser    CHROMIUM           use this browser for them
set -u
cd "$(dirname "$0")/.."

features=frontend/gallery
failed=
missing=
skip_postgres=${SKIP_POSTGRES:-0}
skip_browser=${SKIP_BROWSER:-0}
packages=

have() { command -v "$1" >/dev/null 2>&1; }

find_initdb() {
    for candidate in /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb; do
        [ -x "$candidate" ] && return 0
    done
    have initdb && have pg_ctl
}

find_browser() {
    for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$candidate" ] && have "$candidate"; then command -v "$candidate"; return 0; fi
    done
    return 1
}

apt_install() {
    have apt-get || return 1
    as=
    if [ "$(id -u)" != 0 ]; then have sudo && sudo -n true 2>/dev/null || return 1; as="sudo -n"; fi
    $as apt-get update -qq && $as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

# ---- What is here, what is not -------------------------------------------------------------------------------------
echo "== What this run needs"
if [ "$skip_postgres" = 1 ]; then echo "PostgreSQL   left out: SKIP_POSTGRES=1"
elif [ -n "${TEST_POSTGRES_URL:-}" ]; then echo "PostgreSQL   the server of TEST_POSTGRES_URL"
elif find_initdb; then echo "PostgreSQL   installed; a throw-away server is started for the tests"
else echo "PostgreSQL   will be installed: apt-get install postgresql"; packages="$packages postgresql"; fi

if [ "$skip_browser" = 1 ]; then echo "Browser      left out: SKIP_BROWSER=1"
else
    if have node && have npm; then echo "Node         $(node --version)"
    else echo "Node         will be installed: apt-get install nodejs npm"; packages="$packages nodejs npm"; fi
    echo "Playwright   will be installed into tests/web/node_modules: npm ci"
    if find_browser >/dev/null; then echo "Chromium     $(find_browser)"
    else echo "Chromium     will be installed: apt-get install chromium fonts-noto-cjk, else Playwright's own download"
        packages="$packages chromium fonts-noto-cjk"; fi
fi
if cargo nextest --version >/dev/null 2>&1; then runner=nextest; echo "Runner       cargo nextest"
else runner=test; echo "Runner       cargo test (cargo-nextest is not installed; it would be faster)"; fi
echo

# One by one, so that one package that cannot be had does not take the others along.
for package in $packages; do
    apt_install "$package" >/dev/null || echo "apt-get could not install $package."
done

if [ "$skip_postgres" != 1 ] && [ -z "${TEST_POSTGRES_URL:-}" ] && ! find_initdb; then
    missing="$missing
PostgreSQL could not be had: its tests did not run. Install PostgreSQL 14 or newer, set TEST_POSTGRES_URL, or set SKIP_POSTGRES=1."
    skip_postgres=1
fi

browser=
if [ "$skip_browser" != 1 ]; then
    if ! { have node && have npm && (cd tests/web && npm ci --no-audit --no-fund --loglevel=error); }; then
        missing="$missing
Node or playwright-core could not be had: the browser journeys did not run. Set SKIP_BROWSER=1 to leave them out."
        skip_browser=1
    elif browser=$(find_browser); then :
    elif (cd tests/web && node node_modules/playwright-core/cli.js install chromium-headless-shell); then browser=playwright
    else
        missing="$missing
No Chromium could be had: the browser journeys did not run. Install one, set CHROMIUM, or set SKIP_BROWSER=1."
        skip_browser=1
    fi
fi

part() { date +%s >target/.part 2>/dev/null; echo "== $1"; }
done_part() { echo "== $1: $(($(date +%s) - $(cat target/.part 2>/dev/null || date +%s))) s"; echo; }
mkdir -p target

# ---- The site, for the browser -------------------------------------------------------------------------------------
if [ "$skip_browser" != 1 ]; then
    part "Building the site"
    # The bundler is built with the features of the whole workspace, so that the tests reuse what it compiles.
    if sh frontend/bundler/wasm-target.sh && cargo build --workspace --bin bundler --features "$features" && target/debug/bundler; then
        features=$features,server/site
    else
        failed="$failed site"
        skip_browser=1
    fi
    done_part "Building the site"
fi

# ---- Units, properties, views, both databases ----------------------------------------------------------------------
if [ "${SCREENSHOTS:-}" != 1 ]; then
    part "Rust tests"
    export SKIP_POSTGRES="$skip_postgres"
    if [ "$runner" = nextest ]; then
        set -- --workspace --features "$features"
        [ "$skip_postgres" = 1 ] && set -- "$@" -E 'not test(/::postgres$/)'
        [ "${CI:-}" = true ] && set -- "$@" --profile ci
        cargo nextest run "$@" || failed="$failed rust"
    else
        set -- --workspace --features "$features" --no-fail-fast --
        [ "$skip_postgres" = 1 ] && set -- "$@" --skip ::postgres
        cargo test "$@" || failed="$failed rust"
    fi
    done_part "Rust tests"

    # The long run of the approval engine's model, on the binaries that were just built.
    if [ "${CI:-}" = true ]; then
        part "Properties, 100,000 cases"
        model=approval::process::model
        if [ "$runner" = nextest ]; then
            PROPTEST_CASES=100000 cargo nextest run --workspace --features "$features" -E "test(/^$model/)" ||
                failed="$failed properties"
        else
            PROPTEST_CASES=100000 cargo test --workspace --features "$features" -- "$model" || failed="$failed properties"
        fi
        done_part "Properties, 100,000 cases"
    fi
fi

# ---- The browser ---------------------------------------------------------------------------------------------------
if [ "$skip_browser" != 1 ]; then
    export CHROMIUM="$browser"
    part "Browser"
    if cargo build --workspace --bin stage --features "$features"; then
        if [ "${SCREENSHOTS:-}" = 1 ]; then
            node tests/web/screenshots.mjs || failed="$failed screenshots"
        else
            (cd tests/web && node --test --test-concurrency=1 --test-timeout=240000 journeys/*.test.mjs) || failed="$failed browser"
        fi
    else
        failed="$failed stage"
    fi
    done_part "Browser"
fi

# ---- The last lines ------------------------------------------------------------------------------------------------
if [ -n "$failed" ]; then echo "FAILED:$failed"; fi
if [ -n "$missing" ]; then echo "NOT RUN:$missing"; fi
[ -z "$failed" ] && [ -z "$missing" ] || exit 1
[ "${SKIP_POSTGRES:-0}" = 1 ] && echo "Without PostgreSQL: SKIP_POSTGRES=1"
[ "${SKIP_BROWSER:-0}" = 1 ] && echo "Without the browser: SKIP_BROWSER=1"
echo "All tests passed."
