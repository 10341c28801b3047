#!/usr/bin/env bash
# Sets everything up on a fresh Debian 12, builds everything and runs the tests of one label.
#
#   tests/run.sh            the tests of every change (label ci)
#   tests/run.sh study      the long proofs
#   tests/run.sh all        both
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../scenarios/setup.sh"

case "${1:-ci}" in
    ci) label='^ci$' ;;
    study) label='^study$' ;;
    all) label='.' ;;
    *) say "usage: tests/run.sh [ci|study|all]"; exit 2 ;;
esac

install_packages "${build_packages[@]}" "${test_packages[@]}"
build_target -DYUANWANG_TESTS=ON -DYUANWANG_BENCH=ON -DYUANWANG_WERROR="${YUANWANG_WERROR:-OFF}" -- all
cd "$build"
exec ctest --output-on-failure --label-regex "$label" --parallel "$(nproc)"
