# What the scripts say while something long runs. To be sourced.
# shellcheck shell=bash

# Reads the output of ninja or ctest. Steps ("[12/80] …", "12/80 Test …") become one line that counts up on a terminal and a
# line every tenth elsewhere; everything else (warnings, errors) is shown as it is. The longest wait is quiet_seconds for
# a sign of life. A script that runs under another leaves that to it.
quiet_seconds=15

show_steps() {
  if [[ -n ${STEPS_SHOWN_BY_CALLER:-} ]]; then
    cat
    return
  fi
  local line part="" step_line="" next=0 percent status said=$SECONDS started=$SECONDS
  local step='^(\[|[[:space:]]*)([0-9]+)/([0-9]+)(\]| Test)'
  local noise='^(\[0/[0-9]+\] Re-checking|[[:space:]]*Start [ 0-9]+:|Test project |ninja: (no work|Entering)|-- |Preset )'
  local ctest_noise='^(Internal ctest changing|Label Time Summary|[a-z]+ +=.*sec\*proc|Total Test time)'
  while true; do
    status=0
    IFS= read -r -t "$quiet_seconds" line || status=$?
    if [[ $status -gt 128 ]]; then  # nothing, or the beginning of a line, in this time
      part+=$line
      say_step "still working, $((SECONDS - started)) s${step_line:+; done: $step_line}"
      said=$SECONDS
      continue
    fi
    line=$part$line part=""
    [[ $status -eq 0 || -n $line ]] || break
    [[ ! $line =~ $noise && ! $line =~ $ctest_noise ]] || continue
    if [[ $line =~ $step ]]; then
      percent=$((100 * BASH_REMATCH[2] / BASH_REMATCH[3]))
      step_line=$line
      if [[ $line == *'***'* ]]; then
        [[ ! -t 1 ]] || printf '\r\033[K'
        echo "$line"
      elif [[ -t 1 || $percent -ge $next || $((SECONDS - said)) -ge $quiet_seconds ]]; then
        say_step "$line"
        said=$SECONDS
        [[ $percent -lt $next ]] || next=$((percent + 10))
      fi
    elif [[ -n $line ]]; then
      [[ ! -t 1 ]] || printf '\r\033[K'
      echo "$line"
      said=$SECONDS
    fi
  done
  [[ ! -t 1 ]] || printf '\r\033[K'
}

# In the place of the last one on a terminal.
say_step() {
  if [[ -t 1 ]]; then
    printf '\r\033[K  %.*s' "$((${COLUMNS:-80} - 4))" "$1"
  else
    echo "  $1"
  fi
}
