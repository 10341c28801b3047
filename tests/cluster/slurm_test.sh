#!/usr/bin/env bash
# A real munged, slurmctld and slurmd on loopback: a sweep is submitted, an element is killed, the rest is collected, and
# what the killed element left is submitted again.
#
#   slurm_test.sh <program> <source folder>
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need munged slurmctld slurmd sbatch scontrol squeue
[ "$(id -u)" -eq 0 ] || skip "slurmd starts jobs for others: only root can run it"

pids=()
stop() {
    scancel --user=root >/dev/null 2>&1 || true
    local k
    for ((k = ${#pids[@]} - 1; k >= 0; k--)); do
        kill "${pids[k]}" 2>/dev/null || true
        wait "${pids[k]}" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap stop EXIT

start_munge() {
    mkdir -m 0755 "$work/munge"
    chown root:root "$work" && chmod 0755 "$work"
    head -c 1024 /dev/urandom >"$work/munge/key"
    chmod 0400 "$work/munge/key"
    munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" \
        --log-file="$work/munge/log" --pid-file="$work/munge/pid" --seed-file="$work/munge/seed" --num-threads=2 &
    pids+=($!)
    wait_until 20 munged test -S "$work/munge/socket"
}

# Ports that are free now; two clusters on one machine do not meet.
find_port() {
    local port
    for port in $(shuf -i 20000-40000 -n 50); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

start_slurm() {
    local host
    host=$(hostname -s)
    mkdir -p "$work/state" "$work/spool"
    cat >"$work/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(find_port)
SlurmdPort=$(find_port)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SlurmdParameters=config_overrides
ReturnToService=2
SchedulerParameters=sched_interval=1,bf_interval=1
MaxArraySize=9
KillWait=1
MinJobAge=600
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
    export SLURM_CONF="$work/slurm.conf"
    slurmctld -D >"$work/slurmctld.out" 2>&1 &
    pids+=($!)
    slurmd -D -N "$host" >"$work/slurmd.out" 2>&1 &
    pids+=($!)
    wait_until 60 "an idle node" bash -c 'sinfo -h -o %T | grep -qx idle'
}

all_jobs_ended() { [ -z "$(squeue -h)" ]; }

start_munge
start_slurm
write_sweep 24 28
cd "$work"
"$program" sweep run sweep.yaml -o alone -j 2 --progress never >/dev/null

# Elements stay below MaxArraySize (9: eight elements at most), two at a time.
"$program" sweep submit sweep.yaml -o out --minutes 0.001 --max-running 2 --progress never | tee submit.txt
grep -q "24 members in 8 elements of 3" submit.txt || fail "not eight elements of three"
grep -q -- "^#SBATCH --array=1-8%2$" out/slurm/run.sbatch || fail "no array of eight, two at once"
grep -q -- "^#SBATCH --mem=[0-9]*M$" out/slurm/run.sbatch || fail "no memory asked for"
array=$(sed -n 's/submitted: array \([0-9]*\),.*/\1/p' submit.txt)
[ -n "$array" ] || fail "no job number"

# One element is killed while the array runs; whatever it had finished stays.
wait_until 60 "a running element" bash -c "squeue -h -t R -j $array | grep -q ."
scancel --signal=KILL --full "${array}_2" 2>/dev/null || true
scancel "${array}_8" 2>/dev/null || true
wait_until 180 "the end of all jobs" all_jobs_ended
[ -f out/sweep.csv ] || { cat out/slurm/*.log >&2; fail "the dependent job has not collected"; }
[ "$(count_finished out)" -ge 18 ] || fail "more was lost than two elements' members"

# What is missing is named, submitted again, and the table is that of one machine.
"$program" sweep missing out | tail -n +2 >missing.txt
if [ -s missing.txt ]; then
    "$program" sweep submit sweep.yaml -o out --minutes 0.001 --progress never >again.txt
    grep -q "submitted" again.txt || fail "what is missing was not submitted"
    wait_until 180 "the end of all jobs" all_jobs_ended
fi
"$program" sweep submit sweep.yaml -o out --progress never | grep -q "nothing to submit" || fail "finished members were submitted again"
expect_same_table out alone
echo "slurm: passed"
