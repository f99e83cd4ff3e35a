def handle(req):
    """Answers a call.

    req: the body as text. What is returned, and what is printed, is the answer.
    """
    return req
