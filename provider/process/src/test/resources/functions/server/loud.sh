yes 'a line that is written again and again, as fast as can be' &
exec python3 -S server.py
