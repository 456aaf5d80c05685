"""What overruns of feeds left open, to be closed from the sites' own dated listings (`history.discover`)."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.steps.run import Run
from pipeline.types import Window
from pipeline.warehouse import repairs


def overruns_due(run: Run) -> dict[str, Window]:
    """The window that each source's overruns since the last repair have left open, by source."""
    with run.warehouse.begin() as conn:
        windows = repairs.overruns_due(conn)
    return {source_id: whole_days(window, run.source(source_id).timezone) for source_id, window in windows.items()}


def whole_days(window: Window, timezone: str) -> Window:
    """The bounded window, widened to days of that clock: a dated listing is evidence of days that it has whole."""
    zone = ZoneInfo(timezone)
    first, last = (at.astimezone(zone).date() for at in (window.since, window.until) if at)
    since, until = (datetime.combine(day, time.min, zone) for day in (first, last + timedelta(days=1)))
    return Window(since.astimezone(UTC), until.astimezone(UTC))


def mark_repaired(run: Run, windows: Mapping[str, Window]) -> None:
    """The dated listings of these sources were asked for what their overruns had missed."""
    with run.warehouse.begin() as conn:
        repairs.mark_repaired(conn, list(windows), run.now)
