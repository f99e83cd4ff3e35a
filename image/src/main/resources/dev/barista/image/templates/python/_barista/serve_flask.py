"""Starts a python3-flask function."""

from . import start, threads


def main():
    start.prepare()
    handler = start.load_handler()
    if start.has_package("flask"):
        respond = _in_flask(handler)
    else:
        from . import texts
        respond = texts.responder(handler)
    threads.Server(respond).run()


def _in_flask(handler):
    from flask import request

    from . import texts, wsgi

    raw = texts.raw_body()

    def view():
        result = handler.handle(request.get_data(as_text=not raw))
        return "" if result is None else result

    return wsgi.responder(view, texts.METHODS)
