"""Serves each connection on a thread of its own: for handlers that stay in memory."""

import _thread
import time

from . import listen, wire

CHUNK = 1 << 16
FAILED = "the function raised an exception: see its log\n"


class _Stop(Exception):
    pass


class Server:
    """Calls respond(request) -> Response for each request, several at once."""

    def __init__(self, respond):
        self._respond = respond
        self._lock = _thread.allocate_lock()  # guards _busy
        self._busy = 0
        self._stopping = False

    def run(self):
        """Returns after SIGTERM, when the running calls have ended or taken too long."""
        listener = listen.listen()
        listen.on_terminate(self._stop)
        try:
            while True:
                sock = listen.accept(listener)
                try:
                    _thread.start_new_thread(self._connection, (sock,))
                except RuntimeError:
                    sock.close()
                    listen.log("no thread for another connection")
                    time.sleep(0.05)
        except _Stop:
            pass
        listener.close()
        self._drain()

    def _stop(self):
        if not self._stopping:
            self._stopping = True
            raise _Stop()

    def _drain(self):
        deadline = time.monotonic() + listen.drain_seconds()
        while time.monotonic() < deadline:
            with self._lock:
                if self._busy == 0:
                    return
            time.sleep(0.005)

    def _connection(self, sock):
        try:
            self._serve(sock)
        except OSError:
            pass  # the caller has gone
        except Exception:
            listen.log_exception("connection failed")
        finally:
            sock.close()

    def _serve(self, sock):
        parser = wire.Parser()
        while True:
            try:
                request = self._next(sock, parser)
            except wire.BadRequest as bad:
                answer = wire.Response.text(bad.status, "malformed request\n")
                sock.sendall(wire.head_of(answer, None, False)[0] + answer.body)
                return
            if request is None:
                return
            with self._lock:
                self._busy += 1
            try:
                keep = self._answer(sock, request)
            finally:
                with self._lock:
                    self._busy -= 1
            if not keep:
                return

    @staticmethod
    def _next(sock, parser):
        while True:
            request = parser.next()
            if request is not None:
                return request
            if parser.wants_continue():
                sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            data = sock.recv(CHUNK)
            if not data:
                return None
            parser.feed(data)

    def _answer(self, sock, request):
        keep = request.keep_alive and not self._stopping
        try:
            response = self._respond(request)
            head, chunked = wire.head_of(response, request, keep)
        except Exception:
            listen.log_exception("handler failed for %s %s" % (request.method, request.raw_path))
            response = wire.Response.text(500, FAILED)
            head, chunked = wire.head_of(response, request, keep)
        except SystemExit as leaving:
            listen.log("handler called exit(%s)" % leaving.code)
            response = wire.Response.text(500, FAILED)
            head, chunked = wire.head_of(response, request, keep)
        body = response.body
        if isinstance(body, (bytes, bytearray)):
            if not wire.has_body(response, request):
                sock.sendall(head)
            elif len(body) < CHUNK:
                sock.sendall(head + body)
            else:
                sock.sendall(head)
                sock.sendall(body)
            return keep
        return self._stream(sock, request, response, head, chunked) and keep

    @staticmethod
    def _stream(sock, request, response, head, chunked):
        """False when the stream broke, so that the caller sees it cut."""
        sock.sendall(head)
        try:
            if not wire.has_body(response, request):
                return True
            for part in response.body:
                part = part.encode("utf-8") if isinstance(part, str) else part
                if part:
                    sock.sendall(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
            if chunked:
                sock.sendall(b"0\r\n\r\n")
            return chunked
        except OSError:
            raise
        except Exception:
            listen.log_exception("handler failed in the middle of its answer")
            return False
        finally:
            close = getattr(response.body, "close", None)
            if close is not None:
                close()
