"""Starts a python3-http function."""

from . import start, threads


def main():
    start.prepare()
    handler = start.load_handler()
    if start.has_package("flask"):
        respond = _in_flask(handler)
    else:
        from . import events
        respond = events.responder(handler)
    threads.Server(respond).run()


def _in_flask(handler):
    from flask import jsonify, request

    from . import events, wsgi

    class Event:
        def __init__(self):
            self.body = request.get_data()
            self.headers = request.headers
            self.method = request.method
            self.query = request.args
            self.path = request.path

    def view():
        result = handler.handle(Event(), events.Context())
        if result is None:
            return "", 200
        if not isinstance(result, dict):
            return result
        body = result.get("body", "")
        if isinstance(body, (dict, list)):
            body = jsonify(body)
        return "" if body is None else body, result.get("statusCode", 200), result.get(
            "headers") or {}

    return wsgi.responder(view, events.METHODS)
