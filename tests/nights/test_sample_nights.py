"""Both nights of the sample wire against what a careful reader would copy from it."""

from collections.abc import Mapping
from datetime import date

import pytest

from deployments.sample.gold import Gold, copies, gold, landed, special_cases
from deployments.sample.newsroom import Item, outlets
from deployments.sample.site import NIGHTS
from deployments.sample.stories import compose
from pipeline.types import SourceReport

CASES = special_cases()
AGENCIES = {house.id: house.name for house in outlets().values() if house.kind == "agency"}
OVERRUN = CASES.overrun_feed.partition("/")[0]


def expected() -> dict[str, Gold]:
    """By URL or wire id: what feeds and folders named on the nights, and what the repair of the overrun brought: all
    that the paper had published since the first night.
    """
    repaired = [one for one in gold(NIGHTS[-1]) if one.source_id == OVERRUN and one.published_at >= NIGHTS[0]]
    return {one.wire_id or one.url: one for one in (*landed(NIGHTS), *repaired)}


EXPECTED = expected()


def day_of(one: Gold) -> date:
    return outlets()[one.source_id].local(one.published_at).date()


@pytest.fixture(scope="module")
def stands(nights) -> Mapping[str, Mapping]:
    """The public articles by URL or wire id."""
    import duckdb

    with duckdb.connect(str(nights.published), read_only=True) as connection:
        cursor = connection.execute("from news.articles")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["wire_id"] or row["url"]: row for row in rows}


@pytest.fixture(scope="module")
def tonight(nights) -> Mapping[str, SourceReport]:
    """What the second night did, by source."""
    return {one.source_id: one for one in nights.reports[-1].sources}


def name_of(item: Item) -> str:
    return item.wire_id or item.url or ""


# ------------------------------------------------------------------------------------------------ the articles


def test_every_article_is_there_and_nothing_more(stands) -> None:
    assert stands.keys() == EXPECTED.keys()
    assert len(EXPECTED) > len(landed(NIGHTS))  # the repair brought some


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ("title", lambda one: one.title),
        ("text", lambda one: one.text),
        ("published_date", day_of),
        ("published_at", lambda one: one.published_at.replace(tzinfo=None)),
        ("source_id", lambda one: one.source_id),
        ("language", lambda one: one.language),
        ("authors", lambda one: list(one.authors)),
        ("agency", lambda one: one.agency or AGENCIES.get(one.source_id)),
        ("page_kind", lambda one: "paywall" if one.is_stub else "article"),
    ],
)
def test_every_article_is_as_it_was_published(stands, column, wanted) -> None:
    differing = [
        (name, stands[name][column], wanted(one))
        for name, one in EXPECTED.items()
        if stands[name][column] != wanted(one)
    ]
    assert differing == []


def test_every_article_was_first_seen_on_the_night_that_first_named_it(stands) -> None:
    at_once = {one.wire_id or one.url for one in landed(NIGHTS[:1])}
    for name, row in stands.items():
        night = NIGHTS[0] if name in at_once else NIGHTS[1]
        assert row["first_seen_at"] == night.replace(tzinfo=None), name


def test_copies_of_a_story_are_one_story_and_no_other_is_in_it(stands) -> None:
    """Of those long enough to be told apart from others: a stub is not."""
    mistaken = []
    for story, members in copies(NIGHTS[-1]).items():
        there = [stands[name] for one in members if (name := one.wire_id or one.url) in stands and not one.is_stub]
        in_story = {row["story_id"] for row in there}
        if len(in_story) > 1:
            mistaken.append((story, [row["source_id"] for row in there]))
    together: dict[str, set[str]] = {}
    for name, row in stands.items():
        together.setdefault(row["story_id"], set()).add(EXPECTED[name].story)
    assert mistaken == []
    assert [stories for stories in together.values() if len(stories) > 1] == []


def test_a_story_that_five_papers_ran_is_counted_once(news) -> None:
    most = max(copies(NIGHTS[-1]).values(), key=len)
    names = [one.wire_id or one.url for one in most]
    assert len(names) >= 5
    [(stories, articles, sources)] = news.execute(
        """
        select count(distinct stories.story_id), max(stories.articles), max(stories.sources)
        from stories join articles using (story_id)
        where coalesce(wire_id, url) in (select unnest(?))
        """,
        [names],
    ).fetchall()
    assert (stories, articles, sources) == (1, len(names), len(names))


# ------------------------------------------------------------------------------------------------ special cases


@pytest.mark.parametrize("item", [CASES.corrected_wire, CASES.corrected_page], ids=["of a wire", "of a page"])
def test_a_corrected_story_has_both_versions_and_the_second_stands(news, stands, item) -> None:
    row = stands[name_of(item)]
    assert (row["versions"], row["version_number"]) == (2, 2)
    versions = news.execute(
        "select number, decision, title, text, is_current from article_versions where article_id = ? order by number",
        [row["article_id"]],
    ).fetchall()
    assert [(number, decision, current) for number, decision, _, _, current in versions] == [
        (1, "new", False),
        (2, "changed", True),
    ]
    assert [(title, text) for _, _, title, text, _ in versions] == [
        (version.title, "\n\n".join(version.paragraphs)) for version in item.versions
    ]


def test_a_killed_story_is_on_record_and_its_words_are_gone(nights, news) -> None:
    item = CASES.killed
    assert item.versions[0].at < NIGHTS[0]
    with_it = nights.first_published.read_bytes()
    killed = [paragraph.encode() for paragraph in (item.versions[0].title, *item.versions[0].paragraphs)]
    assert all(words in with_it for words in killed), "the first night's file must have it, or the test shows nothing"
    rows = news.execute("select status, note, recalled_at, compacted_at from ingest.recalls").fetchall()
    night = NIGHTS[1].replace(tzinfo=None)
    assert rows == [("canceled", item.versions[-1].note, night, night)]
    without = nights.published.read_bytes()
    assert [words for words in killed if words in without] == []
    assert [words for words in killed if words in (nights.data / "warehouse.duckdb").read_bytes()] == []


def test_an_embargoed_story_is_held_and_its_words_are_nowhere(nights, news) -> None:
    item = CASES.embargoed
    assert item.published_at < NIGHTS[1] < item.embargo_until
    held = news.execute("select source_id, status, embargo_until from ingest.held").fetchall()
    assert held == [(item.outlet.id, "embargoed", item.embargo_until.replace(tzinfo=None))]
    words = [text.encode() for text in (item.versions[0].title, item.summary, *item.versions[0].paragraphs)]
    archive = b"".join(path.read_bytes() for path in (nights.data / "archive").rglob("*.warc"))
    assert words[0] in archive
    for path in (nights.published, nights.data / "warehouse.duckdb", nights.data / "report.html"):
        assert [text for text in words if text in path.read_bytes()] == [], path.name


def test_stories_whose_embargo_had_passed_are_there(stands) -> None:
    assert CASES.embargo_passed
    assert {name_of(item) for item in CASES.embargo_passed} <= stands.keys()


def test_a_stub_is_called_a_stub(stands) -> None:
    assert stands[CASES.stub.url]["page_kind"] == "paywall"


@pytest.mark.parametrize(
    ("url", "stage", "reason", "times"),
    [
        pytest.param(CASES.gone.url, "fetch", "http_404", 2, id="a page that is not there"),
        pytest.param(CASES.disallowed.url, "fetch", "robots_disallowed", 2, id="a page that robots.txt guards"),
        pytest.param("http://radio.harbour-courier-archive.example/rss", "fetch", "http_502", 2, id="a dead feed"),
    ],
)
def test_what_could_not_be_had_is_set_aside_with_its_reason(news, url, stage, reason, times) -> None:
    rows = news.execute(
        "select stage, reason, times, detail <> '', resolved_at from ingest.quarantine where url = ?", [url]
    ).fetchall()
    assert rows == [(stage, reason, times, True, None)]


def test_nothing_else_is_set_aside(news) -> None:
    urls = {CASES.gone.url, CASES.disallowed.url, "http://radio.harbour-courier-archive.example/rss"}
    rows = news.execute("select url, reason from ingest.quarantine where source_id <> 'echo'").fetchall()
    assert [row for row in rows if row[0] not in urls] == []


def test_a_moved_feed_is_remembered_and_asked_there(news) -> None:
    house = outlets()[CASES.moved_feed.partition("/")[0]]
    old, new = house.url(house.feed.moved_from), house.url(house.feed.path)
    assert news.execute("select url, moved_to from ingest.feeds where feed_id = ?", [CASES.moved_feed]).fetchall() == [
        (old, new)
    ]
    asked = news.execute(
        "select captured_at, url, final_url, status from ingest.captures "
        "where feed_id = ? and kind = 'feed' order by all",
        [CASES.moved_feed],
    ).fetchall()
    first, second = (night.replace(tzinfo=None) for night in NIGHTS)
    assert asked == [(first, old, new, 200), (first, old, old, 301), (second, new, new, 200)]


def test_an_unchanged_feed_answers_304_and_is_counted(news, tonight) -> None:
    source_id = CASES.unchanged_feed.partition("/")[0]
    assert (tonight[source_id].not_modified, tonight[source_id].articles_new) == (1, 0)
    polls = news.execute(
        "select outcome, status from ingest.polls where feed_id = ? order by polled_at", [CASES.unchanged_feed]
    ).fetchall()
    assert polls == [("ok", 200), ("not_modified", 304)]


def test_an_overrun_is_recorded_and_repaired(news, tonight, stands) -> None:
    polls = news.execute(
        "select is_overrun, repaired_at from ingest.polls where feed_id = ? order by polled_at", [CASES.overrun_feed]
    ).fetchall()
    assert polls == [(False, None), (True, NIGHTS[1].replace(tzinfo=None))]
    assert tonight[OVERRUN].overrun == 1
    missed = EXPECTED.keys() - {one.wire_id or one.url for one in landed(NIGHTS)}
    assert missed <= stands.keys()
    states = news.execute(
        "select date, state from source_daily where source_id = ? and date >= ? and date < ? order by date",
        [OVERRUN, NIGHTS[0].date(), NIGHTS[1].date()],
    ).fetchall()
    assert len(states) == 7
    assert {state for _, state in states} <= {"observed", "silent"}


def test_a_feed_with_one_guid_for_all_its_items_gives_them_all(news) -> None:
    source_id = CASES.one_guid_feed.partition("/")[0]
    published = sum(item.outlet.id == source_id and item.published_at <= NIGHTS[1] for item in compose())
    [(entries,)] = news.execute(
        "select count(*) from ingest.entries where feed_id = ?", [CASES.one_guid_feed]
    ).fetchall()
    assert entries == published > 1


@pytest.mark.parametrize("feed_id", CASES.entities_feeds)
def test_entities_that_no_xml_declares_are_read(news, feed_id) -> None:
    titles = dict(news.execute("select url, title from ingest.entries where feed_id = ?", [feed_id]).fetchall())
    wanted = {one.url: one.title for one in EXPECTED.values() if one.url in titles}
    told = {url: " ".join(title.split()) for url, title in titles.items()}
    assert told == {url: title.replace(" :", "\N{NO-BREAK SPACE}:") for url, title in wanted.items()} or told == wanted
    assert any(not title.isascii() for title in wanted.values())
    [(subjects,)] = news.execute(
        "select string_agg(subjects) from ingest.entries where feed_id = ?", [feed_id]
    ).fetchall()
    assert outlets()[feed_id.partition("/")[0]].feed.rubric in subjects


def test_the_report_of_a_night_adds_up(nights, stands) -> None:
    new = sum(one.articles_new for report in nights.reports for one in report.sources)
    recalled = sum(one.recalled for one in nights.reports[-1].sources)
    assert new - recalled == len(stands) == nights.reports[-1].snapshot.articles
    assert (nights.data / "report.html").stat().st_size > 10_000
