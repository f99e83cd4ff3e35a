"""An HTTP server for tests: on BARISTA_SOCKET if given, else on PORT."""

import http.server
import json
import os
import signal
import socketserver
import subprocess
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/crash":
            print("the last words before the crash", flush=True)
            os._exit(3)
        if self.path == "/eat":
            eaten = bytearray(200 << 20)
            print("ate", len(eaten))
        if self.path.startswith("/say?"):
            import urllib.parse

            sys.stdout.buffer.write(urllib.parse.unquote_to_bytes(self.path[5:]) + b"\n")
            sys.stdout.buffer.flush()
        if self.path.startswith("/run?"):
            # /run?COMMAND: what a shell says to it
            import urllib.parse

            command = urllib.parse.unquote(self.path[5:])
            done = subprocess.run(
                ["/bin/sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            self.answer(done.stdout)
        elif self.path == "/burn":
            x = 1.0
            for i in range(200000):
                x = (x * 1.000001 + i) % 1000.0
            self.answer(b"%f\n" % x)
        elif self.path.startswith("/secret?"):
            with open(os.environ["BARISTA_SECRETS"] + "/" + self.path[8:], "rb") as file:
                self.answer(file.read())
        elif self.path == "/env":
            self.answer(json.dumps(dict(os.environ)).encode())
        else:
            self.answer(b"hello\n")

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

    def address_string(self):
        return "unix"


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in sys.argv else lambda *_: os._exit(0))
print("starting as", os.getuid(), flush=True)
socket = os.environ.get("BARISTA_SOCKET")
if socket:
    server = UnixServer(socket, Handler)
else:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
server.serve_forever()
