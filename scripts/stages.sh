# Stages of a test run: each with a heading, a log, a duration, counts, and a line in the summary. To be sourced.
# shellcheck shell=bash
#
#   stage NAME "what it does" COMMAND…    runs the command; in it:
#     run COMMAND…        shows progress, keeps everything in the stage's log
#     counted COMMAND…    the same, and takes the counts from its last "N passed, N failed[, N skipped]"
#     tally P F S         adds to the stage's counts
#     skip "reason"       ends the stage: not run, and why
#   summary               the table, the reasons, one last line "N passed, N failed, N skipped"; false if anything failed

. scripts/progress.sh

logs=build/test-logs
rm -rf "$logs"
mkdir -p "$logs"
only=""          # stages to run, separated by commas; empty: all
stage_rows=()    # name, result, seconds, passed, failed, skipped
stage_notes=()   # reasons of what was skipped
counts_expected=no  # a stage that counts has run: then nothing counted is a failure
declare -A broken=()  # stages that failed

run() { STEPS_SHOWN_BY_CALLER=1 "$@" 2>&1 | tee -a "$log" | show_steps; }

tally() { echo "$1 $2 $3" >> "$log.tally"; }

note() { echo "$*" >> "$log.notes"; }

skip() {
  echo "  skipped: $*"
  note "$*"
  tally 0 0 1
  exit 77
}

counted() {
  local status=0 counts
  run "$@" || status=$?
  counts=$(grep -oE '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$log" | tail -n 1 | grep -oE '[0-9]+' | xargs)
  read -r passed failed skipped <<< "${counts:-0 1 0}"
  tally "$passed" "$failed" "${skipped:-0}"
  sed -n 's/^skipped: //p' "$log" >> "$log.notes"
  [[ $status -eq 0 && $failed -eq 0 ]]
}

stage() {
  local name=$1 about=$2 log=$logs/$1.log started=$SECONDS status result="ok" passed failed skipped
  shift 2
  [[ -z $only || ,$only, == *,$name,* ]] || return 0
  printf '\n== %s: %s\n' "$name" "$about"
  : > "$log"
  : > "$log.tally"
  : > "$log.notes"

  set +e
  (set -eo pipefail; "$@")
  status=$?
  set -e

  [[ ! -s $log.tally ]] || counts_expected=yes
  read -r passed failed skipped < <(awk '{p += $1; f += $2; s += $3} END {print p + 0, f + 0, s + 0}' "$log.tally")
  if [[ $status -eq 77 ]]; then
    result="skipped"
  elif [[ $status -ne 0 || $failed -gt 0 ]]; then
    result="FAILED"
    [[ $failed -gt 0 ]] || failed=1
    broken[$name]=1
  fi
  while IFS= read -r line; do stage_notes+=("$name: $line"); done < <(sort -u "$log.notes")
  rm -f "$log.tally" "$log.notes"
  stage_rows+=("$name $result $((SECONDS - started)) $passed $failed $skipped")
  echo "-- $name $result, $((SECONDS - started)) s"
}

summary() {
  local row name result seconds passed failed skipped all_passed=0 all_failed=0 all_skipped=0
  for name in "${!broken[@]}"; do
    printf '\n== the end of %s\n' "$logs/$name.log"
    tail -n 30 "$logs/$name.log"
  done
  printf '\n%-16s %-8s %8s %8s %8s %8s\n' stage result seconds passed failed skipped
  for row in "${stage_rows[@]}"; do
    read -r name result seconds passed failed skipped <<< "$row"
    printf '%-16s %-8s %8s %8s %8s %8s\n' "$name" "$result" "$seconds" "$passed" "$failed" "$skipped"
    all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed)) all_skipped=$((all_skipped + skipped))
  done
  if [[ ${#stage_notes[@]} -gt 0 ]]; then
    printf '\nnot run:\n'
    printf '  %s\n' "${stage_notes[@]}"
  fi
  printf '\n%d passed, %d failed, %d skipped\n' "$all_passed" "$all_failed" "$all_skipped"
  [[ $all_failed -eq 0 && ${#stage_rows[@]} -gt 0 && ($all_passed -gt 0 || $counts_expected == no) ]]
}
