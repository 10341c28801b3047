#!/bin/bash
# Prints the table of bench/README.md: every workload on every public case, batch against our own scalar solver in the same run.
#     bench/table.sh [folder of MATPOWER cases] [cases…]         a case that ends in .yaml is a scenario, by its path
# YUANWANG names the program (default build/release/yuanwang), THREADS the threads of the batch (default 1).
set -euo pipefail

program=${YUANWANG:-build/release/yuanwang}
folder=${1:-../shared/cases}
[ $# -gt 0 ] && shift
cases=("$@")
[ ${#cases[@]} -eq 0 ] && cases=(case118 case300 case1354pegase scenarios/xining-2025.yaml)

# Value of a key of the JSON on standard input.
value() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p"; }

row() { # case, workload, variant, JSON
    printf '| %s | %s | %s | %.4g | %.4g | %.1f | %s | %s |\n' "$1" "$2" "$3" \
        "$(value batch_us <<<"$4")" "$(value scalar_us <<<"$4")" "$(value ratio <<<"$4")" \
        "$(value flows <<<"$4")" "$(value not_converged <<<"$4")"
}

echo "| case | workload | variant | batch µs | scalar µs | ratio | flows | not converged |"
echo "|---|---|---|--:|--:|--:|--:|--:|"
for case in "${cases[@]}"; do
    case $case in
    *.yaml) file=$case case=$(basename "$case" .yaml) ;;
    *) file="$folder/$case.m" ;;
    esac
    row "$case" W1 "one lane" "$("$program" bench "$file" --workload W1 --json)"
    for workload in W2a W2b W3; do
        row "$case" $workload float "$("$program" bench "$file" --workload $workload -j "${THREADS:-1}" --json || true)"
        row "$case" $workload double "$("$program" bench "$file" --workload $workload -j "${THREADS:-1}" --double --json || true)"
    done
    json=$("$program" bench "$file" --workload W4 -j "${THREADS:-1}" --json)
    row "$case" W4 "all flows" "$json"
    printf '| %s | W4 | worst loading | %.4g | %.4g | %.1f | %s | 0 |\n' "$case" "$(value screen_us <<<"$json")" \
        "$(value screen_scalar_us <<<"$json")" "$(value screen_ratio <<<"$json")" "$(value flows <<<"$json")"
done
