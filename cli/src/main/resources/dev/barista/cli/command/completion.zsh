#compdef barista
# Completion of barista for zsh: the program itself is asked what may follow.
_barista() {
  local program=${words[1]/#\~/$HOME} answer
  answer=$("$program" complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
  if [[ $? -eq 3 ]]; then
    _files
  elif [[ -n $answer ]]; then
    compadd -- "${(@f)answer}"
  fi
}
# As a file of $fpath this runs at the first Tab, as the function itself; by source, once.
if [[ ${funcstack[1]-} == _barista ]]; then
  _barista "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _barista barista
fi
