# Completion of barista for fish: the program itself is asked what may follow.
function __barista_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    command -q $program; or return
    set -l answer ($program complete -- $words[2..-1] 2>/dev/null)
    if test $status -eq 3
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $answer
    end
end
complete -c barista -f -a '(__barista_complete)'
