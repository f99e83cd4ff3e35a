"""The classic python3 contract: handle(req) gets the body as text; what it prints and returns is
the answer.

Each call runs in a fork of this process, which has imported the handler: it begins with the
module's first state, may print, leave by exit(), start programs, crash or be killed, as in a process
of its own, and costs a fork (about 1 ms) instead of an interpreter's start (20 to 50 ms). The
parent is one thread on poll(), since only a process of one thread forks safely.
"""

import errno
import gc
import os
import select
import time

import _signal

from . import cgi, listen, start, wire

CHUNK = 1 << 16
RECOVERABLE = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Connection:
    """A caller: at most one call at a time, in the order of its requests."""

    def __init__(self, sock):
        sock.setblocking(False)
        self.sock = sock
        self.parser = wire.Parser()
        self.out = bytearray()
        self.call = None
        self.closing = False


class Call:
    """A forked child and what it has printed."""

    def __init__(self, connection, request, pid, pipe):
        self.connection = connection
        self.request = request
        self.pid = pid
        self.pipe = pipe
        self.output = bytearray()
        self.status = None
        self.started = time.monotonic()


class Server:
    def __init__(self, handler):
        self._handler = handler
        self._poll = select.poll()
        self._connections = {}
        self._pipes = {}
        self._children = {}
        self._stopping = False
        self._listener = None
        self._signals = None

    def run(self):
        """Returns after SIGTERM, when the running calls have ended or taken too long."""
        self._listener = listen.listen()
        self._listener.setblocking(False)
        self._watch_signals()
        self._poll.register(self._listener.fileno(), select.POLLIN)
        gc.freeze()
        deadline = None
        while True:
            if self._stopping:
                deadline = deadline or time.monotonic() + listen.drain_seconds()
                if not self._busy() or time.monotonic() >= deadline:
                    break
            wait = None if deadline is None else max(0, (deadline - time.monotonic()) * 1000)
            for fd, event in self._poll.poll(wait):
                self._handle(fd, event)
        for call in list(self._children.values()):
            self._kill(call)

    def _busy(self):
        return bool(self._children) or any(
            c.out or c.parser.in_request for c in self._connections.values())

    def _watch_signals(self):
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        self._signals = reader
        _signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        _signal.signal(_signal.SIGCHLD, lambda number, frame: None)
        listen.on_terminate(self._stop)
        self._poll.register(reader, select.POLLIN)

    def _stop(self):
        if not self._stopping:
            self._stopping = True
            self._poll.unregister(self._listener.fileno())
            self._listener.close()

    def _handle(self, fd, event):
        if fd == self._signals:
            try:
                os.read(fd, CHUNK)
            except OSError:
                pass
            self._reap()
        elif fd in self._pipes:
            self._read_output(self._pipes[fd])
        elif fd in self._connections:
            self._ready(self._connections[fd], event)
        elif not self._stopping and fd == self._listener.fileno():
            self._accept()

    def _accept(self):
        try:
            sock = listen.accept(self._listener)
        except OSError as e:
            if e.errno not in RECOVERABLE:
                listen.log("cannot accept: %s" % e)
                time.sleep(0.05)
            return
        self._connections[sock.fileno()] = Connection(sock)
        self._poll.register(sock.fileno(), select.POLLIN)

    def _ready(self, connection, event):
        try:
            if event & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
                if connection.call is not None or not event & select.POLLIN:
                    self._close(connection)
                    return
            if event & select.POLLOUT:
                self._flush(connection)
            if event & select.POLLIN and connection.sock is not None and connection.call is None:
                data = connection.sock.recv(CHUNK)
                if not data:
                    self._close(connection)
                    return
                connection.parser.feed(data)
                self._advance(connection)
        except OSError as e:
            if e.errno not in RECOVERABLE:
                self._close(connection)

    def _advance(self, connection):
        """Starts the next call if its request is whole."""
        if connection.call is not None or connection.closing:
            return
        try:
            request = connection.parser.next()
        except wire.BadRequest as bad:
            self._answer(connection, None, wire.Response.text(bad.status, "malformed request\n"))
            return
        if request is None:
            if connection.parser.wants_continue():
                connection.out += b"HTTP/1.1 100 Continue\r\n\r\n"
                self._flush(connection)
        elif request.method not in METHODS:
            self._answer(connection, request, wire.Response(405))
        else:
            self._fork(connection, request)

    def _fork(self, connection, request):
        reader, writer = os.pipe()
        try:
            pid = os.fork()
        except OSError as e:
            os.close(reader)
            os.close(writer)
            listen.log("cannot fork: %s" % e)
            self._answer(connection, request, wire.Response.text(500, "cannot start the call\n"))
            return
        if pid == 0:
            os.close(reader)
            cgi.run(self._handler, request, writer)
        os.close(writer)
        os.set_blocking(reader, False)
        call = Call(connection, request, pid, reader)
        connection.call = call
        self._pipes[reader] = call
        self._children[pid] = call
        self._poll.register(reader, select.POLLIN)
        self._interest(connection)

    def _read_output(self, call):
        try:
            data = os.read(call.pipe, CHUNK)
        except OSError as e:
            if e.errno in RECOVERABLE:
                return
            data = b""
        if data:
            call.output += data
            return
        self._poll.unregister(call.pipe)
        del self._pipes[call.pipe]
        os.close(call.pipe)
        call.pipe = None
        self._finish(call)

    def _reap(self):
        for pid, call in list(self._children.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                del self._children[pid]
                call.status = status
                self._finish(call)

    def _finish(self, call):
        """Answers when the child has ended and nobody holds its output any more."""
        if call.pipe is not None or call.status is None or call.connection is None:
            return
        call.connection.call = None
        response = cgi.response_of(call.request, call.status, bytes(call.output))
        self._answer(call.connection, call.request, response)

    def _answer(self, connection, request, response):
        keep = request is not None and request.keep_alive and not self._stopping
        head, _ = wire.head_of(response, request, keep)
        connection.out += head
        if request is None or wire.has_body(response, request):
            connection.out += response.body
        connection.closing = not keep
        try:
            self._flush(connection)
            if connection.sock is not None:
                self._advance(connection)
        except OSError:
            self._close(connection)

    def _flush(self, connection):
        while connection.out:
            try:
                sent = connection.sock.send(connection.out)
            except OSError as e:
                if e.errno in RECOVERABLE:
                    break
                raise
            del connection.out[:sent]
        if not connection.out and connection.closing:
            self._close(connection)
        else:
            self._interest(connection)

    def _interest(self, connection):
        events = 0 if connection.call is not None or connection.closing else select.POLLIN
        if connection.out:
            events |= select.POLLOUT
        self._poll.modify(connection.sock.fileno(), events)

    def _close(self, connection):
        if connection.sock is None:
            return
        fd = connection.sock.fileno()
        self._poll.unregister(fd)
        del self._connections[fd]
        connection.sock.close()
        connection.sock = None
        if connection.call is not None:
            # The caller has gone, so nobody needs the answer.
            call, connection.call = connection.call, None
            call.connection = None
            self._kill(call)

    @staticmethod
    def _kill(call):
        for kill in (os.killpg, os.kill):
            try:
                kill(call.pid, _signal.SIGKILL)
                return
            except OSError:
                continue


def main():
    start.prepare()
    handler = start.load_handler()
    if not hasattr(handler, "handle"):
        listen.log("the handler has no function handle(req)")
        raise SystemExit(1)
    Server(handler).run()
