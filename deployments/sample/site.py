"""The little site of the sample wire: a forward proxy on loopback, in a thread of the program, with a clock of its own.

    with SampleWire() as wire:
        wire.set_now(NIGHTS[0])
        httpx.get("http://www.harbour-courier.example/", proxy=wire.proxy_url)

By hand: python -m deployments.sample.site --port 8100 --now 2026-04-13T02:00:00Z
"""

import argparse
import gzip
import hashlib
import json
import os
import sys
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from deployments.sample.newsroom import HERE
from deployments.sample.routes import Answer, answer
from deployments.sample.stories import compose
from deployments.sample.wires import wire_files

NIGHTS = (datetime(2026, 4, 6, 2, tzinfo=UTC), datetime(2026, 4, 13, 2, tzinfo=UTC))


class SampleWire:
    """Serves the invented hosts while it is open. Until it is told otherwise, it is the last of `NIGHTS`."""

    def __init__(self, port: int = 0) -> None:
        self._server = _Server(("127.0.0.1", port), _Exchange)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="sample-wire", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self) -> None:
        """Returns when it is closed."""
        self._thread.join()

    @property
    def proxy_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def set_now(self, now: datetime) -> None:
        """The moment that the sites and the agencies believe in."""
        self._server.now = now

    def fill_folders(self, target: Path) -> None:
        """The drop folders as they are by now, each file with the time of its sending. What is there already stays."""
        for item in compose():
            if item.outlet.page:
                continue
            for name, sent_at, body in wire_files(item, self._server.now):
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                if not path.exists():
                    path.write_bytes(body)
                    os.utime(path, (sent_at.timestamp(), sent_at.timestamp()))

    def write_catalogue(self, path: Path, folders: Path) -> None:
        """sources.toml with the places of the drop folders below `folders`."""
        text = (HERE / "sources.toml").read_text("utf-8")
        place = json.dumps(folders.absolute().as_posix(), ensure_ascii=False)[1:-1]  # a TOML string escapes like JSON
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace('"{folders}/', f'"{place}/'), "utf-8")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    now: datetime = NIGHTS[-1]


class _Exchange(BaseHTTPRequestHandler):
    """One connection. A proxy is asked for whole addresses (RFC 9112, section 3.2.2)."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "sample-wire", ""
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        host = target.hostname or (self.headers.get("Host") or "").partition(":")[0]
        self._send(answer(host, target.path or "/", self.server.now))

    do_HEAD = do_GET  # noqa: N815

    def _send(self, found: Answer) -> None:
        etag = f'"{hashlib.sha256(found.body).hexdigest()[:20]}"'
        status = 304 if found.status == 200 and self._is_fresh(etag, found.modified_at) else found.status
        body = b"" if status == 304 else found.body
        is_packed = bool(body) and "gzip" in (self.headers.get("Accept-Encoding") or "")
        body = gzip.compress(body, 3, mtime=0) if is_packed else body
        self.send_response(status)
        if found.status == 200:
            self.send_header("ETag", etag)
            self.send_header("Vary", "Accept-Encoding")
            if found.modified_at:
                self.send_header("Last-Modified", format_datetime(found.modified_at.astimezone(UTC), usegmt=True))
        if found.location:
            self.send_header("Location", found.location)
        if is_packed:
            self.send_header("Content-Encoding", "gzip")
        if status != 304:
            self.send_header("Content-Type", found.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _is_fresh(self, etag: str, modified_at: datetime | None) -> bool:
        """RFC 9110, section 13.2.2: If-None-Match decides where it is given, else If-Modified-Since."""
        if tags := self.headers.get("If-None-Match"):
            return etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since") or "")
        except ValueError:
            return False
        return modified_at is not None and modified_at.replace(microsecond=0) <= since

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header, by the clock of the sample."""
        return format_datetime(self.server.now, usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the pipeline that asks tells what it asked."""


def main() -> None:
    """Serves until it is interrupted."""
    parser = argparse.ArgumentParser(description="Serve the sample wire as an HTTP proxy on loopback.")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--now", type=datetime.fromisoformat, default=NIGHTS[-1], help="ISO time, UTC if no zone")
    asked = parser.parse_args()
    with SampleWire(asked.port) as wire:
        wire.set_now(asked.now if asked.now.tzinfo else asked.now.replace(tzinfo=UTC))
        sys.stdout.write(f"Set {wire.proxy_url} as the HTTP proxy, open http://www.harbour-courier.example/\n")
        sys.stdout.flush()
        try:
            wire.wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
