"""How long to leave alone what did not come, and when to give it up. Pure."""

from datetime import datetime, timedelta

from pipeline.types import Failure

_LONGEST_QUIET = timedelta(days=7)  # a Retry-After of years is a mistake
_ATTEMPTS = 8
_ATTEMPTS_404 = 3  # what is not there may only be late


def is_given_up(failure: Failure, attempts: int) -> bool:
    """Whether a document is not asked for again after so many attempts; robots.txt may allow it any day."""
    if failure.reason == "http_404":
        return attempts >= _ATTEMPTS_404
    return failure.reason == "http_410" or (failure.reason != "robots_disallowed" and attempts >= _ATTEMPTS)


def doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    """`first`, doubled so often, at most `longest` (or `first`, where that is longer)."""
    factor: int = 1 << min(times, 16)
    return min(first * factor, max(first, longest))


def after_quiet(at: datetime, failure: Failure, now: datetime) -> datetime:
    """Not before the server's Retry-After (RFC 9110 10.2.3)."""
    return max(at, min(failure.retry_after_at, now + _LONGEST_QUIET)) if failure.retry_after_at else at
