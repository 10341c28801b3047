#!/usr/bin/env bash
# Sets everything up on a fresh Debian 12, builds, simulates a scenario and says where the report is.
#
#   scenarios/run.sh                                     Xining 2025
#   scenarios/run.sh scenarios/starter.yaml              another scenario
#   scenarios/run.sh scenarios/xining-2025.yaml --lang en -o results/english
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

scenario=$root/scenarios/xining-2025.yaml
if [[ ${1:-} == *.yaml ]]; then
    scenario=$1
    shift
fi

install_packages "${build_packages[@]}"
build_target -- yuanwang
exec "$build/yuanwang" run "$scenario" "$@"
