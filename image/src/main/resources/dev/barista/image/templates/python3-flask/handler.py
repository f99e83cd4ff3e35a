def handle(req):
    """Answers a call.

    req: the body as text. May return text, bytes, a dict, or (body, status, headers).
    """
    return req
