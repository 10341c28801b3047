#!/usr/bin/env bash
# A disk that runs full under a sweep: the sweep ends with exit code 7 and names the file and the reason, keeps every finished
# member, records no failure, and goes on once there is room.
#
#   disk_test.sh <program> <source folder>
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
trap 'umount "$work/disk" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir "$work/disk"
mount -t tmpfs -o size=192k tmpfs "$work/disk" 2>/dev/null || skip "no right to mount a small disk"

write_sweep 24 7
cd "$work"
"$program" sweep run sweep.yaml -o alone -j 2 --progress never >/dev/null
code=0
"$program" sweep run sweep.yaml -o disk/out -j 2 --progress never >out.txt 2>err.txt || code=$?
[ "$code" -eq 7 ] || { cat out.txt err.txt >&2; fail "exit code $code on a full disk"; }
grep -q "No space left on device" err.txt || { cat err.txt >&2; fail "the reason is not named"; }
grep -q "$work/disk/out\|disk/out" err.txt || fail "the file is not named"
find disk -name '*.failed' | grep -q . && fail "a member was blamed for the disk"
kept=$(count_finished disk/out)
[ "$kept" -ge 1 ] || fail "nothing was kept"
mount -o remount,size=64m "$work/disk"
"$program" sweep run sweep.yaml -o disk/out -j 2 --progress never >/dev/null
expect_same_table disk/out alone
echo "disk: passed, $kept of 24 members kept"
