def handle(req):
    """Gives the body back."""
    return req
