#!/usr/bin/env bash
# Installs the Debian packages that building and running audienced needs, and looks for a Swift toolchain. It can be run again at any time:
# what is there is left alone, and when all of it is there no root is needed.
set -euo pipefail

# Libraries, each with its headers. The names are those of Debian 12.
libraries=(
    librdkafka-dev    # Kafka
    libsimdjson-dev   # JSON
    libzstd-dev       # snapshots
    libxxhash-dev     # hashes
    libssl-dev        # SHA-256
    libyaml-dev       # configuration
    libmicrohttpd-dev # HTTP
)

# What the Swift toolchain calls or links with. g++ brings binutils, libc6-dev and the libstdc++-*-dev of this release; the three lib*
# are what swift-build itself is linked with.
tools=(
    pkg-config
    g++
    libcurl4
    libsqlite3-0
    libxml2
)

# Read at run time: the rules of time zones.
data=(tzdata)

readonly swift_major=6
readonly swift_download=https://www.swift.org/install/linux/

say() { printf '%s\n' "setup: $*"; }
fail() {
    printf '%s\n' "setup: $*" >&2
    exit 1
}

is_installed() {
    [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null || true)" == installed ]]
}

# Runs a command as root; apt-get never asks anything.
as_root() {
    if [[ "$(id -u)" -eq 0 ]]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

install_packages() {
    command -v dpkg-query >/dev/null || fail "this is no Debian (no dpkg-query). Install the equivalents of: $*"
    local missing=() package
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    if [[ ${#missing[@]} -eq 0 ]]; then
        say "all $# packages are installed"
        return
    fi
    say "missing: ${missing[*]}"
    if [[ "$(id -u)" -ne 0 ]] && ! command -v sudo >/dev/null; then
        fail "installing them needs root, and there is no sudo. As root: apt-get install --no-install-recommends ${missing[*]}"
    fi
    as_root apt-get update --quiet
    as_root apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
    say "installed: ${missing[*]}"
}

check_swift() {
    command -v swift >/dev/null || fail "no swift on PATH. Get Swift $swift_major or newer at $swift_download and add its usr/bin to PATH"
    local version
    version="$(swift --version 2>/dev/null || true)"
    [[ "$version" =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || fail "swift --version says nothing that is understood: $version"
    [[ "${BASH_REMATCH[1]}" -ge "$swift_major" ]] \
        || fail "Swift ${BASH_REMATCH[1]}.${BASH_REMATCH[2]} is too old. Get $swift_major or newer at $swift_download"
    say "Swift ${BASH_REMATCH[1]}.${BASH_REMATCH[2]} at $(command -v swift)"
}

install_packages "${libraries[@]}" "${tools[@]}" "${data[@]}"
check_swift
