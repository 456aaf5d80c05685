"""Overruns: which days they left open, and what an attempt to repair them comes to."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.captures.repairs import ATTEMPTS_AT_MOST, decide_repair, missed_days, window_to_ask
from pipeline.types import Overrun, Window

NOW = datetime(2026, 4, 13, 2, tzinfo=UTC)
OVERRUN = Overrun("tide/all", "tide", NOW, datetime(2026, 4, 10, 2, tzinfo=UTC), datetime(2026, 4, 12, 15, tzinfo=UTC))


def april(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "timezone", "days"),
    [
        pytest.param(april(10, 2), april(12, 15), "UTC", [10, 11, 12], id="the days that the gap touches"),
        pytest.param(april(10, 2), april(12), "UTC", [10, 11], id="one that ends at midnight does not touch the next"),
        pytest.param(april(10, 2), april(11, 2), "America/New_York", [9, 10], id="by the clock of the source"),
        pytest.param(april(10), april(10), "UTC", [10], id="a gap of no time is a day's affair"),
    ],
)
def test_an_overrun_leaves_open(since: datetime, until: datetime, timezone: str, days: list[int]) -> None:
    overrun = Overrun("tide/all", "tide", NOW, since, until)
    assert missed_days(overrun, timezone) == [date(2026, 4, day) for day in days]


def test_listings_are_asked_for_whole_days_of_the_source() -> None:
    days = missed_days(OVERRUN, "America/New_York")
    assert window_to_ask(days, "America/New_York") == Window(april(9, 4), april(13, 4))


@pytest.mark.parametrize(
    ("open_days", "is_walked", "is_repaired"),
    [
        pytest.param([], False, True, id="dated listings have all days"),
        pytest.param([date(2026, 4, 12)], False, False, id="they lack one"),
        pytest.param([date(2026, 4, 12)], True, True, id="the feed's own pages were followed back"),
    ],
)
def test_an_overrun_is_repaired_where_listings_cover_it(open_days, is_walked: bool, is_repaired: bool) -> None:
    repair = decide_repair(OVERRUN, open_days, is_walked=is_walked, now=NOW)
    assert (repair.repaired_at == NOW, repair.repair_due_at is None, repair.repair_attempts) == (
        is_repaired,
        is_repaired,
        1,
    )


def test_one_that_stays_open_is_tried_on_later_nights_and_then_given_up() -> None:
    nights = []
    for attempts in range(ATTEMPTS_AT_MOST):
        overrun = Overrun("tide/all", "tide", NOW, april(10), april(11), attempts)
        due_at = decide_repair(overrun, [date(2026, 4, 10)], is_walked=False, now=NOW).repair_due_at
        nights.append(due_at and (due_at - NOW) / timedelta(hours=20))
    assert nights == [1, 2, 4, 8, None]
