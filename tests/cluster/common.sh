# Sourced by the cluster tests: a folder of one's own, a small sweep, checks that name what they wanted.
# shellcheck shell=bash
set -euo pipefail

program=$1
source_dir=$2
work=$(mktemp -d /tmp/yuanwang_cluster.XXXXXX)

skip() {
    echo "skipped: $*"
    exit 77
}

need() {
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || skip "no $command (Debian 12: apt-get install slurm-wlm munge openmpi-bin)"
    done
}

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# write_sweep <members> <days>: storage sizes of the starter town.
write_sweep() {
    cat >"$work/base.yaml" <<YAML
extends: [$source_dir/scenarios/starter.yaml]
time: {duration: $2 d}
YAML
    cat >"$work/sweep.yaml" <<YAML
base: base.yaml
axes:
  - {name: e_max_mwh, path: "storage.batteries[battery].e_max_mwh", from: 20, to: 100, count: $1}
indicators: [import_mwh, cost_cny, unserved_mwh]
rank: {by: cost_cny}
YAML
}

# wait_until <seconds> <what> <command…>
wait_until() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || fail "waited too long for $what"
        sleep 0.2
    done
}

count_finished() { find "$1/members" -name run.json -not -path '*.part/*' 2>/dev/null | wc -l; }

# expect_same_table <folder> <folder>: the tables are the same bytes.
expect_same_table() {
    cmp "$1/sweep.csv" "$2/sweep.csv" || fail "$1 and $2 differ"
}
