"""Overruns of feeds: which days they left open, and whether listings have closed them. Pure: `now` is an argument.

What a feed's window had moved past is asked of the site's dated sitemaps and of the feed's own older pages. It is
repaired once those have every day of it; until then they are asked again, with growing pauses, a few times.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.captures.patience import doubled
from pipeline.dates import local_day
from pipeline.types import Overrun, Repair, Window

ATTEMPTS_AT_MOST = 5  # tonight, and one, three, seven and fourteen nights later

# A day less what a nightly run may start sooner than the last. The next night has more: a day that was not over when
# its sitemap was read proves nothing, and a site that failed is often back.
_FIRST_PAUSE = timedelta(hours=20)


def missed_days(overrun: Overrun, timezone: str) -> list[date]:
    """The days of that clock of which items may be missing: those that the gap touches."""
    first = local_day(overrun.since_at, timezone)
    last = max(first, local_day(overrun.until_at - timedelta.resolution, timezone))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def window_to_ask(days: Collection[date], timezone: str) -> Window:
    """The window of these days, whole: a dated listing is evidence of days that it has whole."""
    zone = ZoneInfo(timezone)
    since, until = (datetime.combine(day, time.min, zone) for day in (min(days), max(days) + timedelta(days=1)))
    return Window(since.astimezone(UTC), until.astimezone(UTC))


def decide_repair(overrun: Overrun, open_days: Collection[date], *, is_walked: bool, now: datetime) -> Repair:
    """What an attempt came to. `open_days` are those of the missed days that no dated listing has; `is_walked` says
    that the feed's own pages were followed back to before the gap.
    """
    attempts = overrun.attempts + 1
    is_repaired = is_walked or not open_days
    is_given_up = not is_repaired and attempts >= ATTEMPTS_AT_MOST
    pause = doubled(_FIRST_PAUSE, overrun.attempts, timedelta.max)
    return Repair(
        feed_id=overrun.feed_id,
        polled_at=overrun.polled_at,
        repaired_at=now if is_repaired else None,
        repair_attempts=attempts,
        repair_due_at=None if is_repaired or is_given_up else now + pause,
    )
