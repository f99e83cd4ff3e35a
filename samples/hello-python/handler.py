def handle(req):
    """Greets whoever is named in the body."""
    name = req.strip() or "world"
    return "Hello, %s!" % name
