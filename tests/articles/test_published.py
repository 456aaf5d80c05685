from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.articles.page import Stamp
from pipeline.articles.published import (
    choose_date,
    dateline_candidates,
    entry_candidates,
    latest_change,
    leading_candidates,
    server_candidates,
    stamp_candidates,
    text_candidates,
    url_candidates,
)
from pipeline.types import DateCandidate, Entry

NOW = datetime(2024, 6, 1, tzinfo=UTC)
DAY = date(2024, 3, 5)
AT = datetime(2024, 3, 5, 14, tzinfo=UTC)


def candidate(kind: str, day: date = DAY, at: datetime | None = None, confidence: float = 0.8) -> DateCandidate:
    return DateCandidate(kind, day.isoformat(), day, at, confidence)


def choose(*candidates: DateCandidate, timezone: str = "UTC") -> tuple[DateCandidate | None, tuple[DateCandidate, ...]]:
    return choose_date(candidates, now=NOW, timezone=timezone)


def test_nothing_found_is_none() -> None:
    assert choose() == (None, ())


@pytest.mark.parametrize(
    ("impossible", "reason"),
    [
        (candidate("jsonld", date(2031, 1, 1)), "future"),
        (candidate("meta", NOW.date(), NOW + timedelta(days=2)), "future"),
        (candidate("meta", date(1970, 1, 1)), "epoch"),
        (candidate("feed", date(1970, 1, 1)), "epoch"),
        (candidate("text", date(1979, 12, 31)), "too_old"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_its_reason(impossible: DateCandidate, reason: str) -> None:
    chosen, (kept,) = choose(impossible)
    assert chosen is None
    assert kept.refused == reason


def test_tomorrow_is_not_yet_the_future() -> None:
    assert choose(candidate("meta", date(2024, 6, 2)))[0] is not None


def test_a_feed_may_carry_an_archive() -> None:
    chosen, _ = choose(candidate("feed", date(1957, 10, 4)))
    assert chosen is not None


def test_agreement_raises_the_confidence() -> None:
    alone, _ = choose(candidate("meta"))
    agreed, _ = choose(candidate("meta"), candidate("url"), candidate("text"))
    assert alone is not None
    assert agreed is not None
    assert agreed.confidence > alone.confidence


def test_what_is_trusted_as_much_and_disagrees_lowers_it() -> None:
    alone, _ = choose(candidate("feed", confidence=0.9))
    disputed, _ = choose(candidate("feed", confidence=0.9), candidate("jsonld", date(2021, 1, 1), confidence=0.88))
    assert alone is not None
    assert disputed is not None
    assert disputed.day == DAY
    assert disputed.confidence < alone.confidence


def test_two_that_agree_outweigh_one_that_is_trusted_more() -> None:
    chosen, _ = choose(
        candidate("meta", date(2023, 1, 1), confidence=0.85),
        candidate("url", confidence=0.8),
        candidate("time", confidence=0.8),
    )
    assert chosen is not None
    assert chosen.day == DAY


def test_the_instant_comes_from_whoever_knows_it() -> None:
    chosen, candidates = choose(candidate("feed", confidence=0.9), candidate("jsonld", at=AT, confidence=0.88))
    assert chosen is not None
    assert (chosen.kind, chosen.at) == ("jsonld", AT)
    assert candidates[0] == chosen
    assert len(candidates) == 2


def test_a_server_date_gives_a_day_no_time() -> None:
    chosen, _ = choose(candidate("url"), candidate("http", at=AT, confidence=0.15))
    assert chosen is not None
    assert (chosen.kind, chosen.at) == ("url", None)


def test_an_ambiguous_date_alone_is_refused() -> None:
    chosen, candidates = choose(*text_candidates("3/4/2024", "UTC", "en"))
    assert chosen is None
    assert {c.refused for c in candidates} == {"ambiguous"}


def test_an_ambiguous_date_counts_where_another_place_says_the_same() -> None:
    chosen, candidates = choose(*text_candidates("3/4/2024", "UTC", "en"), candidate("url", date(2024, 3, 4)))
    assert chosen is not None
    assert chosen.day == date(2024, 3, 4)
    assert [c.refused for c in candidates if c.day == date(2024, 4, 3)] == ["ambiguous"]


def test_an_instant_in_utc_is_of_the_day_that_the_page_writes() -> None:
    late = datetime(2024, 3, 6, 1, 30, tzinfo=UTC)
    said = DateCandidate("jsonld", "2024-03-06T01:30:00Z", late.date(), late, 0.88)
    chosen, _ = choose(said, candidate("url"))
    assert chosen is not None
    assert (chosen.day, chosen.at) == (DAY, late)


def test_the_order_of_the_candidates_does_not_matter() -> None:
    some = (candidate("feed", at=AT, confidence=0.9), candidate("url"), candidate("meta", date(2024, 3, 6)))
    assert choose(*some) == choose(*reversed(some))


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2024/03/05/story", DAY),
        ("https://a.example/news/2024-03-05-story", DAY),
        ("https://a.example/story-20240305.html", DAY),
        ("https://a.example/world/2024/mar/05/story", DAY),
        ("https://a.example/2024/3/5/story", DAY),
        ("https://a.example/article/A2024030514320005196", DAY),
        ("https://a.example/web/20240305143200/http://b.example/story", None),  # when an archive took it
        ("https://a.example/2024/03/story", None),
        ("https://a.example/story-120240305777", None),
        ("https://a.example/2024/13/45/story", None),
        ("https://a.example/story?day=2024-03-05", None),
    ],
)
def test_an_address_says_a_day(url: str, day: date | None) -> None:
    assert [c.day for c in url_candidates(url)] == ([day] if day else [])


def test_a_feeds_day_without_a_time_has_no_instant() -> None:
    midnight = datetime(2024, 3, 4, 23, tzinfo=UTC)  # of Berlin, as a reader makes it of a bare day
    (found,) = entry_candidates(Entry("a", 0, published_at=midnight, published_raw="2024-03-05"), "Europe/Berlin")
    assert (found.day, found.at) == (DAY, None)


def test_a_feeds_stamp_keeps_the_day_of_its_own_offset() -> None:
    raw = "Tue, 05 Mar 2024 23:30:00 -0500"
    (found,) = entry_candidates(
        Entry("a", 0, published_at=datetime(2024, 3, 6, 4, 30, tzinfo=UTC), published_raw=raw), "UTC"
    )
    assert (found.day, found.at) == (DAY, datetime(2024, 3, 6, 4, 30, tzinfo=UTC))


def test_a_vague_meta_is_believed_less_than_what_the_reader_sees() -> None:
    said = stamp_candidates([Stamp("meta", "2024-05-01", is_vague=True)], "UTC", None)
    chosen, _ = choose(*said, candidate("time", confidence=0.7))
    assert chosen is not None
    assert chosen.kind == "time"


def test_a_dateline_takes_the_year_that_another_date_names() -> None:
    (found,) = dateline_candidates((12, 31), [candidate("meta", date(2024, 1, 1))])
    assert found.day == date(2023, 12, 31)
    assert dateline_candidates((3, 5), []) == []


def test_a_paragraph_may_begin_with_its_date() -> None:
    assert [c.day for c in leading_candidates("05.03.2024 – The office announced", "UTC", None)] == [DAY]
    assert leading_candidates("The office announced on 05.03.2024", "UTC", None) == []


def test_last_modified_is_hardly_believed() -> None:
    (found,) = server_candidates("Tue, 05 Mar 2024 14:00:00 GMT", "UTC")
    assert found.confidence < 0.2


def test_a_change_in_the_future_is_none() -> None:
    assert latest_change([Stamp("meta", "2031-01-01T00:00:00Z")], "UTC", NOW) is None
    assert latest_change([Stamp("meta", "2024-03-05T14:00:00Z")], "UTC", NOW) == AT


def test_a_clock_on_the_page_tells_the_day_of_the_same_instant_in_utc() -> None:
    late = datetime(2024, 3, 6, 3, 37, 37, tzinfo=UTC)
    said = DateCandidate("jsonld", "2024-03-06T03:37:37Z", late.date(), late, 0.88)
    shown = candidate("text", at=datetime(2024, 3, 5, 23, 37, tzinfo=UTC), confidence=0.6)  # read as if it were UTC
    chosen, _ = choose(said, shown)
    assert chosen is not None
    assert (chosen.day, chosen.at) == (DAY, late)


def test_another_clock_on_the_page_tells_nothing() -> None:
    late = datetime(2024, 3, 6, 3, 37, 37, tzinfo=UTC)
    said = DateCandidate("jsonld", "2024-03-06T03:37:37Z", late.date(), late, 0.88)
    chosen, _ = choose(said, candidate("text", at=datetime(2024, 3, 5, 23, 12, tzinfo=UTC), confidence=0.6))
    assert chosen is not None
    assert chosen.day == late.date()


def test_of_two_days_that_are_believed_alike_the_one_that_is_shown_counts() -> None:
    other = date(2024, 1, 2)
    said = [candidate("meta", other, confidence=0.85), candidate("microdata", other, confidence=0.82)]
    chosen, _ = choose(*said, candidate("meta", confidence=0.85), candidate("text", confidence=0.6))
    assert chosen is not None
    assert chosen.day == DAY


@pytest.mark.parametrize(
    ("language", "day"),
    [("en-GB", date(2024, 4, 3)), ("en-US", date(2024, 3, 4)), ("es", date(2024, 4, 3)), ("en_AU", date(2024, 4, 3))],
)
def test_the_region_of_the_language_tells_day_from_month(language: str, day: date) -> None:
    assert [c.day for c in text_candidates("3/4/2024", "UTC", language)] == [day]
