"""The python3-flask contract: handle(req), req the body as text, or bytes with RAW_BODY."""

import os

from . import events, results

METHODS = ("GET", "POST")


def raw_body():
    return os.environ.get("RAW_BODY", "").lower() in ("true", "yes", "1")


def responder(handler):
    """Answers requests by the handler's results."""
    raw = raw_body()

    def respond(request):
        refused = events.by_method(request, METHODS)
        if refused is not None:
            return refused
        body = request.body if raw else request.body.decode("utf-8", "replace")
        return results.to_response(handler.handle(body))
    return respond
