"""The report's charts: what their axes name, and what is told apart."""

from datetime import date, timedelta

import pytest

from pipeline.publish.charts import Day, SeriesDay, counts_to_mark, coverage_calendar, days_to_mark, series_over_time

MONDAY = date(2026, 3, 2)


def days(count: int, first: date = MONDAY) -> list[date]:
    return [first + timedelta(days=number) for number in range(count)]


@pytest.mark.parametrize(
    ("span", "most", "marked"),
    [
        ([], 5, []),
        (days(3), 5, ["2026-03-02", "2026-03-03", "2026-03-04"]),
        (days(30, date(2026, 3, 4)), 5, ["2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]),
        (days(42), 5, ["2026-03-02", "2026-03-16", "2026-03-30"]),
        (days(90), 5, ["2026-04-01", "2026-05-01"]),
        (days(400), 5, ["2026-04-01", "2026-07-01", "2026-10-01", "2027-01-01", "2027-04-01"]),
        (days(3000), 5, ["2027-01-01", "2029-01-01", "2031-01-01", "2033-01-01"]),
        ([MONDAY, MONDAY + timedelta(days=13)], 5, ["2026-03-02", "2026-03-09"]),
    ],
    ids=["none", "days", "mondays", "fortnights", "months", "quarters", "some years", "a span by its ends"],
)
def test_an_axis_names_the_finest_days_that_it_has_room_for(span, most, marked):
    assert [day.isoformat() for day in days_to_mark(span, most)] == marked


@pytest.mark.parametrize(
    ("highest", "marked"),
    [(0, [0]), (1, [0, 1]), (3, [0, 1, 2, 3]), (7, [0, 2, 4, 6]), (41, [0, 20, 40]), (999, [0, 500])],
)
def test_counts_are_marked_in_whole_round_numbers(highest, marked):
    assert counts_to_mark(highest) == marked


def test_a_day_is_the_day_of_the_reader_wherever_he_sits():
    specification = coverage_calendar([Day("Post", MONDAY, "not_over", None, None)])
    assert specification["datasets"] == {
        "rows": [{"source": "Post", "day": "2026-03-02T00:00:00", "state": "not over", "articles": None, "why": ""}]
    }


def test_a_day_without_observation_stays_a_null_and_one_that_is_not_over_is_marked():
    series = [SeriesDay(MONDAY, None, None, None, True), SeriesDay(MONDAY, 0, 0, 0.0, False)]
    rows = series_over_time(series, height=80, labels=5)["datasets"]["rows"]
    assert [(row["articles"], row["over"]) for row in rows] == [(None, True), (0, False)]
