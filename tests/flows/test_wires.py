"""Wires from an item to the warehouse: chains in all their orders, kills, withholds, embargoes, quarantine."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Connection

from pipeline import __version__
from pipeline.articles.versions import article_of_entry, article_of_page
from pipeline.settings import Settings
from pipeline.steps.collect import Polled
from pipeline.steps.held import release_embargoes
from pipeline.steps.land import land
from pipeline.steps.link import Linker, link_batch, open_linker
from pipeline.steps.polls import derive_feeds
from pipeline.steps.publish import build_models
from pipeline.steps.retry import retry_failures
from pipeline.steps.run import Run, open_run
from pipeline.steps.warc import derive_archived_pages
from pipeline.types import (
    Article,
    Block,
    Capture,
    CaptureKind,
    CaptureRef,
    DateCandidate,
    Entry,
    Extraction,
    Failure,
    Feed,
    SeenEntry,
    Source,
    Stage,
    Status,
    Subject,
)
from pipeline.warehouse import captures as capture_verbs
from pipeline.warehouse import entries as entry_verbs
from pipeline.warehouse import feeds as feed_verbs
from pipeline.warehouse import quarantine, tables
from pipeline.warehouse.arrow import read

MORNING = datetime(2026, 4, 13, 6, tzinfo=UTC)
KEPT = ("schema_version", "runs", "topics")


def at(hours: float) -> datetime:
    return MORNING + timedelta(hours=hours)


def story(*paragraphs: str) -> tuple[Block, ...]:
    return tuple(Block(paragraph) for paragraph in paragraphs)


def item(number: int, **of_entry: Any) -> Entry:
    """The version of that number of an invented story."""
    words = f"The lock keepers of Velmar counted {number} barges at the upper gate before the water fell again."
    standard = Entry(
        id="urn:tidewire:lock",
        position=0,
        wire_id="urn:tidewire:lock",
        version=number,
        version_at=at(number),
        title=f"Lock at Velmar closed, take {number}",
        published_at=at(0),
        subjects=(Subject(scheme="medtop", code="20000170"),),
        body=story(words, "Nobody said when it would open."),
    )
    return replace(standard, **of_entry)


def kill(number: int, **of_entry: Any) -> Entry:
    """A canceled version: empty, and with a first creation of its own."""
    gone: dict[str, Any] = {"title": None, "body": (), "subjects": (), "published_at": at(number)}
    return item(number, **{"status": Status.CANCELED, "note": "Kill: the lock is open."} | gone | of_entry)


def revision(name: str, hours: float, *replaces: str, **of_entry: Any) -> Entry:
    """A version with an id of its own, as TT delivers them."""
    own = {"id": f"urn:tt:{name}", "wire_id": f"urn:tt:{name}", "replaces": tuple(f"urn:tt:{one}" for one in replaces)}
    return item(1, **{"version_at": at(hours), "title": f"Revision {name}"} | own | of_entry)


CHAINS: dict[str, list[Entry]] = {
    "four versions, the last a kill": [item(1), item(2), item(3), kill(4)],
    "a kill, and a version after it": [item(1), item(2), kill(3), item(4)],
    "a withhold, and a version after it": [item(1), item(2), kill(3, status=Status.WITHHELD), item(4)],
    "revisions with ids of their own": [
        revision("a", 1),
        revision("b", 2, "a"),
        revision("c", 3, "b"),
        revision("d", 4, "c", "a"),
    ],
    "revisions with ids of their own, made in the same minute": [
        revision("d", 1),
        revision("c", 1, "d"),
        revision("b", 1, "c"),
        revision("a", 1, "b"),
    ],
    "revisions of which the third is killed": [
        revision("a", 1),
        revision("b", 2, "a"),
        revision("c", 3, "b", status=Status.CANCELED, title=None, body=(), subjects=(), note="Kill"),
        revision("d", 2.5, "b"),
    ],
    "a revision in the place of a killed one": [
        revision("a", 1),
        revision("b", 2, "a"),
        revision("c", 3, "b", status=Status.CANCELED, title=None, body=(), subjects=(), note="Kill; a new one follows"),
        revision("d", 4, "c"),
    ],
}


# Each order of each chain is a source of its own, so that one landing takes in the next version of them all.
@dataclass(frozen=True)
class Order:
    """The versions of a chain, in one order."""

    chain: str
    number: int
    turns: tuple[int, ...]

    @property
    def source(self) -> Source:
        name = f"wire-{sorted(CHAINS).index(self.chain)}-{self.number:02}"
        return Source(name, "Tidewire", "agency", language="en", feeds=(Feed(f"{name}/all", name, "/drop"),))

    def delivery(self, turn: int, copy: int = 0) -> "Delivery":
        """That version; its captures are the same in every order."""
        when = at(6) + timedelta(minutes=turn + 30 * copy)
        return Delivery(self.source, CHAINS[self.chain][turn], when)


@dataclass(frozen=True)
class Delivery:
    source: Source
    entry: Entry
    at: datetime

    @property
    def feed(self) -> Feed:
        return self.source.feeds[0]

    @property
    def ref(self) -> CaptureRef:
        name = f"file:///{self.source.id}/{self.at:%H%M}"
        return CaptureRef(
            name, CaptureKind.FILE, self.source.id, self.feed.id, None, name, name, 200, None, 1, self.at, name, "a", 0
        )  # fmt: skip


IN_ALL_ORDERS = (
    "four versions, the last a kill",
    "a withhold, and a version after it",
    "revisions with ids of their own, made in the same minute",
    "revisions of which the third is killed",
    "a revision in the place of a killed one",
)
ORDERS = [
    Order(chain, number, turns)
    for chain in IN_ALL_ORDERS
    for number, turns in enumerate(permutations(range(len(CHAINS[chain]))))
]

# What is made of captures, without the ids that differ with the source. Left out too: when a recall was compacted, the
# code that linked an article, which a recalled one has if it was linked before, and since when an entry says what it
# says, where it goes back to what it had said.
MADE = {
    "articles": "select current.number, "
    "articles.* exclude (article_id, current_version_id, linked_version_id, linked_code) "
    "from ingest.articles left join ingest.article_versions as current on version_id = current_version_id",
    "versions": "select * exclude (version_id, article_id) from ingest.article_versions",
    "dates": "select source_id, number, dates.* exclude (version_id) "
    "from ingest.date_candidates as dates join ingest.article_versions using (version_id)",
    "recalls": "select source_id, recalls.* exclude (article_id, compacted_at) "
    "from ingest.recalls join ingest.articles using (article_id)",
    "tags": "select source_id, tags.* exclude (article_id) from ingest.tags join ingest.articles using (article_id)",
    "members": "select source_id, story_id = article_id as is_alone, similarity "
    "from ingest.story_members join ingest.articles using (article_id)",
    "links": "select * from ingest.wire_links",
    "entries": "select * exclude (changed_at) from ingest.entries",
}

# And what the models make of them for everybody.
PUBLIC = {
    "public articles": "select * exclude (article_id, version_id, story_id) from articles",
    "public versions": "select * exclude (version_id, article_id, capture_id) from article_versions",
    "public topics": "select * exclude (article_id, story_id) from article_topics",
    "public recalls": "select * exclude (article_id) from recalls",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    settings = Settings(tmp_path_factory.mktemp("wires"), now=at(48), workers=1)
    with open_run(settings, "nightly", []) as run:
        yield run


@pytest.fixture
def run(opened: Run) -> Run:
    """A run with an empty warehouse."""
    with opened.warehouse.begin() as conn:
        forget(conn)
    return opened


def forget(conn: Connection) -> None:
    for table in tables.metadata.sorted_tables:
        if table.name not in KEPT:
            conn.exec_driver_sql(f"delete from {table.fullname}")


@pytest.fixture(scope="module")
def linker(opened: Run) -> Linker:
    return open_linker(opened)


def take_in(run: Run, linker: Linker, deliveries: Sequence[Delivery]) -> None:
    """One batch of captures as a run takes it in: articles, entries, topics and stories."""
    land(
        run,
        [
            article_of_entry(one.entry, one.ref, one.source, one.feed, now=run.now, code_version="1")
            for one in deliveries
        ],
    )
    with run.warehouse.begin() as conn:
        entry_verbs.record_entries(conn, [SeenEntry(one.feed, one.ref, one.entry) for one in deliveries])
    while link_batch(run, linker):
        pass


def state_by_source(run: Run, made: Mapping[str, str]) -> dict[str, str]:
    """All rows that each source's order came to."""
    states: dict[str, list[str]] = {order.source.id: [] for order in ORDERS}
    with run.warehouse.begin() as conn:
        for table, sql in made.items():
            for row in read(conn, f"{sql} order by all"):
                source_id = row["source_id"]
                states[source_id].append(f"{table}: {row}".replace(source_id, "wire"))
    return {source_id: "\n".join(sorted(rows)) for source_id, rows in states.items()}


def assert_one_state_per_chain(run: Run, made: Mapping[str, str] = MADE) -> dict[str, str]:
    """All orders of a chain came to the same; to what, by chain."""
    states = state_by_source(run, made)
    found: dict[str, str] = {}
    for order in ORDERS:
        state = states[order.source.id]
        assert state == found.setdefault(order.chain, state), (order.chain, order.turns)
    return found


def test_all_orders_of_a_chain_give_the_same_warehouse_night_by_night_with_repeats_and_at_once(
    run: Run, linker: Linker
) -> None:
    for turn in range(4):
        take_in(run, linker, [order.delivery(order.turns[turn]) for order in ORDERS])
    assert_one_state_per_chain(run)
    for turn in range(4):  # each delivered a second time, in the same order
        take_in(run, linker, [order.delivery(order.turns[turn], 1) for order in ORDERS])
    twice = assert_one_state_per_chain(run)
    with run.warehouse.begin() as conn:
        forget(conn)
    take_in(run, linker, [order.delivery(turn, copy) for order in ORDERS for turn in order.turns for copy in (1, 0)])
    assert assert_one_state_per_chain(run) == twice

    with run.warehouse.begin() as conn:
        feed_verbs.sync_catalogue(conn, [order.source for order in ORDERS])
    build_models(run, linker.code)
    public = assert_one_state_per_chain(run, PUBLIC)
    assert {chain: rows.count("public articles:") for chain, rows in public.items()} == {
        "four versions, the last a kill": 0,
        "a withhold, and a version after it": 1,
        "revisions with ids of their own, made in the same minute": 1,
        "revisions of which the third is killed": 0,
        "a revision in the place of a killed one": 1,
    }
    killed = public["four versions, the last a kill"]
    assert killed.count("public versions:") == 4
    assert killed.count("public recalls:") == 1
    assert "public topics:" not in killed
    assert "barges" not in killed


COMES_TO = {
    "four versions, the last a kill": [("new", None), ("changed", None), ("changed", None), ("recalled", None)],
    "a kill, and a version after it": [("new", None), ("changed", None), ("recalled", None), ("refused", None)],
    "a withhold, and a version after it": [
        ("new", None),
        ("changed", None),
        ("recalled", None),
        ("changed", "Lock at Velmar closed, take 4"),
    ],
    "revisions with ids of their own": [
        ("new", "Revision a"),
        ("changed", "Revision b"),
        ("changed", "Revision c"),
        ("changed", "Revision d"),
    ],
    "revisions with ids of their own, made in the same minute": [
        ("new", "Revision d"),
        ("changed", "Revision c"),
        ("changed", "Revision b"),
        ("changed", "Revision a"),
    ],
    "revisions of which the third is killed": [
        ("new", None),
        ("changed", None),
        ("superseded", None),
        ("recalled", None),
    ],
    "a revision in the place of a killed one": [
        ("new", None),
        ("changed", None),
        ("recalled", None),
        ("changed", "Revision d"),
    ],
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_chain_is_one_article_and_comes_to(run: Run, linker: Linker, name: str) -> None:
    order = Order(name, 0, tuple(range(len(CHAINS[name]))))
    take_in(run, linker, [order.delivery(turn) for turn in order.turns])
    rows = ask(run, "select article_id, wire_id, decision, title from ingest.article_versions order by number")
    assert len({(row["article_id"], row["wire_id"]) for row in rows}) == 1
    assert [(row["decision"], row["title"]) for row in rows] == COMES_TO[name]


def ask(run: Run, sql: str) -> list[dict[str, Any]]:
    with run.warehouse.begin() as conn:
        return read(conn, sql)


# ------------------------------------------------------------------------------------------------ out of the archive

HARBOUR = Feed("harbourwire/all", "harbourwire", "/drop")
AGENCY = Source("harbourwire", "Harbour Wire", "agency", language="en", feeds=(HARBOUR,))
PAPER = Source("courier", "Northgate Courier", "publisher", language="en")
PARAGRAPHS = (
    "VELMAR, April 13 (Harbour Wire) - The council of Velmar voted late on Monday to rebuild the sea wall that the "
    "February storms had broken in four places.",
    "Engineers told the hearing that the old wall stood on clay and that no repair would outlast another winter; the "
    "harbour master, Edda Brandt, said that the fishing quay would stay open while piles were driven beside it.",
    "The work is to begin after the herring season and to be paid for out of the port's own dues.",
)


def ninjs(hours: float, **changes: Any) -> bytes:
    document = {
        "uri": "urn:harbourwire:wall",
        "type": "text",
        "version": "1",
        "pubstatus": "usable",
        "firstcreated": at(0).isoformat(),
        "versioncreated": at(hours).isoformat(),
        "headline": "Velmar to rebuild its sea wall",
        "slugline": "VELMAR-WALL/",
        "language": "en",
        "subject": [{"code": "medtop:20000170", "name": "local government"}],
        "body_html": "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS),
    }
    return json.dumps({name: value for name, value in (document | changes).items() if value is not None}).encode()


def withheld(hours: float) -> bytes:
    return ninjs(hours, pubstatus="withheld", headline=None, body_html=None, ednote="Hold for the council's lawyers.")


def archived(run: Run, body: bytes, hours: float) -> CaptureRef:
    """A file of the agency's drop folder in the archive and in its index."""
    name = f"file:///drop/{hours:g}.json"
    capture = Capture(CaptureKind.FILE, AGENCY.id, name, name, 200, (), body, body, at(hours), HARBOUR.id)
    (ref,) = run.writer.write([capture])
    with run.warehouse.begin() as conn:
        capture_verbs.record_captures(conn, run.id, [ref])
    return ref


def deliver(run: Run, *bodies: tuple[bytes, float]) -> None:
    """Files of the drop folder, each read at so many hours of the morning."""
    for body, hours in bodies:
        derive_feeds(run, [Polled(HARBOUR, archived(run, body, hours))])


@pytest.fixture
def desk(run: Run) -> Run:
    """A run that knows the agency and a paper."""
    with run.warehouse.begin() as conn:
        feed_verbs.sync_catalogue(conn, [AGENCY, PAPER])
    return replace(run, sources={AGENCY.id: AGENCY, PAPER.id: PAPER}, feeds={HARBOUR.id: HARBOUR})


def clock_at(run: Run, hours: float) -> Run:
    return replace(run, settings=replace(run.settings, now=at(hours)))


STANDING = """
select title, summary, text, slugline, authors, subjects, versions.published_at
from ingest.articles join ingest.article_versions as versions on version_id = current_version_id
"""


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_withheld_item_that_is_sent_again_as_it_was_comes_back_whole(desk: Run, order: tuple[int, ...]) -> None:
    files = [(ninjs(1), 1), (withheld(2), 2), (ninjs(3), 3)]
    deliver(desk, files[0])
    whole = ask(desk, STANDING)
    assert whole[0]["text"] == "\n\n".join(PARAGRAPHS)
    with desk.warehouse.begin() as conn:
        forget(conn)
    deliver(desk, *(files[turn] for turn in order))
    assert ask(desk, STANDING) == whole
    assert ask(desk, "select status, note from ingest.recalls") == [
        {"status": "withheld", "note": "Hold for the council's lawyers."}
    ]


def test_a_withheld_item_whose_first_version_comes_a_second_time_stays_withheld(desk: Run) -> None:
    deliver(desk, (ninjs(1), 1), (withheld(2), 2), (ninjs(1), 3))
    assert ask(desk, STANDING) == []
    assert ask(desk, "select distinct text, slugline, subjects from ingest.article_versions") == [
        {"text": None, "slugline": None, "subjects": None}
    ]


def test_an_embargoed_item_waits_to_the_minute_and_comes_when_nothing_else_does(desk: Run) -> None:
    until = at(10)
    night = clock_at(desk, 2)
    deliver(night, (ninjs(1, embargoed=until.isoformat()), 1))
    assert ask(desk, "select embargo_until from ingest.held") == [{"embargo_until": until}]
    assert ask(desk, STANDING) == ask(desk, "select 1 from ingest.entries where title is not null") == []

    assert release_embargoes(clock_at(desk, 10 - 1 / 60)) == 0
    assert ask(desk, STANDING) == []
    assert release_embargoes(clock_at(desk, 10)) == 1
    assert ask(desk, STANDING)[0]["text"] == "\n\n".join(PARAGRAPHS)
    assert ask(desk, "select embargo_until from ingest.article_versions") == [{"embargo_until": until}]
    assert ask(desk, "select * from ingest.held") == []


def test_a_revision_with_an_id_of_its_own_that_extends_an_embargo_holds_the_earlier_ones_too(desk: Run) -> None:
    def held_until(hours: int, name: str, *replaces: str) -> bytes:
        earlier = [f"urn:harbourwire:{one}" for one in replaces]
        return ninjs(1, uri=f"urn:harbourwire:{name}", embargoed=at(hours).isoformat(), replacing=earlier or None)

    morning = clock_at(desk, 4)
    deliver(morning, (held_until(10, "a"), 1), (held_until(18, "b", "a"), 2), (held_until(10, "c", "b"), 3))
    assert release_embargoes(clock_at(desk, 12)) == 1  # c alone, the last
    assert ask(desk, "select revision_id from ingest.article_versions") == [{"revision_id": "urn:harbourwire:c"}]
    assert release_embargoes(clock_at(desk, 18)) == 2
    assert len(ask(desk, STANDING)) == 1


def test_an_embargoed_update_leaves_what_stands(desk: Run) -> None:
    night = clock_at(desk, 3)
    update = ninjs(2, version="2", headline="Wall: the price", embargoed=at(10).isoformat())
    deliver(night, (ninjs(1), 1), (update, 2))
    assert [row["title"] for row in ask(desk, STANDING)] == ["Velmar to rebuild its sea wall"]

    release_embargoes(clock_at(desk, 10))
    assert [row["title"] for row in ask(desk, STANDING)] == ["Wall: the price"]


def test_a_kill_takes_what_the_feed_said_even_where_it_says_it_again(desk: Run) -> None:
    deliver(desk, (ninjs(1), 1), (ninjs(2, version="2", pubstatus="canceled", body_html=None), 2), (ninjs(1), 3))
    assert ask(desk, "select title, summary, subjects from ingest.entries") == [
        {"title": None, "summary": None, "subjects": None}
    ]


# ------------------------------------------------------------------------------------------------ quarantine


def failed(ref: CaptureRef, position: int | None = None) -> Failure:
    """What an earlier version of the code had made of a capture."""
    url = ref.url if position is None else f"{ref.url}#{position}"
    detail = "list index out of range"
    return Failure(
        Stage.PARSE, "raised:IndexError", detail, url, AGENCY.id, at(1), feed_id=HARBOUR.id, capture_id=ref.id
    )


def test_what_lies_in_quarantine_is_taken_in_by_code_that_can_read_it_and_the_rest_stays(desk: Run) -> None:
    mended, broken = archived(desk, ninjs(1), 1), archived(desk, b"no wire at all", 2)
    with desk.warehouse.begin() as conn:
        quarantine.record_failures(conn, [failed(mended), failed(mended, 0), failed(broken)], "0.0.1")

    assert retry_failures(desk, of_other_code=True) == 3  # the broken one goes by another reason now
    assert len(ask(desk, STANDING)) == 1
    open_now = ask(desk, "select capture_id, code_version from ingest.quarantine where resolved_at is null")
    assert open_now == [{"capture_id": broken.id, "code_version": __version__}]

    assert retry_failures(desk, of_other_code=True) == 0
    assert retry_failures(desk, of_other_code=False) == 0
    assert len(ask(desk, "select * from ingest.quarantine where resolved_at is null")) == 1
    assert len(ask(desk, "select * from ingest.article_versions")) == 1


# ------------------------------------------------------------------------------------------------ from wire to web


def paper(hours: float, *paragraphs: str, **of_extraction: Any) -> Article:
    """The courier's page of the story."""
    address = "https://courier.example/wall"
    ref = CaptureRef(
        f"page {hours}", CaptureKind.PAGE, PAPER.id, None, None, address, address, 200, None, 1, at(hours), "d", "a", 0
    )
    dated = (DateCandidate("jsonld", at(hours).isoformat(), at(hours).date(), at(hours), 0.9),)
    extraction = Extraction("A new wall", tuple(Block(one) for one in paragraphs), dates=dated)
    return article_of_page(replace(extraction, **of_extraction), ref, PAPER, None, now=at(48), code_version="1")


LINEAGE = """
select share_of_version, share_of_copy, evidence, number
from ingest.lineage join ingest.article_versions using (version_id)
"""


def test_a_copy_is_traced_to_the_version_that_it_ran(desk: Run, linker: Linker) -> None:
    longer = "".join(f"<p>{one}</p>" for one in (*PARAGRAPHS, "Two councillors voted no, and gave no reason for it."))
    deliver(desk, (ninjs(1), 1), (ninjs(4, version="2", body_html=longer), 4))
    land(desk, [paper(2, *PARAGRAPHS[:2], "The Courier will report.", agency="Harbour Wire")])
    while link_batch(desk, linker):
        pass
    (row,) = ask(desk, LINEAGE)
    assert row["number"] == 1
    assert row["evidence"] == ("near_duplicate", "credit")
    assert 0.9 < row["share_of_copy"] < 1
    assert 0.7 < row["share_of_version"] < 0.9


@pytest.mark.parametrize("kill_first", [True, False])
@pytest.mark.parametrize("copy_first", [True, False])
def test_the_copies_of_a_killed_story_are_known_whatever_came_first(
    desk: Run, linker: Linker, kill_first: bool, copy_first: bool
) -> None:
    """Its text is read out of the archive for that, and is nowhere in the warehouse."""
    story, kill_notice = (ninjs(1), 1), (ninjs(5, version="2", pubstatus="canceled", body_html=None), 5)
    steps = [
        lambda: deliver(desk, *([kill_notice, story] if kill_first else [story, kill_notice])),
        lambda: land(desk, [paper(2, *PARAGRAPHS)]),
    ]
    for step in reversed(steps) if copy_first else steps:
        step()
        while link_batch(desk, linker):
            pass
    (row,) = ask(desk, LINEAGE)
    assert (row["evidence"], row["share_of_copy"], row["number"]) == (("near_duplicate",), 1.0, 1)
    assert ask(desk, "select text from ingest.article_versions where source_id = 'harbourwire' and text <> ''") == []


PAGE = "https://harbourwire.example/wall"


def archived_page(run: Run, hours: float) -> CaptureRef:
    """The agency's own page of the story, fetched on the account of its item."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    body = f"<html><body><article><h1>Velmar to rebuild its sea wall</h1>{text}</article></body></html>".encode()
    item_id = "urn:harbourwire:wall"
    capture = Capture(CaptureKind.PAGE, AGENCY.id, PAGE, PAGE, 200, (), body, body, at(hours), HARBOUR.id, item_id)
    (ref,) = run.writer.write([capture])
    with run.warehouse.begin() as conn:
        capture_verbs.record_captures(conn, run.id, [ref])
    return ref


@pytest.mark.parametrize("is_replay", [False, True])
def test_the_copies_of_a_killed_page_are_known_when_it_is_read_again(
    desk: Run, linker: Linker, is_replay: bool
) -> None:
    item = (ninjs(1, body_html=None, representationtype="incomplete", url=PAGE), 1)
    kill_notice = (ninjs(5, version="2", pubstatus="canceled", body_html=None), 5)
    page = archived_page(desk, 2)
    deliver(desk, item)
    if not is_replay:
        derive_archived_pages(desk, [page.id])
    deliver(desk, kill_notice)
    derive_archived_pages(desk, [page.id])
    land(desk, [paper(3, *PARAGRAPHS)])
    while link_batch(desk, linker):
        pass
    (row,) = ask(desk, LINEAGE)
    assert (row["evidence"], row["share_of_copy"], row["number"]) == (("near_duplicate",), 1.0, 1)
    assert ask(desk, "select text from ingest.article_versions where source_id = 'harbourwire' and text <> ''") == []
