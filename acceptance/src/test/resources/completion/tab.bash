# tab.bash HOW LINE: prints what bash's completion offers at the end of LINE, split as a user's would be.
# HOW is a command that loads the completion.
eval "$1"
IFS=' ' read -ra COMP_WORDS <<<"$2"
[ "${2% }" = "$2" ] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$2 COMP_POINT=${#2}
$(complete -p barista | sed 's/.*-F \([^ ]*\).*/\1/') barista "${COMP_WORDS[COMP_CWORD]}"
[ ${#COMPREPLY[@]} = 0 ] || printf 'candidate: %s\n' "${COMPREPLY[@]}"
