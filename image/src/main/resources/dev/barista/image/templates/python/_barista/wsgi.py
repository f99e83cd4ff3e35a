"""Runs the handler inside a real Flask application, for functions that bring Flask along: request,
make_response and the like then work as in a Flask view."""

import io
import sys

from .wire import Response


def responder(view, methods):
    """Answers requests by a Flask view that takes no arguments."""
    from flask import Flask
    app = Flask("function")
    app.add_url_rule("/", "root", lambda: view(), methods=list(methods))
    app.add_url_rule("/<path:path>", "path", lambda path: view(), methods=list(methods))
    return lambda request: call(app, request)


def call(app, request):
    """One call of a WSGI application."""
    started = []

    def start_response(status, headers, exc_info=None):
        if exc_info and started:
            raise exc_info[1].with_traceback(exc_info[2])
        started[:] = [(int(status.split(" ", 1)[0]), headers)]
        return None

    body = app(environ_of(request), start_response)
    if not started:
        body = _primed(body)
    status, headers = started[0]
    if isinstance(body, (list, tuple)) or dict(headers).get("Content-Length"):
        try:
            return Response(status, headers, b"".join(body))
        finally:
            if hasattr(body, "close"):
                body.close()
    return Response(status, headers, body)


def _primed(body):
    """An application may call start_response only when its first part is taken."""
    parts = iter(body)
    first = next(parts, b"")
    yield_from = [first]
    yield_from.extend(parts)
    return yield_from


def environ_of(request):
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": request.raw_query,
        "SERVER_PROTOCOL": request.version,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.header("x-forwarded-proto") or "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.pairs:
        key = name.upper().replace("-", "_")
        if key in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
            continue
        if key == "CONTENT_TYPE":
            environ[key] = value
            continue
        key = "HTTP_" + key
        environ[key] = environ[key] + "," + value if key in environ else value
    return environ
