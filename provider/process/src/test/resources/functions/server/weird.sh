# What a program can do that is no good function.
echo "weird: last words"
case $1 in
  leave) exit 0 ;;
  daemonise) setsid sleep 4711.25 > /dev/null 2>&1 & exit 0 ;;
  fail) exit 7 ;;
  signal) kill -9 $$ ;;
  never-listen) exec sleep 600 ;;
  late) sleep 0.3; exec python3 -S server.py ;;
  stubborn) exec python3 -S server.py stubborn ;;
  take-out) rm "$TMPDIR/.lock" ;;
  print) yes barista | head -c 1073741824 & exec python3 -S server.py ;;
esac
