"""One call of a classic handler, in its own process, and the answer that its end becomes."""

import os
import sys

import _signal

from . import listen, wire

FALSE = "false"

# Not a header's to say: the request line and the length; and the proxy of the function's own calls,
# which urllib would take from Http_Proxy.
RESERVED = ("Method", "Path", "Query", "ContentLength", "Content_Length", "Proxy")


def run(handler, request, pipe):
    """The child's whole life; never returns."""
    code = 1
    log = os.dup(2)
    try:
        os.setpgid(0, 0)
        _signal.set_wakeup_fd(-1)
        _signal.signal(_signal.SIGTERM, _signal.SIG_DFL)
        _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
        _redirect(pipe)
        os.environ.update(environment_of(request))
        code = _call(handler, request, log)
        code = _wind_up(log) or code
    except BaseException:
        _log_exception(log)
    finally:
        os._exit(code)


def _redirect(pipe):
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(pipe, 1)
    if os.environ.get("combine_output") != FALSE:
        os.dup2(pipe, 2)
    os.close(pipe)
    # New objects: the old ones remember that the log is a file that can be positioned.
    sys.stdout = sys.__stdout__ = open(
        1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = sys.__stderr__ = open(
        2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)


def _call(handler, request, log):
    try:
        text = request.body.decode("utf-8", "surrogateescape")
        if "\r" in text:  # as text from standard input is
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        result = handler.handle(text)
        if result is not None:
            print(result)
        return 0
    except SystemExit as leaving:
        if leaving.code is None:
            return 0
        if isinstance(leaving.code, int):
            return leaving.code & 0xFF
        print(leaving.code, file=sys.stderr)
        return 1
    except BaseException:
        _log_exception(log)
        return 1


def _log_exception(log):
    import traceback
    os.write(log, traceback.format_exc().encode("utf-8", "replace"))


def _wind_up(log):
    """What the interpreter's own end would do: threads, exit functions, buffers."""
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
        if "atexit" in sys.modules:
            sys.modules["atexit"]._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        return 0
    except BaseException:
        _log_exception(log)
        return 1


def environment_of(request):
    """The request as variables of the call's environment."""
    variables = {}
    for name, value in request.pairs:
        word = wire._title(name).replace("-", "_")
        if word not in RESERVED and word.isascii() and word.replace("_", "").isalnum():
            variables.setdefault("Http_" + word, value)
    length = "-1" if request.chunked else str(len(request.body))
    variables["Http_Method"] = request.method
    variables["Http_ContentLength"] = length
    variables["Http_Content_Length"] = length
    variables["Http_Path"] = request.path
    if request.raw_query:
        variables["Http_Query"] = request.raw_query
    return {k: v for k, v in variables.items() if "\0" not in k + v and os.environ.get(
        "cgi_headers") != FALSE}


def response_of(request, status, output):
    """200 with the output, or 500 with the exit status before it."""
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
        kind = (os.environ.get("content_type") or request.header("content-type")
                or sniffed(output))
        return wire.Response(200, [("Content-Type", kind)], output)
    if os.WIFEXITED(status):
        reason = "exit status %d" % os.WEXITSTATUS(status)
    else:
        reason = "signal: %d" % os.WTERMSIG(status)
    listen.log("call failed: " + reason)
    return wire.Response(
        500, [("Content-Type", "text/plain; charset=utf-8")], reason.encode() + b"\n" + output)


def sniffed(output):
    """The type of an answer for which nobody named one."""
    start = output[:512].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<h1", b"<div", b"<p>")):
        return "text/html; charset=utf-8"
    if any(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in output[:512]):
        return "application/octet-stream"
    return "text/plain; charset=utf-8"
