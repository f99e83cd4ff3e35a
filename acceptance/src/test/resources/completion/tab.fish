# tab.fish HOW LINE: prints what fish offers at the end of LINE. HOW is a command that loads the completion.
eval $argv[1]
complete -C $argv[2] | string replace -r '^' 'candidate: '
