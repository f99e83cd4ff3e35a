# tab.zsh HOW LINE: types LINE and Tab into an interactive zsh, as a user does, and prints each candidate that
# it offers, then the line as it stands afterwards. HOW is a command that loads the completion.
setopt extended_glob
zmodload zsh/zpty
answer=$HOME/answer
: >$answer
cat >$HOME/.zshrc <<'RC'
PS1='%% '
# Writes down what is offered; zsh asks some of its own lists by -O, -A and -D.
compadd() {
  local -a offered
  if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
    builtin compadd -O offered "$@"
    print -rl -- ${offered/#/candidate: } >>$HOME/answer
  fi
  builtin compadd "$@"
}
written() { print -r -- "line: $BUFFER" >>$HOME/answer; BUFFER=; print 'DO''NE' }
zle -N written
bindkey '^X' written
RC
# One write of everything: zsh reads the next line when it is done with the one before.
zpty tab zsh -d -i
zpty -w tab "$1; print LOA''DED"
zpty -r tab out '*LOADED*'
zpty -n -w tab "$2"$'\t\x18'
zpty -r tab out '*DONE*'
zpty -d tab
cat $answer
