"""A real HTTP server on loopback. It answers by path, also as a forward proxy, and remembers what it was asked."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.captures.web import Web, WebLimits
from pipeline.types import CaptureKind, Fetched, FetchRequest, Politeness

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)
LIMITS = WebLimits(raw_bytes=100_000, decoded_bytes=200_000, retry_wait_s=0.01, retry_after_s=1)
HASTY = replace(LIMITS, deadline_s=0.5, read_s=0.2)


@dataclass
class Asked:
    url: str  # absolute where the server was a proxy
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        site.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}))
        path = "/" + self.path.split("://", 1)[-1].partition("/")[2] if "://" in self.path else self.path
        answer = site.answers.get(self.path) or site.answers.get(path.partition("?")[0])
        with site.under_way():
            if answer is None:
                self.answer(404, b"nothing here")
            else:
                answer(self)

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Site:
    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.reset()

    def reset(self) -> None:
        self.answers: dict[str, Callable[[Handler], None]] = {}
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()

    def serve(self, path: str, status: int = 200, body: bytes = b"", **headers: str) -> str:
        self.answers[path] = lambda handler: handler.answer(status, body, **headers)
        return self.url + path

    def serve_in_turn(self, path: str, *answers: tuple[int, dict[str, str]]) -> str:
        waiting = list(answers)

        def answer(handler: Handler) -> None:
            status, headers = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            handler.answer(status, b"body", **headers)

        self.answers[path] = answer
        return self.url + path

    def serve_by(self, path: str, answer: Callable[[Handler], None]) -> str:
        self.answers[path] = answer
        return self.url + path

    def urls_asked(self) -> list[str]:
        return [asked.url for asked in self.asked]

    def under_way(self) -> "Site":
        return self

    def __enter__(self) -> None:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._now -= 1


@pytest.fixture(scope="session")
def server() -> Iterator[Site]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # a client that hangs up is part of the tests
        server.site = Site(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.site
        server.shutdown()
        thread.join()


@pytest.fixture
def site(server: Site) -> Site:
    server.reset()
    return server


@pytest.fixture(scope="session")
def web() -> Iterator[Web]:
    with Web(user_agent="Dateline/0.1.0 (+mailto:desk@wire.example)", clock=lambda: NOW, limits=LIMITS) as web:
        yield web


@pytest.fixture
def hasty_ask() -> Iterator[Callable[..., Fetched]]:
    """As `ask`, with little patience."""
    with Web(user_agent="Dateline/0.1.0", clock=lambda: NOW, limits=HASTY) as web:
        yield lambda url: web.fetch([request(url, allow_private=True)])[0]


@pytest.fixture
def proxied(site: Site) -> Iterator[Web]:
    """Any plain http address leads to the site."""
    with Web(user_agent="Dateline/0.1.0", clock=lambda: NOW, limits=LIMITS, proxy=site.url) as web:
        yield web


@pytest.fixture
def ask(web: Web) -> Callable[..., Fetched]:
    """One feed, straight from loopback."""

    def ask(url: str, **fields: object) -> Fetched:
        return web.fetch([request(url, allow_private=True, **fields)])[0]

    return ask


def request(url: str, kind: CaptureKind = CaptureKind.FEED, **fields: object) -> FetchRequest:
    politeness = fields.pop("politeness", Politeness(concurrency=4, spacing_s=0.0))
    return FetchRequest(kind=kind, url=url, source_id="wire", politeness=politeness, **fields)  # type: ignore[arg-type]


@pytest.fixture
def make_request() -> Callable[..., FetchRequest]:
    return request
