# Sourced by scenarios/run.sh and tests/run.sh: installs what is missing on Debian 12 and builds build/release.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build="$root/build/release"

build_packages=(
    g++ cmake ninja-build pkg-config
    libeigen3-dev libsuitesparse-dev libboost-graph-dev libyaml-cpp-dev libfmt-dev libspdlog-dev libcli11-dev
    nlohmann-json3-dev libnetcdf-dev libhdf5-dev zlib1g-dev libhwy-dev libtbb-dev
    coinor-libclp-dev coinor-libcbc-dev
)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev chromium fonts-noto-cjk netcdf-bin slurm-wlm munge openmpi-bin)

say() { printf '%s\n' "$*" >&2; }

is_installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -q '^installed$'; }

# install_packages <package…>: apt-get for what is missing; says what it does and what it needs.
install_packages() {
    local missing=() package
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    # The report is bundled with node and npm: any that are on the machine will do.
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    [ ${#missing[@]} -eq 0 ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            say "these packages are missing and only root can install them: ${missing[*]}"
            return 1
        }
        as_root=(sudo)
    fi
    say "installing with apt: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# build_target <cmake options…> -- <targets…>: configures when asked for the first time or for other options, then builds.
build_target() {
    local options=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    [ "${1:-}" = -- ] && shift
    local log
    log=$(mktemp)
    (cd "$root" && cmake --preset release "${options[@]}" >"$log" 2>&1) || {
        cat "$log" >&2
        rm -f "$log"
        return 1
    }
    rm -f "$log"
    cmake --build "$build" --target "$@" >&2
}
