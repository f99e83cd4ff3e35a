"""The function of the mode tests with a server of its own: listens on PORT."""

import http.server
import os
import socketserver
import sys
import time


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def any(self):
        body = self.read_body()
        path = self.path.split("?")[0]
        if path == "/slow":
            time.sleep(30)
        elif path == "/begin":
            self.send_response(200)
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.write(b"begun")
            self.wfile.flush()
            time.sleep(30)
        elif path == "/events":
            self.events()
        elif path == "/redirect":
            self.answer(302, b"", {"Location": "/elsewhere"})
        elif path == "/fail":
            self.answer(500, b"my own failure\n")
        elif path == "/drop":
            self.close_connection = True
        else:
            said = "%s %s length=%s call=%s " % (
                self.command,
                self.path,
                self.headers.get("Content-Length"),
                "yes" if self.headers.get("X-Call-Id") else "no",
            )
            self.answer(200, said.encode() + body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = any

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while True:
            size = int(self.rfile.readline(), 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return body

    def answer(self, status, body, headers={}):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/x-own")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def events(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for i in range(3):
            self.wfile.write(b"data: %d\n\n" % i)
            self.wfile.flush()
            time.sleep(0.4)
        self.close_connection = True

    def log_message(self, *args):
        print("served", self.path, file=sys.stderr)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


time.sleep(float(os.environ.get("LATE", "0")))
Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
