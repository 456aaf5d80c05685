"""One exchange over the wire, as whoever fetches sees it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WebLimits:
    """What one exchange, one request and one `Web` may take."""

    concurrency: int = 32  # exchanges under way at once, over all hosts
    raw_bytes: int = 20_000_000
    decoded_bytes: int = 50_000_000
    deadline_s: float = 60.0  # one exchange, from connection to last byte
    connect_s: float = 10.0
    read_s: float = 20.0  # silence between two reads
    redirects: int = 5
    attempts: int = 3
    retry_wait_s: float = 0.5  # before the second attempt; doubled before the third, and jitter on top
    retry_after_s: float = 10.0  # a longer Retry-After is for the next run to honour
    crawl_delay_s: float = 60.0  # a longer crawl delay is cut to this


class NoAnswer(Exception):
    """There is no answer, and why. `reason` is a Failure's."""

    def __init__(self, reason: str, detail: str, *, can_retry: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
        self.can_retry = can_retry


@dataclass(frozen=True, slots=True)
class Answer:
    """What came over the wire."""

    status: int
    headers: Headers
    wire_body: bytes
    body: bytes
    undecodable: str | None = None  # why `body` is still the wire's


Get = Callable[[str, Headers, bool], Awaitable[Answer]]  # (url, headers, allow_private); raises NoAnswer
