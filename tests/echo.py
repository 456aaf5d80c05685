"""A real HTTP server on loopback that repeats the keys it is given wherever a server can repeat them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

LITERAL, MOVED, HEADER, BROKEN = "literal-5f0c2d9e", "moved+a71e/44b3", "header-90d1c6aa", "broken-e2b8f317"
KEYS = (LITERAL, MOVED, HEADER, BROKEN)
ENVIRONMENT = {"ECHO_MOVED": MOVED, "ECHO_HEADER": HEADER, "ECHO_BROKEN": BROKEN}

CATALOGUE = """
[[source]]
id = "echo"
name = "The Echo"
kind = "publisher"
allow_private = true
spacing_s = 0

[[source.feed]]
name = "literal"
url = "SITE/literal?key=literal-5f0c2d9e"
every = "0m"
pages = false

[[source.feed]]
name = "moved"
url = "SITE/moved?token=${ECHO_MOVED}"
every = "0m"
pages = false

[[source.feed]]
name = "header"
url = "SITE/header"
headers = { "X-Api-Key" = "${ECHO_HEADER}" }
every = "0m"
pages = false

[[source.feed]]
name = "broken"
url = "SITE/broken?key=${ECHO_BROKEN}"
every = "0m"
pages = false
"""

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>{key}</title><link>http://echo.example/?key={key}</link>
<item><title>You asked with {key}</title><link>http://echo.example/item?key={key}</link><guid>{key}</guid>
<description>Your key is {key}, your address {path}</description></item></channel></rss>"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        key = "".join(value for values in parse_qs(asked.query).values() for value in values)
        key = key or self.headers.get("X-Api-Key") or ""
        if key:
            self.server.given.add(key)  # type: ignore[attr-defined]
        body = FEED.format(key=key, path=self.path.replace("&", "&amp;")).encode()
        if asked.path == "/robots.txt":
            self.answer(404, b"")
        elif asked.path == "/moved":
            self.answer(301, body, Location=f"/{asked.path[1:]}-here?{asked.query}")
        elif asked.path == "/broken":
            self.answer(403, f"<h1>The key {key} is not known</h1>".encode(), Set_Cookie=f"key={key}")
        else:
            self.answer(200, body, Content_Type="application/rss+xml", X_Your_Key=key)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def echoing(catalogue: Path) -> Iterator[set[str]]:
    """The server, open, and the catalogue with its feeds at the end; the keys that it was given."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.given = set()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        with catalogue.open("a", encoding="utf-8") as file:
            file.write(CATALOGUE.replace("SITE", f"http://127.0.0.1:{server.server_port}"))
        try:
            yield server.given  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()
