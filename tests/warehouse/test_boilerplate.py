"""What recurs over a source's pages: the same table in any order, of stories and not of addresses."""

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Connection

from pipeline.articles.learned import LEARNED, leave_out
from pipeline.articles.sightings import see_lines
from pipeline.steps.boilerplate import learn_lines
from pipeline.types import Article, CaptureKind, Dropped, Learned, LineChange, Sighting
from pipeline.warehouse.arrow import read
from pipeline.warehouse.articles import forget_other_readings, record_articles, version_states
from pipeline.warehouse.boilerplate import (
    WITNESSES,
    changes_due,
    correct,
    learned_lines,
    mark_applied,
    record_sightings,
    undo_correction,
    versions_with,
)
from pipeline.warehouse.captures import record_captures
from tests.recurring import SimulatedPage, placed_of, simulated_pages

PAGES = simulated_pages()
# Pages that a night brings, as they follow each other: ten a night in the first and around the change, for speed.
NIGHTS = [range(10), range(10, 20), range(20, 30), range(30, 240), *(range(n, n + 10) for n in range(240, 290, 10))]
NIGHTS.append(range(290, 500))


@cache
def seen_on(number: int) -> tuple[Sighting, ...]:
    placed = placed_of(PAGES[number])
    return see_lines(placed, [None] * len(placed), [item.line for item in placed if item.line])


def article_of(make: Any, number: int) -> Article:
    page = PAGES[number]
    return make.article(
        name=page.url,
        capture_id=page.url,
        captured_at=page.at,
        published_date=page.at.date(),
        text="\n\n".join(page.lines),
        sightings=seen_on(number),
    )


def land(conn: Connection, make: Any, articles: Sequence[Article]) -> None:
    stored = version_states(conn, [article.article_id for article in articles])
    given: dict[str, list[Any]] = {article.article_id: stored.get(article.article_id, []) for article in articles}
    for article in articles:
        given[article.article_id].append(article)
    revisions = [revision for article_id, known in given.items() for revision in make.decided(known, article_id)]
    record_articles(conn, articles, revisions, make.now)
    record_sightings(conn, articles)


def learn(conn: Connection) -> dict[str, Any]:
    """Learns, and gives the table, row by row."""
    learn_lines(conn)
    return {row["frame"]: row for row in read(conn, "select * from ingest.boilerplate order by line_id")}


def left_out(page: SimulatedPage, learned: Learned) -> set[str]:
    placed = placed_of(page)
    reasons = leave_out(placed, [None] * len(placed), learned, [])
    return {item.block.text for item, reason in zip(placed, reasons, strict=True) if reason == LEARNED}


# ------------------------------------------------------------------------------------------------ a simulated source


def test_after_thirty_pages_at_least_28_of_30_lines_go_and_no_line_of_a_story(conn: Connection, make: Any) -> None:
    short = []
    for night in NIGHTS:
        learned = learned_lines(conn, ["harbour"]).get("harbour")
        assert bool(learned) == (night.start >= 30)
        for page in (PAGES[number] for number in night if learned):
            gone = left_out(page, learned)
            assert gone <= set(page.recurring)
            if len(gone) < 28:
                short.append(page.at)
        land(conn, make, [article_of(make, number) for number in night])
        learn(conn)
    # Half-way the house writes five lines anew on one day: they are known three days later, and gone from those too.
    assert len(short) == 30
    assert (max(short) - min(short)).days == 2
    learned = learned_lines(conn, ["harbour"])["harbour"]
    assert [page.url for page in PAGES if left_out(page, learned) != set(page.recurring)] == []


def test_three_random_orders_give_the_same_table(conn: Connection, make: Any) -> None:
    tables = []
    for seed in range(3):
        make.empty(conn)
        for start in range(0, 500, 250):
            shuffled = random.Random(seed).sample(range(500), 500)[start : start + 250]
            again = random.Random(seed).sample(range(500), 5)  # some come twice
            land(conn, make, [article_of(make, number) for number in dict.fromkeys([*shuffled, *again])])
        sightings = read(conn, "select * exclude (source_id) from ingest.line_sightings order by all")
        tables.append((learn(conn), sightings))
    assert tables[0] == tables[1] == tables[2]
    assert sum(row["place"] is not None for row in tables[0][0].values()) == 35


def test_no_more_articles_of_a_month_bear_witness_than_may(conn: Connection, make: Any) -> None:
    land(conn, make, [article_of(make, number) for number in range(120)])
    rows = read(
        conn, "select distinct article_id from ingest.line_sightings where month = date '2026-01-01' order by 1"
    )
    ids = sorted(article_of(make, number).article_id for number in range(120))
    assert [row["article_id"] for row in rows] == ids[:WITNESSES]


# ------------------------------------------------------------------------------------------------ stories


def line(name: str, place: str = "inside", chars: int = 120) -> Sighting:
    return Sighting(f"line {name}", f"line {name}", f"Line {name}", place, chars)


def pages_of(make: Any, *lines: Sequence[Sighting]) -> list[Article]:
    """One article a day for each of these pages."""
    return [
        make.article(
            24 * day,
            name=f"p{day}",
            published_date=make.at(24 * day).date(),
            sightings=tuple(seen),
            text=f"Text {day}.",
        )
        for day, seen in enumerate(lines)
    ]


def body(name: str) -> list[Sighting]:
    return [line(f"{name}{part}") for part in range(6)]


def test_a_text_under_many_addresses_teaches_none_of_its_lines(conn: Connection, make: Any) -> None:
    """Eight addresses of one text, each with a line of its own, among as many stories; all end with one line."""
    end = line("end", "below", 40)
    copies = [[*body("wire"), line(f"own{number}"), end] for number in range(8)]
    others = [[*body(f"story{number}"), end] for number in range(8)]
    land(conn, make, pages_of(make, *copies, *others))

    rows = learn(conn)
    assert rows.keys() == {"line end"}
    assert (rows["line end"]["stories"], rows["line end"]["articles"]) == (9, 16)
    assert rows["line end"]["place"] == "edges"


def test_a_source_that_has_nothing_but_one_text_teaches_nothing(conn: Connection, make: Any) -> None:
    land(conn, make, pages_of(make, *[body("wire") for _ in range(8)]))
    assert learn(conn) == {}


def test_stubs_that_share_their_furniture_are_stories_of_their_own(conn: Connection, make: Any) -> None:
    furniture = [line(f"f{number}", "below", 60) for number in range(12)]
    land(conn, make, pages_of(make, *[[line(f"own{number}"), *furniture] for number in range(8)]))
    assert {row["stories"] for row in learn(conn).values()} == {8}


def test_a_line_that_ended_long_ago_is_measured_by_its_time(conn: Connection, make: Any) -> None:
    """On all pages of three weeks, then on none of many: it was boilerplate of those."""
    old = [[*body(f"old{number}"), line("end", "below")] for number in range(21)]
    new = [body(f"new{number}") for number in range(30)]
    land(conn, make, pages_of(make, *old, *new))
    assert learn(conn)["line end"]["share"] == 1.0


def test_a_refrain_of_one_live_blog_is_one_story_s(conn: Connection, make: Any) -> None:
    visits = [
        make.article(hours, name="live", text=f"Visit {hours}", sightings=(*body(f"v{hours}"), line("refrain")))
        for hours in range(0, 240, 12)
    ]
    land(conn, make, visits)
    assert learn(conn) == {}


# ------------------------------------------------------------------------------------------------ witnesses


def witnesses(conn: Connection) -> list[tuple[Any, ...]]:
    return [
        tuple(row.values()) for row in read(conn, "select capture_id, line_id from ingest.line_sightings order by 1, 2")
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_a_month_the_first_page_of_an_article_bears_witness(conn: Connection, make: Any, order: Any) -> None:
    first = make.article(0, sightings=(line("a"), line("b")))
    later = make.article(5, text="Changed.", sightings=(line("a"), line("c")))
    for at in order:
        land(conn, make, [(first, later)[at]])
    assert witnesses(conn) == [(first.capture_id, "line a"), (first.capture_id, "line b")]


def test_a_page_that_other_code_reads_bears_other_witness(conn: Connection, make: Any) -> None:
    page = make.article(0, sightings=(line("a"), line("b")))
    land(conn, make, [page])
    land(conn, make, [replace(page, code_version="v2", sightings=(line("c"),))])
    assert witnesses(conn) == [(page.capture_id, "line c")]


def test_a_recalled_article_bears_no_witness(conn: Connection, make: Any) -> None:
    page = make.article(0, sightings=(line("a"),))
    land(conn, make, [page])
    land(conn, make, [make.kill(5)])
    assert witnesses(conn) == []
    land(conn, make, [page])
    assert witnesses(conn) == []


# ------------------------------------------------------------------------------------------------ what follows


def say(conn: Connection, make: Any, name: str, verdict: str) -> None:
    correct(conn, "harbour", f"line {name}", verdict=verdict, frame=f"line {name}", text=f"Line {name}", now=make.now)


def test_an_operator_s_word_wins_and_can_be_taken_back(conn: Connection, make: Any) -> None:
    land(conn, make, pages_of(make, *[[*body(f"s{number}"), line("end", "below")] for number in range(8)]))
    learn(conn)
    by_evidence = {"harbour": Learned({"line end": "edges"})}
    assert learned_lines(conn, ["harbour", "other"]) == by_evidence

    say(conn, make, "end", "keep")
    say(conn, make, "never seen", "drop")
    learn(conn)
    assert learned_lines(conn, ["harbour"]) == {"harbour": Learned({"line never seen": "anywhere"})}

    assert undo_correction(conn, "harbour", "line end")
    assert undo_correction(conn, "harbour", "line never seen")
    assert not undo_correction(conn, "harbour", "line end")
    assert learned_lines(conn, ["harbour"]) == by_evidence


def test_changes_are_due_until_the_stored_texts_have_them(conn: Connection, make: Any) -> None:
    land(conn, make, pages_of(make, *[[*body(f"s{number}"), line("end", "below")] for number in range(8)]))
    learn(conn)
    due = [LineChange("harbour", "line end", "line end", "edges")]
    assert changes_due(conn) == due
    mark_applied(conn, due)
    assert changes_due(conn) == []

    say(conn, make, "end", "drop")
    assert changes_due(conn) == [LineChange("harbour", "line end", "line end", "anywhere")]
    say(conn, make, "end", "keep")
    assert changes_due(conn) == [LineChange("harbour", "line end", "line end", None)]
    mark_applied(conn, changes_due(conn))
    assert changes_due(conn) == []


# ------------------------------------------------------------------------------------------------ read again


def test_a_capture_that_is_read_otherwise_has_one_version(conn: Connection, make: Any) -> None:
    """The version that it made goes, and its article's days are made again; what other captures say stays."""
    before = make.article(0, text="The wall stands.\n\nGood night.", dropped=())
    other = make.article(5, text="The wall stands no more.")
    land(conn, make, [before, other])
    after = make.article(0, text="The wall stands.", published_date=make.at(48).date())
    forget_other_readings(conn, [after])
    land(conn, make, [after])

    rows = read(conn, "select text, number from ingest.article_versions order by number")
    assert [row["text"] for row in rows] == [after.text, other.text]
    assert {row["version_id"] for row in read(conn, "select version_id from ingest.date_candidates")} == {
        after.version_id, other.version_id
    }  # fmt: skip
    assert [str(row["date"]) for row in read(conn, "select distinct date from ingest.touched order by 1")] == [
        "2026-04-13"
    ]


def test_the_same_capture_read_the_same_way_forgets_nothing(conn: Connection, make: Any) -> None:
    land(conn, make, [make.article(0), make.article(5, text="Changed.")])
    before = make.state_of(conn)
    forget_other_readings(conn, [make.article(0), make.article(5, text="Changed.")])
    assert make.state_of(conn) == before


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("good night", True),
        ("the wall stands\\.", True),
        ("night", False),
        ("good", False),
        ("seen [^\\n]+ times", True),
        ("sign up for our letter", False),
    ],
)
def test_versions_are_found_by_whole_lines_of_their_text_and_of_what_was_learned(
    conn: Connection, make: Any, pattern: str, found: bool
) -> None:
    dropped = (Dropped(0, "Seen 40 times", "learned"), Dropped(1, "Sign up for our letter", "newsletter"))
    page = make.article(0, text="The wall stands.\n\nGood night", dropped=dropped)
    land(conn, make, [page])
    record_captures(conn, "run", [make.ref(page.capture_id, page.captured_at, kind=CaptureKind.PAGE)])
    assert [place.version_id for place in versions_with(conn, "harbour", pattern)] == [page.version_id] * found
