"""A function that speaks HTTP in every way the acceptance tests ask for; standard library only."""

import base64
import hashlib
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = bytes(1 << 20)
RELEASED = threading.Event()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path.startswith("/source/"):
            self.source(int(self.path.rsplit("/", 1)[1]))
        elif self.path == "/events":
            self.events()
        elif self.path == "/release":
            RELEASED.set()
            self.answer(200, b"released")
        elif self.path == "/trailers":
            self.trailers()
        elif self.path == "/socket":
            self.socket()
        else:
            self.answer(200, b"hello")

    def do_POST(self):
        if self.path == "/early":
            self.close_connection = True
            self.answer(403, b"no need to send that", ("Connection", "close"))
            return
        left = int(self.headers["Content-Length"])
        total = 0
        buffer = memoryview(bytearray(1 << 20))
        while left:
            got = self.rfile.readinto(buffer[: min(left, len(buffer))])
            if not got:
                raise ConnectionError("the body ended early")
            left -= got
            total += got
        self.answer(200, str(total).encode())

    def handle_expect_100(self):
        if self.headers.get("X-Refuse"):
            self.close_connection = True
            self.answer(417, b"refused", ("Connection", "close"))
            return False
        return super().handle_expect_100()

    def source(self, size):
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        while size:
            piece = min(size, len(PIECE))
            self.wfile.write(PIECE[:piece])
            size -= piece

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def chunked(self, *headers):
        self.send_response(200)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def events(self):
        """The second event comes only when somebody who has seen the first one asks for it."""
        self.chunked(("Content-Type", "text/event-stream"))
        self.chunk(b"data: first\n\n")
        RELEASED.wait(30)
        self.chunk(b"data: second\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def trailers(self):
        self.chunked(("Trailer", "X-Checksum"))
        self.chunk(b"body")
        self.wfile.write(b"0\r\nX-Checksum: 1234\r\n\r\n")

    def socket(self):
        """Agrees to a WebSocket and returns every byte, frames and all."""
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.send_header("Sec-WebSocket-Accept", accept)
        self.end_headers()
        self.close_connection = True
        while data := self.connection.recv(65536):
            self.connection.sendall(data)


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
