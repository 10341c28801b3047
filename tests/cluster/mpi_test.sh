#!/usr/bin/env bash
# Real Open MPI on loopback: ranks share a sweep; one is killed, the others do its members.
#
#   mpi_test.sh <program> <source folder>
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need mpirun
trap 'rm -rf "$work"' EXIT

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
mpirun_here() { mpirun --oversubscribe --mca btl self,tcp --mca oob_tcp_if_include lo --mca plm isolated "$@"; }

write_sweep 16 28
cd "$work"
"$program" sweep run sweep.yaml -o alone -j 2 --progress never >/dev/null

mpirun_here -n 3 "$program" sweep run sweep.yaml -o out --progress never >out.txt 2>&1 || { cat out.txt >&2; fail "mpirun ended badly"; }
[ "$(grep -c '^16 members: 16 done' out.txt)" -eq 1 ] || { cat out.txt >&2; fail "not exactly one rank spoke"; }
expect_same_table out alone

# A rank that dies: with recovery on, the others go on and do its members too.
cat >doomed.sh <<'SH'
#!/bin/bash
# The last rank gets a second to begin, then SIGKILL.
if [ "$OMPI_COMM_WORLD_RANK" = "$((OMPI_COMM_WORLD_SIZE - 1))" ]; then
    "$@" & child=$!
    for _ in $(seq 200); do
        [ -f doomed/manifest.json ] && break
        sleep 0.02
    done
    sleep 0.1
    kill -KILL "$child" $$
fi
exec "$@"
SH
chmod +x doomed.sh
mpirun_here --enable-recovery -n 3 ./doomed.sh "$program" sweep run sweep.yaml -o doomed --progress never >doomed.txt 2>&1 || true
[ "$(count_finished doomed)" -eq 16 ] || { cat doomed.txt >&2; fail "a dead rank's members were not taken over"; }
"$program" sweep run sweep.yaml -o doomed --progress never >/dev/null
expect_same_table doomed alone

# Without recovery Open MPI ends the other ranks too: what was finished stays, and the same command goes on.
rm -rf doomed
mpirun_here -n 3 ./doomed.sh "$program" sweep run sweep.yaml -o doomed --progress never >/dev/null 2>&1 || true
mpirun_here -n 2 "$program" sweep run sweep.yaml -o doomed --progress never >/dev/null
expect_same_table doomed alone
echo "mpi: passed"
