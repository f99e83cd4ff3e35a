"""Where a function's server listens, and the signals that end it."""

import os
import sys

import _signal
import _socket

BACKLOG = 1024


def listen():
    """A listening socket: BARISTA_SOCKET's path if that is set, else PORT."""
    path = os.environ.get("BARISTA_SOCKET")
    if path:
        sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        sock.bind(path)
    else:
        sock = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        sock.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 1)
        host = os.environ.get("BARISTA_HOST") or "127.0.0.1"
        sock.bind((host, int(os.environ.get("PORT") or "8080")))
    sock.listen(BACKLOG)
    return sock


def accept(listener):
    """The next connection. As socket.accept, whose module takes 9 ms to import."""
    fd, _ = listener._accept()
    sock = _socket.socket(listener.family, listener.type, listener.proto, fd)
    if listener.family == _socket.AF_INET:
        sock.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
    return sock


def on_terminate(action):
    """Calls action on SIGTERM; SIGINT is the terminal's affair and the platform's."""
    _signal.signal(_signal.SIGTERM, lambda number, frame: action())


def drain_seconds():
    """How long running calls may take to finish after SIGTERM."""
    text = (os.environ.get("write_timeout") or "30s").strip()
    units = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
    total, digits = 0.0, ""
    if text.isdigit():
        return float(text)
    while text:
        if text[0].isdigit() or text[0] == ".":
            digits, text = digits + text[0], text[1:]
            continue
        unit = "ms" if text.startswith("ms") else text[0]
        if unit not in units or not digits:
            return 30.0
        total, digits, text = total + float(digits) * units[unit], "", text[len(unit):]
    return 30.0 if digits else total


def log(text):
    sys.stderr.write(text.rstrip("\n") + "\n")
    sys.stderr.flush()


def log_exception(what):
    """The traceback goes to the function's log, never to its caller."""
    import traceback
    log(what + "\n" + traceback.format_exc())
