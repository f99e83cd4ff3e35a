def handle(event, context):
    """Answers a call.

    event: body (bytes), headers, method, query, path
    context: hostname
    """
    return {
        "statusCode": 200,
        "body": "Hello from Barista!",
    }
