# What the scripts say while something long runs. To be sourced.
# shellcheck shell=bash

# Reads the output of ninja or ctest. Steps ("[12/80] …", "12/80 Test …") become one line that counts up on a terminal and a
# line every tenth elsewhere; everything else (warnings, errors) is shown as it is. A script that runs under another leaves
# that to it.
show_steps() {
  if [[ -n ${STEPS_SHOWN_BY_CALLER:-} ]]; then
    cat
    return
  fi
  local line next=0 percent
  local step='^(\[|[[:space:]]*)([0-9]+)/([0-9]+)(\]| Test)'
  local noise='^(\[0/[0-9]+\] Re-checking|[[:space:]]*Start [ 0-9]+:|Test project |ninja: (no work|Entering)|-- |Preset )'
  local ctest_noise='^(Internal ctest changing|Label Time Summary|[a-z]+ +=.*sec\*proc|Total Test time)'
  while IFS= read -r line || [[ -n $line ]]; do
    [[ ! $line =~ $noise && ! $line =~ $ctest_noise ]] || continue
    if [[ $line =~ $step ]]; then
      percent=$((100 * BASH_REMATCH[2] / BASH_REMATCH[3]))
      if [[ $line == *'***'* ]]; then
        [[ ! -t 1 ]] || printf '\r\033[K'
        echo "$line"
      elif [[ -t 1 ]]; then
        printf '\r\033[K  %.*s' "$((${COLUMNS:-80} - 4))" "$line"
      elif [[ $percent -ge $next ]]; then
        echo "  $line"
        next=$((percent + 10))
      fi
    elif [[ -n $line ]]; then
      [[ ! -t 1 ]] || printf '\r\033[K'
      echo "$line"
    fi
  done
  [[ ! -t 1 ]] || printf '\r\033[K'
}
