#compdef barista
# Completion of barista for zsh: the program itself is asked what may follow.
_barista() {
  local program=${words[1]/#\~/$HOME} answer
  answer=$("$program" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  if [[ $? -eq 3 ]]; then
    _files
  elif [[ -n $answer ]]; then
    compadd -- "${(@f)answer}"
  fi
}
compdef _barista barista
