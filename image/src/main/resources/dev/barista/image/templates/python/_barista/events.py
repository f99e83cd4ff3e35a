"""The python3-http contract: handle(event, context)."""

import os

from . import results, wire

METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")


class Query(dict):
    """Query parameters: the first value of each; getlist has all."""

    def __init__(self, raw):
        super().__init__()
        self._all = {}
        if raw:
            from urllib.parse import parse_qsl
            for name, value in parse_qsl(raw, keep_blank_values=True):
                self._all.setdefault(name, []).append(value)
                self.setdefault(name, value)

    def getlist(self, name):
        return list(self._all.get(name, ()))

    def to_dict(self, flat=True):
        return dict(self) if flat else dict(self._all)


class Event:
    """One request: body (bytes), headers, method, query, path."""

    def __init__(self, request):
        self.body = request.body
        self.headers = wire.Headers(request.pairs)
        self.method = request.method
        self.path = request.path
        self._raw_query = request.raw_query
        self._query = None

    @property
    def query(self):
        if self._query is None:
            self._query = Query(self._raw_query)
        return self._query


class Context:
    """Where the function runs: hostname."""

    def __init__(self):
        self.hostname = os.environ.get("HOSTNAME", "localhost")


def responder(handler):
    """Answers requests by the handler's results."""
    def respond(request):
        refused = by_method(request, METHODS)
        if refused is not None:
            return refused
        return results.event_response(handler.handle(Event(request), Context()))
    return respond


def by_method(request, methods):
    """The answer for a method that doesn't reach the handler, or None. GET brings HEAD along."""
    if request.method in methods or request.method == "HEAD" and "GET" in methods:
        return None
    allowed = [("Allow", ", ".join(sorted(methods + ("HEAD", "OPTIONS"))))]
    if request.method == "OPTIONS":
        return wire.Response(200, allowed)
    return wire.Response(405, allowed, b"method not allowed\n")
