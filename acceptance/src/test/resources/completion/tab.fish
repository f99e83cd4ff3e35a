# tab.fish HOW LINE: prints what fish offers at the end of LINE. HOW is a command that loads the completion.
eval $argv[1]
string replace -r '^' 'candidate: ' -- (complete -C $argv[2])
exit 0 # replace is 1 when there was nothing
