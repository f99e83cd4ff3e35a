echo 'cannot start: the contract says so'
exit 3
