"""HTTP/1.1 requests from bytes and responses to bytes. Knows no socket."""

MAX_HEAD = 1 << 20
MAX_LINE = 1 << 16

REASONS = {
    100: "Continue", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
    301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
    307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 410: "Gone",
    413: "Content Too Large", 415: "Unsupported Media Type", 418: "I'm a teapot",
    422: "Unprocessable Content", 429: "Too Many Requests",
    431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}

# Where a parser stands in a request.
HEAD, SIZED, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILER = range(6)

_TOKEN = frozenset(
    b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class BadRequest(Exception):
    """A request that gets this status, after which the connection is closed."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


class Headers(dict):
    """Headers by name in any case. The first of several values; getlist has all."""

    def __init__(self, pairs=()):
        super().__init__()
        self._all = {}
        for name, value in pairs:
            key = _title(name)
            self._all.setdefault(key, []).append(value)
            super().setdefault(key, value)

    def __getitem__(self, name):
        return super().__getitem__(_title(name))

    def __contains__(self, name):
        return isinstance(name, str) and super().__contains__(_title(name))

    def get(self, name, default=None):
        return super().get(_title(name), default)

    def getlist(self, name):
        return list(self._all.get(_title(name), ()))

    get_all = getlist


def _title(name):
    return "-".join(part.capitalize() for part in name.split("-"))


class Request:
    """One request with its whole body."""

    __slots__ = ("method", "target", "version", "pairs", "body", "keep_alive", "chunked",
                 "wants_continue")

    def __init__(self, method, target, version, pairs):
        self.method = method
        self.target = target
        self.version = version
        self.pairs = pairs
        self.body = b""
        self.keep_alive = True
        self.chunked = False
        self.wants_continue = False

    def header(self, name):
        for key, value in self.pairs:
            if key.lower() == name:
                return value
        return None

    @property
    def raw_path(self):
        return self.target.split("?", 1)[0]

    @property
    def raw_query(self):
        return self.target.split("?", 1)[1] if "?" in self.target else ""

    @property
    def path(self):
        path = self.raw_path
        if "%" not in path:
            return path
        from urllib.parse import unquote
        return unquote(path)


class Parser:
    """Takes bytes as they come and gives requests. One for each connection."""

    def __init__(self):
        self._buffer = bytearray()
        self._state = HEAD
        self._request = None
        self._body = None
        self._missing = 0

    def feed(self, data):
        self._buffer += data

    @property
    def in_request(self):
        """Whether the first byte of a request is there, but not its last."""
        return self._state != HEAD or bool(self._buffer)

    def wants_continue(self):
        """True once for a request whose sender waits before it sends the body."""
        request = self._request
        if request is None or not request.wants_continue:
            return False
        request.wants_continue = False
        return True

    def next(self):
        """The next whole request, or None when bytes are missing."""
        while True:
            if self._state == HEAD:
                if not self._head():
                    return None
            elif self._state in (SIZED, CHUNK):
                if not self._data():
                    return None
            elif not self._framing():
                return None
            if self._state == HEAD:
                request, self._request = self._request, None
                request.body = bytes(self._body)
                self._body = None
                return request

    def _head(self):
        buffer = self._buffer
        while buffer[:2] == b"\r\n":
            del buffer[:2]
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(buffer) > MAX_HEAD:
                raise BadRequest(431)
            return False
        if end > MAX_HEAD:
            raise BadRequest(431)
        head = bytes(buffer[:end])
        del buffer[:end + 4]
        self._request = request = _parse_head(head)
        self._body = bytearray()
        self._state, self._missing = _framing_of(request)
        if self._state == SIZED and self._missing == 0:
            self._state = HEAD
            return True
        expect = request.header("expect")
        request.wants_continue = (
            expect is not None and expect.lower() == "100-continue" and not buffer)
        return True

    def _data(self):
        take = min(self._missing, len(self._buffer))
        if take == len(self._buffer):
            self._body += self._buffer
            self._buffer = bytearray()
        else:
            self._body += memoryview(self._buffer)[:take].tobytes()
            del self._buffer[:take]
        self._missing -= take
        if self._missing:
            return False
        self._state = HEAD if self._state == SIZED else CHUNK_END
        return True

    def _framing(self):
        line = self._line()
        if line is None:
            return False
        if self._state == CHUNK_SIZE:
            digits = line.split(b";", 1)[0].strip()
            if not digits or len(digits) > 15 or digits.strip(b"0123456789abcdefABCDEF"):
                raise BadRequest(400)
            self._missing = int(digits, 16)
            self._state = CHUNK if self._missing else TRAILER
        elif self._state == CHUNK_END:
            if line:
                raise BadRequest(400)
            self._state = CHUNK_SIZE
        elif not line:
            self._state = HEAD
        return True

    def _line(self):
        end = self._buffer.find(b"\r\n")
        if end < 0 or end > MAX_LINE:
            if len(self._buffer) > MAX_LINE:
                raise BadRequest(400)
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[:end + 2]
        return line


def _parse_head(head):
    lines = head.split(b"\r\n")
    words = lines[0].split(b" ")
    if len(words) != 3 or not words[0] or not _TOKEN.issuperset(words[0]) or not words[1]:
        raise BadRequest(400)
    if words[2] not in (b"HTTP/1.1", b"HTTP/1.0"):
        raise BadRequest(400)
    pairs = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if not colon or not name or not _TOKEN.issuperset(name) or b"\r" in value or b"\n" in value:
            raise BadRequest(400)
        pairs.append((name.decode("ascii"), value.strip(b" \t").decode("latin-1")))
    return Request(
        words[0].decode("ascii"), words[1].decode("latin-1"), words[2].decode("ascii"), pairs)


def _framing_of(request):
    lengths, encodings, connection = [], [], ""
    for name, value in request.pairs:
        lower = name.lower()
        if lower == "content-length":
            lengths.append(value)
        elif lower == "transfer-encoding":
            encodings.append(value.strip().lower())
        elif lower == "connection":
            connection += "," + value.lower()
    options = [option.strip() for option in connection.split(",")]
    if request.version == "HTTP/1.1":
        request.keep_alive = "close" not in options
    else:
        request.keep_alive = "keep-alive" in options
    if encodings:
        if lengths:
            raise BadRequest(400)
        if encodings != ["chunked"]:
            raise BadRequest(501)
        request.chunked = True
        return CHUNK_SIZE, 0
    if not lengths:
        return SIZED, 0
    if len(set(lengths)) > 1 or not lengths[0].isascii() or not lengths[0].isdigit():
        raise BadRequest(400)
    if len(lengths[0]) > 15:
        raise BadRequest(413)
    return SIZED, int(lengths[0])


class Response:
    """Status, headers as pairs, and a body: bytes, or an iterable of bytes that is sent chunked."""

    __slots__ = ("status", "pairs", "body")

    def __init__(self, status, pairs=(), body=b""):
        self.status = status
        self.pairs = pairs
        self.body = body

    @staticmethod
    def text(status, text):
        return Response(
            status, [("Content-Type", "text/plain; charset=utf-8")], text.encode("utf-8"))


def head_of(response, request, keep_alive):
    """The bytes before the body, and whether the body is chunked."""
    status = response.status
    chunked = False
    reason = REASONS.get(status, "Status")
    lines = ["HTTP/1.1 %d %s" % (status, reason)]
    length = None
    for name, value in response.pairs:
        name, value = str(name), str(value)
        if not name or not _TOKEN.issuperset(name.encode("latin-1", "replace")):
            raise ValueError("header name %r" % name)
        if "\r" in value or "\n" in value or "\0" in value:
            raise ValueError("value of header %s has a line end" % name)
        lower = name.lower()
        if lower == "content-length":
            length = value
        elif lower not in ("connection", "transfer-encoding", "keep-alive"):
            lines.append(name + ": " + value)
    if isinstance(response.body, (bytes, bytearray)):
        if status >= 200 and status != 204:
            head_only = request is not None and (request.method == "HEAD" or status == 304)
            size = length if head_only and length and not response.body else len(response.body)
            lines.append("Content-Length: %s" % size)
    elif request is not None and request.version == "HTTP/1.0":
        keep_alive = False
    elif status not in (204, 304):
        chunked = True
        lines.append("Transfer-Encoding: chunked")
    if not keep_alive:
        lines.append("Connection: close")
    elif request is not None and request.version == "HTTP/1.0":
        lines.append("Connection: keep-alive")
    text = "\r\n".join(lines) + "\r\n\r\n"
    try:
        return text.encode("latin-1"), chunked
    except UnicodeEncodeError:
        return text.encode("utf-8"), chunked


def has_body(response, request):
    return request.method != "HEAD" and response.status not in (204, 304)
