# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Completion of perfwatt(1) for bash. It needs nothing of bash-completion, and uses it for the measured command where it is there.

_perfwatt_options() {
  case $1 in
    run)
      echo --tests --stop-when --until-decided --warmup --idle --pause --events --metrics --pid --all-cpus --cpu --per --interval --delay --multiplex \
        --power --strict --rate --bmc-password-file --items --capture --cpus \
        --parameter --order --vary --most-variants --setup --prepare --conclude --cleanup \
        --user --input --timeout --regions --region-scope --output --job-dir --force --label --show-output --
      ;;
    classify)
      echo --model --photos --expect --limit --repeat --scenario --batch --threads --decode-threads --layers --isolate --seconds --precision --backend --tune --no-winograd --resize \
        --preprocess --csv
      ;;
    plot) echo --out --format ;;
    report) echo --output --with --reference ;;
    export) echo --out --format --tables ;;
    compare) echo --with --reference --variant --aa --rows --better --same-within --session-sd --fail-if --strict --confirm --format --figures ;;
    history) echo --rows --least --format --page ;;
    power) echo --power --strict --interval --rate --duration --record --force --label --format --prometheus --bmc-password-file ;;
    rank) echo --job --execution --watch ;;
    show) echo --metrics --findings --ranks --regions --sort --columns --top --depth --variant --reference --verbose --tests ;;
    list) echo --measure --json ;;
    plan) echo --events --cpu ;;
    model\ import) echo --output --preprocess ;;
  esac
  echo --help
}

# The replies are those of the words given that begin with $current.
_perfwatt_words() { mapfile -t COMPREPLY < <(compgen -W "$*" -- "$current"); }

# The replies are folders, and the files that match one of the patterns.
_perfwatt_files() {
  local pattern
  mapfile -t COMPREPLY < <({
    compgen -d -- "$current"
    for pattern in "$@"; do compgen -f -X "!$pattern" -- "$current"; done
  } | sort -u)
  compopt -o filenames 2>/dev/null || :
}

# The same for the last word of a list with commas.
_perfwatt_list() {
  local before=''
  case $current in *,*) before=${current%,*}, ;; esac
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$*" -- "${current#"$before"}")
  compopt -o nospace 2>/dev/null || :
}

_perfwatt_events() { "${COMP_WORDS[0]}" list events 2>/dev/null | sed -n 's/^\([A-Za-z][A-Za-z0-9_/-]*\) .*/\1/p'; }

_perfwatt_metrics() { "${COMP_WORDS[0]}" list metrics 2>/dev/null | sed -n 's/^\([a-z0-9.-]*\) .*/\1/p'; }

_perfwatt_models() { "${COMP_WORDS[0]}" model list 2>/dev/null | sed -n 's/^\([^ ].*\)/\1/p'; }

# _perfwatt_value COMMAND OPTION: the option's value; fails where it takes none.
_perfwatt_value() {
  case $1:$2 in
    plot:--format) _perfwatt_list svg png pdf ;;
    export:--format) _perfwatt_words csv json markdown latex prometheus gobench perfetto folded ;;
    export:--tables)
      _perfwatt_list recording summary executions counters power energy states crosscheck validity findings parts intervals server regions ranks
      ;;
    compare:--format) _perfwatt_words text csv json markdown ;;
    history:--format) _perfwatt_words text csv json ;;
    history:--page) _perfwatt_files '*' ;;
    compare:--with | compare:--aa | report:--with) _perfwatt_files '*.perfwatt' ;;
    power:--format) _perfwatt_words csv jsonl ;;
    run:--per) _perfwatt_words thread core socket cpu ;;
    plan:--cpu) _perfwatt_words power8 power9 power10 power11 ;;
    *:--events | *:-e) _perfwatt_list "$(_perfwatt_events)" ;;
    *:--metrics | *:-M) _perfwatt_list all "$(_perfwatt_metrics)" ;;
    *:--power) _perfwatt_list occ rapl perf-rapl hwmon dcmi redfish hmc nvml exec csv none ;;
    run:--order) _perfwatt_words interleaved blocked random ;;
    run:--regions) _perfwatt_list auto marks none omp torch ;;
    run:--region-scope) _perfwatt_words process thread team none ;;
    run:--input) _perfwatt_files ;;
    show:--sort) _perfwatt_words apart tree time own calls mean corrected flop/s intensity roof energy ;;
    *:--user) mapfile -t COMPREPLY < <(compgen -u -- "$current") ;;
    *:--model)
      _perfwatt_files '*.onnx'
      mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$(_perfwatt_models)" -- "$current")
      ;;
    *:--precision) _perfwatt_words fp32 bf16 int8 ;;
    *:--backend) _perfwatt_words auto onednn blas ;;
    *:--scenario) _perfwatt_words single offline ;;
    *:--resize) _perfwatt_words nearest bilinear ;;
    *:--preprocess) _perfwatt_words caffe caffe-rounded tf torch none ;;
    *:--out | *:--photos) _perfwatt_files ;;
    *:--output | *:-o | *:--record | *:--prometheus | *:--bmc-password-file | *:--csv) _perfwatt_files '*' ;;
    *:--tests | *:-n | *:--stop-when | *:--until-decided | *:--warmup | *:--idle | *:--pause | *:--rate | *:--items | *:--capture | *:--cpus | *:--timeout | \
      *:--label | *:--interval | *:-I | *:--duration | *:--expect | *:--limit | *:--repeat | *:--threads | \
      *:--batch | *:--decode-threads | *:--parameter | *:-L | *:--vary | *:--most-variants | *:--setup | *:--prepare | *:--conclude | \
      *:--cleanup | *:--variant | *:--reference | *:--top | *:--depth) ;;
    *) return 1 ;;
  esac
}

# Prints at which word of `perfwatt run` the command begins: behind "--", or the first that is no option and no value of one.
_perfwatt_begin() {
  local at word
  for ((at = 2; at <= COMP_CWORD; at++)); do
    word=${COMP_WORDS[at]}
    if [ "${COMP_WORDS[at + 1]-}" = = ]; then
      at=$((at + 2))
      continue
    fi
    case $word in
      --)
        [ "$at" -eq "$COMP_CWORD" ] || break
        ;;
      -a | --all-cpus | --multiplex | --strict | --force | --show-output | -h | --help | -*=* | -[a-zA-Z]?*) ;;
      -*) at=$((at + 1)) ;;
      *)
        echo "$at"
        return
        ;;
    esac
  done
  echo $((at + 1))
}

# The command to measure begins at word $1.
_perfwatt_measured() {
  if declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  elif [ "$COMP_CWORD" -eq "$1" ]; then
    mapfile -t COMPREPLY < <(compgen -c -- "$current" | sort -u)
    case $current in */*) compopt -o filenames 2>/dev/null || : ;; esac
  else
    _perfwatt_files '*'
  fi
}

_perfwatt_operand() {
  case $1 in
    show | plot | report | export | compare | history) _perfwatt_files '*.perfwatt' ;;
    list)
      if [ "$COMP_CWORD" -eq 2 ]; then
        _perfwatt_words events metrics power regions peaks
      elif [ "${COMP_WORDS[2]}" = events ]; then
        _perfwatt_words "$(_perfwatt_events)"
      elif [ "${COMP_WORDS[2]}" = metrics ]; then
        _perfwatt_words "$(_perfwatt_metrics)"
      elif [ "${COMP_WORDS[2]}" = power ]; then
        _perfwatt_words occ rapl perf-rapl hwmon dcmi redfish hmc nvml exec csv
      fi
      ;;
    classify) _perfwatt_files '*.jpg' '*.jpeg' '*.JPG' '*.JPEG' '*.mpo' '*.MPO' ;;
    model) _perfwatt_words fetch import list path ;;
    model\ fetch | model\ path) _perfwatt_words "$(_perfwatt_models)" ;;
    model\ import) _perfwatt_files ;;
  esac
}

_perfwatt() {
  local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} at
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _perfwatt_words run classify rank power show plot report export compare history list plan doctor model --help --version
    return
  fi
  if [ "$command" = run ]; then
    at=$(_perfwatt_begin)
    if [ "$at" -le "$COMP_CWORD" ]; then
      _perfwatt_measured "$at"
      return
    fi
  fi
  if [ "$command" = model ] && [ "$COMP_CWORD" -gt 2 ]; then command="model ${COMP_WORDS[2]}"; fi
  # readline makes --option=value three words.
  at=$((COMP_CWORD - 1))
  if [ "$current" = = ]; then
    current=''
  elif [ "${COMP_WORDS[at]}" = = ]; then
    at=$((at - 1))
  fi
  _perfwatt_value "$command" "${COMP_WORDS[at]}" && return
  case $current in
    -*) _perfwatt_words "$(_perfwatt_options "$command")" ;;
    *) _perfwatt_operand "$command" ;;
  esac
}

complete -F _perfwatt perfwatt
