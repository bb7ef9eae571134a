// SPDX-License-Identifier: GPL-3.0-or-later
// What users of perf stat, hyperfine and time type, and what does the same in `perfwatt run`.
#pragma once

#include "options/mistakes.h"

namespace pw {

inline constexpr const char* kInExports = "perfwatt export FILE --format csv or json has every value, later";

inline constexpr ForeignOption kOptionsElsewhere[] = {
    {"-r --repeat --runs --min-runs --max-runs -m", "here it is -n N (--tests)"},
    {"-w", "here it is --warmup N"},
    {"-N -S --shell", "perfwatt starts no shell; where one is wanted: -- sh -c 'COMMAND'"},
    {"-i --no-inherit",
     "children are always counted; a command that fails is kept, and left out of statistics"},
    {"--ignore-failure", "a command that fails is kept, and left out of statistics: perfwatt show has it"},
    {"-x --field-separator -j --json-output --export-json --export-csv --export-markdown --export-asciidoc "
     "--export-orgmode",
     kInExports},
    {"-I --interval-print", "here it is --interval MS"},
    {"-D", "here it is --delay MS"},
    {"-A --no-aggr", "here it is --per cpu, with -a or -C"},
    {"--per-thread", "here it is --per thread"},
    {"--per-core", "here it is --per core, with -a or -C"},
    {"--per-socket --per-die --per-node", "here it is --per socket, with -a or -C"},
    {"-t --tid", "here it is -p PID: its threads are counted, too"},
    {"-u --uid", "here it is --user NAME, which runs the command as that user"},
    {"-d --detailed -T --transaction --topdown", "here it is -M LIST (perfwatt list metrics) or -e LIST"},
    {"-g --group -c --no-scale",
     "perfwatt finds groups that fit and scales nothing; -e '{a,b}' is one group"},
    {"-v --verbose --null -B --big-num", "perfwatt show -v FILE has every value, later"},
    {"-s", "here it is --setup CMD"},
    {"-P --parameter-scan", "here it is -L NAME=FROM..TO, or FROM..TO+STEP"},
    {"--parameter-list", "here it is -L NAME=V1,V2"},
    {"--reference", "perfwatt show FILE --reference NAME=V, later"},
    {"--command-name", "here it is --label TEXT"},
    {"--style --time-unit --sort --append --table --no-big-num --log-fd",
     "perfwatt show FILE prints the summary again, and perfwatt export FILE has every value"},
};

}  // namespace pw
