# Completion of barista for bash: the program itself is asked what may follow.
_barista() {
  local IFS=$'\n' program=${1/#\~/$HOME}
  COMPREPLY=($("$program" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
# An answer without words leaves the names of files to bash.
complete -o default -F _barista barista
