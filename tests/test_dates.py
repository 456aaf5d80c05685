from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import find_dates, find_month_day, local_day, make_day, parse_stamp, read_stamp


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("2024-03-05T14:00:00Z", utc(2024, 3, 5, 14)),
        ("2024-03-05T14:00:00+01:00", utc(2024, 3, 5, 13)),
        ("2024-03-05T14:00:00", utc(2024, 3, 5, 13)),  # of Berlin
        ("2024-3-5 9:30 +0100", utc(2024, 3, 5, 8, 30)),
        ("2024/03/05 14:00 UTC", utc(2024, 3, 5, 14)),
        ("Tue, 05 Mar 2024 14:00:00 GMT", utc(2024, 3, 5, 14)),
        ("Tue, 05 Mar 2024 14:00:00 -0000", utc(2024, 3, 5, 14)),
        ("Tue, 05 Mar 2024 14:00:00 CET", utc(2024, 3, 5, 13)),
        ("Tue, 05 Mar 2024 14:00:00 JST", utc(2024, 3, 5, 5)),
        ("Tue, 05 Mar 2024 14:00:00", utc(2024, 3, 5, 13)),
        ("March 5, 2024 10:30 PM", utc(2024, 3, 5, 21, 30)),
        ("Tue, 05 Mar 2024 11:30 p.m. GMT", utc(2024, 3, 5, 23, 30)),
        ("2024-03-05 12:05 AM", utc(2024, 3, 4, 23, 5)),
        ("March 5, 2024 14:30 PM", utc(2024, 3, 5, 13, 30)),
        ("yesterday", None),
        ("2024-13-45T00:00:00Z", None),
        ("", None),
        (None, None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_stamp_is_an_instant_in_utc(raw: str | None, at: datetime | None) -> None:
    assert parse_stamp(raw, "Europe/Berlin") == at


@pytest.mark.parametrize(
    ("raw", "day", "at"),
    [
        ("2024-03-05", date(2024, 3, 5), None),
        ("20240305", date(2024, 3, 5), None),
        ("2024-03-05T23:30:00Z", date(2024, 3, 6), utc(2024, 3, 5, 23, 30)),
        ("2024-03-05T23:30:00-05:00", date(2024, 3, 5), utc(2024, 3, 6, 4, 30)),
        ("2024-03-05T23:30:00", date(2024, 3, 5), utc(2024, 3, 5, 22, 30)),
    ],
)
def test_a_stamp_keeps_the_day_of_its_own_offset_unless_that_is_utc(raw: str, day: date, at: datetime | None) -> None:
    reading = read_stamp(raw, "Europe/Berlin")
    assert reading is not None
    assert (reading.day, reading.at) == (day, at)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Published March 5, 2024", date(2024, 3, 5)),
        ("5th of March 2024", date(2024, 3, 5)),
        ("Dienstag, 5. März 2024", date(2024, 3, 5)),
        ("Publié le 5 mars 2024", date(2024, 3, 5)),
        ("1er août 2023", date(2023, 8, 1)),
        ("5 de marzo de 2024", date(2024, 3, 5)),
        ("5 marzo 2024", date(2024, 3, 5)),
        ("5 de março de 2024", date(2024, 3, 5)),
        ("5 maart 2024", date(2024, 3, 5)),
        ("5 марта 2024", date(2024, 3, 5)),
        ("5 Mart 2024", date(2024, 3, 5)),
        ("11. maaliskuuta 2024", date(2024, 3, 11)),
        ("2024年3月5日", date(2024, 3, 5)),
        ("2024년 3월 5일", date(2024, 3, 5)),
        ("05.03.2024", date(2024, 3, 5)),
        ("13/4/2024", date(2024, 4, 13)),
        ("4/13/2024", date(2024, 4, 13)),
    ],
)
def test_a_written_date_is_read_in_the_languages_of_the_wires(text: str, day: date) -> None:
    (reading,) = find_dates(text)
    assert (reading.day, reading.other_day) == (day, None)


def test_day_and_month_are_never_swapped_silently() -> None:
    (reading,) = find_dates("3/4/2024")
    assert {reading.day, reading.other_day} == {date(2024, 4, 3), date(2024, 3, 4)}
    assert reading.at is None


def test_a_language_that_writes_the_day_first_settles_it() -> None:
    (reading,) = find_dates("3/4/2024", is_day_first=True)
    assert (reading.day, reading.other_day) == (date(2024, 4, 3), None)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("5. März 2024, 14:30 Uhr", utc(2024, 3, 5, 13, 30)),
        ("5 mars 2024 à 14h30", utc(2024, 3, 5, 13, 30)),
        ("March 5, 2024 at 2:30 PM EST", utc(2024, 3, 5, 19, 30)),
        ("March 5, 2024 2:30 p.m. UTC", utc(2024, 3, 5, 14, 30)),
        ("March 5, 2024 2:30 PM XYZ", None),  # a zone that nobody can name: the day is known, the instant isn't
        ("March 5, 2024", None),
        ("5. März 2024 29:99", None),
    ],
)
def test_a_clock_after_a_date_is_of_its_own_zone_or_the_sources(text: str, at: datetime | None) -> None:
    (reading,) = find_dates(text, "Europe/Berlin")
    assert reading.at == at


@pytest.mark.parametrize(
    "text", ["", "no date", "31 February 2024", "99/99/2024", "1.2.3.2024", "in 2024", "Marching 5, 2024"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert list(find_dates(text)) == []


@pytest.mark.parametrize(
    ("text", "month_day"),
    [
        ("March 1", (3, 1)),
        ("5 mars", (3, 5)),
        ("05 MAR", (3, 5)),
        ("1 de mayo", (5, 1)),
        ("lundi 2 mars", (3, 2)),
        ("Room 7", None),
        ("", None),
    ],
)
def test_a_dateline_names_month_and_day(text: str, month_day: tuple[int, int] | None) -> None:
    assert find_month_day(text) == month_day


def test_the_local_day_follows_the_clock_of_the_place() -> None:
    assert local_day(utc(2024, 3, 5, 23, 30), "Europe/Berlin") == date(2024, 3, 6)
    assert local_day(utc(2024, 3, 5, 3), "America/New_York") == date(2024, 3, 4)


def test_a_day_that_no_calendar_has_is_none() -> None:
    assert make_day(2023, 2, 29) is None


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    parse_stamp(text)
    read_stamp(text)
    list(find_dates(text))


@given(st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_what_is_written_in_iso_is_read_back(stamp: datetime) -> None:
    aware = stamp.replace(tzinfo=UTC)
    assert parse_stamp(aware.isoformat()) == aware
