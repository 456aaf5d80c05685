"""Keys out of everything that leaves the web: each secret's value becomes its `${NAME}` again."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html.entities import codepoint2name
from urllib.parse import unquote, urlsplit

from pipeline.types import Capture, FetchRequest
from pipeline.urls import fill

# A value this short would be found all over a page and guards nothing.
_SHORTEST = 4
_NO_BODY = frozenset({"content-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces the values of one request's secrets, in any spelling."""

    patterns: tuple[tuple[re.Pattern[bytes], bytes], ...]

    def data(self, data: bytes) -> bytes:
        for pattern, placeholder in self.patterns:
            data = pattern.sub(lambda _, text=placeholder: text, data)  # type: ignore[misc]
        return data

    def text(self, text: str) -> str:
        if not self.patterns:
            return text
        return self.data(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def capture(self, capture: Capture) -> Capture:
        """The capture without the secrets. Cookies lose their values whether there are secrets or not.

        Where the body had a secret, the clean decoded body stands for both bodies, and a header says so.
        """
        headers = tuple((name, self._header(name, value)) for name, value in capture.headers)
        body = self.data(capture.body)
        if body != capture.body:
            kept = tuple(header for header in headers if header[0].lower() not in _NO_BODY)
            headers = (*kept, ("Content-Length", str(len(body))), ("X-Dateline-Redacted", "1"))
            capture = replace(capture, wire_body=body, body=body)
        return replace(capture, headers=headers)

    def _header(self, name: str, value: str) -> str:
        return "***" if name.lower() == "set-cookie" else self.text(value)


def redactor(request: FetchRequest) -> Redactor:
    """A redactor for all secrets of the request, and for the Basic credentials that its URL makes (RFC 7617 2)."""
    found = {name: secret.reveal() for name, secret in request.secrets if secret is not None}
    if found and (pair := _credentials(fill(request.url, request.secrets))):
        found["CREDENTIALS"] = pair
    # The longest first: one secret may hold another.
    values = sorted(((v, n) for n, v in found.items() if len(v) >= _SHORTEST), key=lambda pair: -len(pair[0]))
    return Redactor(tuple((_any_spelling(value), f"${{{name}}}".encode()) for value, name in values))


def _credentials(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not parts.username and not parts.password:
        return None
    return base64.b64encode(f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()).decode()


def _any_spelling(value: str) -> re.Pattern[bytes]:
    """Matches the value as it is, and with any of its characters escaped as URLs, HTML or JSON do, in any case."""
    return re.compile(b"".join(b"(?:" + b"|".join(_spellings(one)) + b")" for one in value), re.IGNORECASE)


def _spellings(character: str) -> Iterable[bytes]:
    raw = character.encode("utf-8", "surrogateescape")
    yield re.escape(raw)
    if character.isascii() and character.isalnum():
        return
    point = ord(character)
    yield b"".join(b"%%%02x" % byte for byte in raw)
    yield b"&#0*%d;" % point
    yield b"&#x0*%x;" % point
    if point in codepoint2name:
        yield b"&%s;" % codepoint2name[point].encode()
    yield re.escape(b"\\" + raw)
    yield rb"\\u%04x" % point
    if character == " ":
        yield rb"\+"
