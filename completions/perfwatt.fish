# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of perfwatt(1) for fish.

function __perfwatt_words
    commandline -opc
end

# Whether the command is one of the names, and the word is not one of the measured command's.
function __perfwatt_in
    set -l words (__perfwatt_words)
    test (count $words) -ge 2; and contains -- $words[2] $argv; and not __perfwatt_measured
end

function __perfwatt_measured
    test -n (__perfwatt_begin | string collect)
end

# At which word of `perfwatt run` the command begins: behind two dashes, or the first that is no option and no value of one.
function __perfwatt_begin
    set -l words (__perfwatt_words)
    test (count $words) -ge 3; and test $words[2] = run; or return
    set -l flags -a --all-cpus --multiplex --strict --force --show-output -h --help
    set -l value no
    for at in (seq 3 (count $words))
        set -l word $words[$at]
        if test $value = yes
            set value no
        else if test $word = --
            math $at + 1
            return
        else if not string match -q -- '-*' $word
            echo $at
            return
        else if not contains -- $word $flags; and not string match -qr -- '^(--.*=|-[a-zA-Z].)' $word
            set value yes
        end
    end
end

# Whether the words after perfwatt are these.
function __perfwatt_after
    set -l words (__perfwatt_words)
    test "$words[2..]" = "$argv"
end

function __perfwatt_model
    set -l words (__perfwatt_words)
    test (count $words) -ge 3; and test $words[2] = model; and contains -- $words[3] $argv
end

function __perfwatt_events
    perfwatt list events 2>/dev/null | string match -rg '^([A-Za-z][A-Za-z0-9_/-]*) '
end

function __perfwatt_metrics
    echo all
    perfwatt list metrics 2>/dev/null | string match -rg '^([a-z0-9.-]+) '
end

function __perfwatt_models
    perfwatt model list 2>/dev/null | string match -rg '^(\S+)$'
end

# Completes the measured command as a command line of its own.
function __perfwatt_command
    set -l words (__perfwatt_words)
    set -l at (__perfwatt_begin)
    complete -C (string join ' ' -- (string escape -- $words[$at..]) (commandline -ct))
end

complete -c perfwatt -f
complete -c perfwatt -n '__perfwatt_after ""' -s h -l help -d 'Print the help'
complete -c perfwatt -n '__perfwatt_after ""' -s V -l version -d 'Print the version'
complete -c perfwatt -n '__perfwatt_after ""' -a run -d 'Measure a command'
complete -c perfwatt -n '__perfwatt_after ""' -a classify -d 'The reference workload, an image classifier'
complete -c perfwatt -n '__perfwatt_after ""' -a rank -d 'One rank of a job'
complete -c perfwatt -n '__perfwatt_after ""' -a power -d 'Watch or record power alone'
complete -c perfwatt -n '__perfwatt_after ""' -a show -d 'The summary of a recording'
complete -c perfwatt -n '__perfwatt_after ""' -a plot -d 'Figures of a recording'
complete -c perfwatt -n '__perfwatt_after ""' -a report -d 'Recordings as one page for a browser'
complete -c perfwatt -n '__perfwatt_after ""' -a export -d 'A recording as CSV files or JSON'
complete -c perfwatt -n '__perfwatt_after ""' -a compare -d 'Is it better: recordings before and after'
complete -c perfwatt -n '__perfwatt_after ""' -a history -d 'One quantity over many recordings'
complete -c perfwatt -n '__perfwatt_after ""' -a list -d 'Events, metrics, power sources, collectors of regions and peaks'
complete -c perfwatt -n '__perfwatt_after ""' -a plan -d 'The passes that an event list needs'
complete -c perfwatt -n '__perfwatt_after ""' -a doctor -d 'What this machine can measure'
complete -c perfwatt -n '__perfwatt_after ""' -a model -d 'The models of classify'
complete -c perfwatt -n '__perfwatt_in run classify rank power show plot report export compare history list plan doctor model' -s h -l help -d 'Print the help'

complete -c perfwatt -n '__perfwatt_measured' -a '(__perfwatt_command)'
complete -c perfwatt -n '__perfwatt_in run' -s n -l tests -x -d 'How often everything is measured'
complete -c perfwatt -n '__perfwatt_in run' -l until-decided -x -d 'When it is clear whether variants differ: NAME:WIDTH%'
complete -c perfwatt -n '__perfwatt_in run' -l stop-when -x -d 'When a mean is known well enough: EVENT:WIDTH%'
complete -c perfwatt -n '__perfwatt_in run' -l warmup -x -d 'Executions before the tests'
complete -c perfwatt -n '__perfwatt_in run' -l idle -x -d 'Seconds of idle power before and after'
complete -c perfwatt -n '__perfwatt_in run' -l pause -x -d 'Seconds between executions'
complete -c perfwatt -n '__perfwatt_in run' -s e -l events -x -a '(__fish_append , (__perfwatt_events))' -d 'Events'
complete -c perfwatt -n '__perfwatt_in run show' -s M -l metrics -x -a '(__fish_append , (__perfwatt_metrics))' -d 'Metrics'
complete -c perfwatt -n '__perfwatt_in run' -s p -l pid -x -a '(__fish_complete_pids)' -d 'Count these processes'
complete -c perfwatt -n '__perfwatt_in run' -s a -l all-cpus -d 'Count everything on every CPU'
complete -c perfwatt -n '__perfwatt_in run' -s C -l cpu -x -d 'Count everything on these CPUs'
complete -c perfwatt -n '__perfwatt_in run' -l per -x -a 'thread core socket cpu' -d 'Tell counts apart'
complete -c perfwatt -n '__perfwatt_in run' -l interval -x -d 'Milliseconds between readings of the counters'
complete -c perfwatt -n '__perfwatt_in run' -l delay -x -d 'Milliseconds before the counters start'
complete -c perfwatt -n '__perfwatt_in run' -l multiplex -d 'One pass, values are scaled'
complete -c perfwatt -n '__perfwatt_in run' -l power -x -a 'occ rapl perf-rapl hwmon dcmi redfish hmc nvml exec csv none' -d 'Power sources'
complete -c perfwatt -n '__perfwatt_in run' -l rate -x -d 'Periods of power a second'
complete -c perfwatt -n '__perfwatt_in run' -l strict -d 'Refuse where a named source cannot be read'
complete -c perfwatt -n '__perfwatt_in run' -l bmc-password-file -r -F -d 'The password of the BMC'
complete -c perfwatt -n '__perfwatt_in run' -l items -x -d 'Units of work per execution'
complete -c perfwatt -n '__perfwatt_in run' -l capture -x -d 'Keep a match in the output: NAME=REGEX'
complete -c perfwatt -n '__perfwatt_in run' -l cpus -x -d 'Pin the command'
complete -c perfwatt -n '__perfwatt_in run' -l user -x -a '(__fish_complete_users)' -d 'Run the command as that user'
complete -c perfwatt -n '__perfwatt_in run' -l input -r -F -d 'Standard input of the command'
complete -c perfwatt -n '__perfwatt_in run' -l timeout -x -d 'Seconds that one execution may take'
complete -c perfwatt -n '__perfwatt_in run' -s L -l parameter -x -d 'Each value is a variant: NAME=LIST'
complete -c perfwatt -n '__perfwatt_in run' -l order -x -a 'interleaved blocked random' -d 'Of variants'
complete -c perfwatt -n '__perfwatt_in run' -l vary -x -d 'A value drawn anew for each test: NAME=LIST'
complete -c perfwatt -n '__perfwatt_in run' -l most-variants -x -d 'That there may be'
complete -c perfwatt -n '__perfwatt_in run' -l setup -x -d 'A command once before the warm-up'
complete -c perfwatt -n '__perfwatt_in run' -l prepare -x -d 'A command before each execution'
complete -c perfwatt -n '__perfwatt_in run' -l conclude -x -d 'A command after each execution'
complete -c perfwatt -n '__perfwatt_in run' -l cleanup -x -d 'A command once after the tests'
complete -c perfwatt -n '__perfwatt_in run' -s o -l output -r -F -d 'The recording'
complete -c perfwatt -n '__perfwatt_in run' -l job-dir -x -a '(__fish_complete_directories)' -d 'Of a job, a folder that all its nodes see'
complete -c perfwatt -n '__perfwatt_in run' -l force -d 'Replace the recording'
complete -c perfwatt -n '__perfwatt_in run' -l label -x -d 'What this run is'
complete -c perfwatt -n '__perfwatt_in run' -l regions -x -a 'auto marks none omp torch' -d 'Who marks regions of the command'
complete -c perfwatt -n '__perfwatt_in run' -l region-scope -x -a 'process thread team none' -d 'Whose events a region counts'
complete -c perfwatt -n '__perfwatt_in run' -l show-output -d 'Show what the command prints'

complete -c perfwatt -n '__perfwatt_in classify' -F
complete -c perfwatt -n '__perfwatt_in classify' -l model -r -F -a '(__perfwatt_models)' -d 'A model'
complete -c perfwatt -n '__perfwatt_in classify' -l photos -x -a '(__fish_complete_directories)' -d 'A folder of photos'
complete -c perfwatt -n '__perfwatt_in classify' -l expect -x -d 'What every photo shows'
complete -c perfwatt -n '__perfwatt_in classify' -l limit -x -d 'Only the first photos'
complete -c perfwatt -n '__perfwatt_in classify' -l repeat -x -d 'Run the network N times'
complete -c perfwatt -n '__perfwatt_in classify' -l scenario -x -a 'single offline' -d 'Of MLPerf'
complete -c perfwatt -n '__perfwatt_in classify' -l batch -x -d 'Photos that the network takes at once'
complete -c perfwatt -n '__perfwatt_in classify' -l threads -x -d 'Threads'
complete -c perfwatt -n '__perfwatt_in classify' -l layers -d 'Each layer is a region'
complete -c perfwatt -n '__perfwatt_in classify' -l isolate -x -a all -d 'These layers again and again, for their energy'
complete -c perfwatt -n '__perfwatt_in classify' -l seconds -x -d 'Of --isolate: how long each'
complete -c perfwatt -n '__perfwatt_in classify' -l decode-threads -x -d 'Threads that decode'
complete -c perfwatt -n '__perfwatt_in classify' -l precision -x -a 'fp32 bf16 int8' -d 'Of the arithmetic'
complete -c perfwatt -n '__perfwatt_in classify' -l backend -x -a 'auto onednn blas' -d 'What computes'
complete -c perfwatt -n '__perfwatt_in classify' -l tune -d 'Measure again which kernels are fastest'
complete -c perfwatt -n '__perfwatt_in classify' -l no-winograd -d 'No Winograd convolutions'
complete -c perfwatt -n '__perfwatt_in classify' -l resize -x -a 'nearest bilinear' -d 'How photos are scaled'
complete -c perfwatt -n '__perfwatt_in classify' -l preprocess -x -a 'caffe caffe-rounded tf torch none' -d 'How pixels are prepared'
complete -c perfwatt -n '__perfwatt_in classify' -l csv -r -F -d 'An answer per photo'

complete -c perfwatt -n '__perfwatt_in show plot report export compare history' -k -a '(__fish_complete_suffix .perfwatt)'
complete -c perfwatt -n '__perfwatt_in rank' -l job -x -a '(__fish_complete_directories)' -d 'The folder of the job'
complete -c perfwatt -n '__perfwatt_in rank' -l execution -x -d 'Its number'
complete -c perfwatt -n '__perfwatt_in rank' -l watch -x -d 'Seconds of its node, and no command'
complete -c perfwatt -n '__perfwatt_in show' -l ranks -d 'Each rank of a job instead'
complete -c perfwatt -n '__perfwatt_in show' -l findings -d 'Every rule about what slows a run instead'
complete -c perfwatt -n '__perfwatt_in show' -l regions -d 'The regions that the command marked instead'
complete -c perfwatt -n '__perfwatt_in show' -l sort -x -a 'apart tree time own calls mean corrected flop/s intensity roof energy' -d 'Of --regions and --ranks'
complete -c perfwatt -n '__perfwatt_in show' -l columns -x -d 'Of --regions: these columns'
complete -c perfwatt -n '__perfwatt_in show' -l top -x -d 'Of --regions and --ranks: only the first N'
complete -c perfwatt -n '__perfwatt_in show' -l depth -x -d 'Of --regions: only N within each other'
complete -c perfwatt -n '__perfwatt_in show' -l variant -x -d 'All of one variant: NAME=V'
complete -c perfwatt -n '__perfwatt_in show' -l reference -x -d 'The variant that others are compared with: NAME=V'
complete -c perfwatt -n '__perfwatt_in show' -s v -l verbose -d 'How every value is spread'
complete -c perfwatt -n '__perfwatt_in show' -l tests -d 'The values of each test'
complete -c perfwatt -n '__perfwatt_in plot' -l format -x -a '(__fish_append , svg png pdf)' -d 'Of the figures'
complete -c perfwatt -n '__perfwatt_in plot' -l out -x -a '(__fish_complete_directories)' -d 'The folder for the figures'
complete -c perfwatt -n '__perfwatt_in export' -l format -x -a 'csv json markdown latex prometheus gobench perfetto folded' -d 'Of the files'
complete -c perfwatt -n '__perfwatt_in export' -l tables -x -a 'recording summary executions counters power energy states crosscheck validity findings parts intervals server regions ranks' -d 'Only these of its files'
complete -c perfwatt -n '__perfwatt_in export' -l out -x -a '(__fish_complete_directories)' -d 'The folder for the files'
complete -c perfwatt -n '__perfwatt_in report' -s o -l output -r -F -d 'The page'
complete -c perfwatt -n '__perfwatt_in report' -l with -x -k -a '(__fish_complete_suffix .perfwatt)' -d 'Recordings after'
complete -c perfwatt -n '__perfwatt_in report' -l reference -x -d 'The variant that others are compared with: NAME=V'
complete -c perfwatt -n '__perfwatt_in compare' -l with -x -k -a '(__fish_complete_suffix .perfwatt)' -d 'Recordings after'
complete -c perfwatt -n '__perfwatt_in compare' -l reference -x -d 'Instead: the variant that the others are compared with: NAME=V'
complete -c perfwatt -n '__perfwatt_in compare' -l variant -x -d 'Of recordings with variants, that one: NAME=V'
complete -c perfwatt -n '__perfwatt_in compare' -l aa -x -k -a '(__fish_complete_suffix .perfwatt)' -d 'How often equal things would differ'
complete -c perfwatt -n '__perfwatt_in compare' -l rows -x -d 'The quantities that matter'
complete -c perfwatt -n '__perfwatt_in compare' -l better -x -d 'Which way a quantity is better: NAME=lower'
complete -c perfwatt -n '__perfwatt_in compare' -l same-within -x -d 'What is as good as equal'
complete -c perfwatt -n '__perfwatt_in compare' -l session-sd -x -d 'How far recordings of one thing are apart'
complete -c perfwatt -n '__perfwatt_in compare' -l fail-if -x -d 'Exit 5 beyond it: elapsed>2%'
complete -c perfwatt -n '__perfwatt_in compare' -l strict -d 'Also where it cannot be told'
complete -c perfwatt -n '__perfwatt_in compare' -l confirm -x -d 'Measure again before it fails: a command, which records into {FILE}'
complete -c perfwatt -n '__perfwatt_in compare' -l format -x -a 'text csv json markdown' -d 'Of the comparison'
complete -c perfwatt -n '__perfwatt_in history' -l rows -x -d 'These quantities alone'
complete -c perfwatt -n '__perfwatt_in history' -l least -x -d 'Smaller changes are not told'
complete -c perfwatt -n '__perfwatt_in history' -l format -x -a 'text csv json' -d 'Of the history'
complete -c perfwatt -n '__perfwatt_in history' -l page -r -F -d 'Also a page for a browser'
complete -c perfwatt -n '__perfwatt_in compare' -l figures -x -a '(__fish_complete_directories)' -d 'Draw the ratios'
complete -c perfwatt -n '__perfwatt_in plan' -s e -l events -x -a '(__fish_append , (__perfwatt_events))' -d 'Events'
complete -c perfwatt -n '__perfwatt_in plan' -l cpu -x -a 'power8 power9 power10 power11' -d 'Of another machine'
complete -c perfwatt -n '__perfwatt_after list' -a 'events metrics power regions peaks'
complete -c perfwatt -n '__perfwatt_in list' -l measure -d 'Peaks: measure them now'
complete -c perfwatt -n '__perfwatt_in list' -l json -d 'Peaks: as JSON'
complete -c perfwatt -n '__perfwatt_after list events' -a '(__perfwatt_events)'
complete -c perfwatt -n '__perfwatt_after list metrics' -a '(__perfwatt_metrics)'

complete -c perfwatt -n '__perfwatt_after model' -a 'fetch import list path'
complete -c perfwatt -n '__perfwatt_model fetch path' -a '(__perfwatt_models)'
complete -c perfwatt -n '__perfwatt_model import' -F
complete -c perfwatt -n '__perfwatt_model import' -s o -l output -r -F -d 'The ONNX file'
complete -c perfwatt -n '__perfwatt_model import' -l preprocess -x -a 'caffe tf torch none' -d 'How photos are prepared'

complete -c perfwatt -n '__perfwatt_in power' -l power -x -a 'occ rapl perf-rapl hwmon dcmi redfish hmc nvml exec csv none' -d 'Power sources'
complete -c perfwatt -n '__perfwatt_in power' -s I -l interval -x -d 'Milliseconds between two rows or views'
complete -c perfwatt -n '__perfwatt_in power' -l rate -x -d 'Periods of power a second'
complete -c perfwatt -n '__perfwatt_in power' -l duration -x -d 'Seconds, then it ends'
complete -c perfwatt -n '__perfwatt_in power' -l record -r -F -d 'The recording'
complete -c perfwatt -n '__perfwatt_in power' -l force -d 'Replace the recording'
complete -c perfwatt -n '__perfwatt_in power' -l label -x -d 'What this is'
complete -c perfwatt -n '__perfwatt_in power' -l format -x -a 'csv jsonl' -d 'Rows on stdout'
complete -c perfwatt -n '__perfwatt_in power' -l prometheus -r -F -d 'A file for node_exporter'
complete -c perfwatt -n '__perfwatt_in power' -l strict -d 'Refuse where a named source cannot be read'
complete -c perfwatt -n '__perfwatt_in power' -l bmc-password-file -r -F -d 'The password of the BMC'
