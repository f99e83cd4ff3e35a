"""What a handler may return, and the response it becomes: Flask's rules."""

from .wire import Response

HTML = "text/html; charset=utf-8"
JSON = "application/json"


def to_response(result):
    """A Response from text, bytes, a dict or list (JSON), a stream, a Flask-like response, or a
    tuple (body, status), (body, headers) or (body, status, headers)."""
    status, headers = None, ()
    if isinstance(result, tuple):
        if len(result) == 3:
            result, status, headers = result
        elif len(result) == 2:
            if isinstance(result[1], (dict, list, tuple)):
                result, headers = result
            else:
                result, status = result
        else:
            raise TypeError("a handler's tuple has 2 or 3 parts, not %d" % len(result))
    body, kind, own_status, own_pairs = _body(result)
    pairs = own_pairs + _pairs(headers)
    if kind and not any(name.lower() == "content-type" for name, _ in pairs):
        pairs.insert(0, ("Content-Type", kind))
    return Response(_status(own_status if status is None else status), pairs, body)


def event_response(result):
    """As above, and the dict with statusCode, body and headers of the python3-http contract."""
    if not isinstance(result, dict):
        return to_response(result)
    body = result.get("body", "")
    headers = result.get("headers", ())
    return to_response(("" if body is None else body, result.get("statusCode", 200), headers or ()))


def _body(result):
    if result is None:
        return b"", HTML, 200, []
    if isinstance(result, str):
        return result.encode("utf-8"), HTML, 200, []
    if isinstance(result, (bytes, bytearray)):
        return bytes(result), HTML, 200, []
    if isinstance(result, (dict, list)):
        import json
        return json.dumps(result).encode("utf-8") + b"\n", JSON, 200, []
    if hasattr(result, "get_data") and hasattr(result, "status_code"):
        return result.get_data(), None, result.status_code, list(result.headers.items())
    if hasattr(result, "__iter__"):
        return iter(result), HTML, 200, []
    raise TypeError("a handler can't return %s" % type(result).__name__)


def _status(status):
    if isinstance(status, str):
        status = status.split(" ", 1)[0]
    status = int(status)
    if not 200 <= status <= 599:
        raise ValueError("status %d" % status)
    return status


def _pairs(headers):
    items = headers.items() if hasattr(headers, "items") else headers
    pairs = []
    for name, value in items or ():
        if isinstance(value, (list, tuple)):
            pairs.extend((name, one) for one in value)
        else:
            pairs.append((name, value))
    return pairs
