"""A small invented world of articles, topics and stories, and the rows of `ingest` that hold it."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
from sqlalchemy import create_engine, text

from pipeline.warehouse.tables import metadata

FIRST_DAY = date(2026, 3, 1)
GAP = range(15, 21)  # days after the first on which nothing was collected
UNKNOWN_DAY = date(1, 1, 1)
TOPICS = [f"medtop:{code}" for code in ("politics", "sport", "weather", "economy", "science")]
SAME_AS = {"medtop:sport": ["subj:15000000"]}
DELIVERED_TOPICS = {"subj:15000000": None, "subj:99999999": None, "house:9": "Storms", "house:10": "storms"}
NAMED = """[
    {"name": "Politics", "scheme": "medtop", "code": "11000000", "kind": "topic"},
    {"name": "OSLO", "kind": "place"},
    {"name": "Oslo", "scheme": "geo", "code": "3143244", "kind": "place"},
    {"name": "Ada Lind", "kind": "person", "relevance": 0.9},
    {"name": "Ada Lind", "kind": "person", "relevance": 0.4}
]"""
SOURCES = {"dagsposten": "Europe/Oslo", "morgenavis": "Europe/Copenhagen", "nordwire": "UTC"}


@dataclass(frozen=True)
class Item:
    """One article as `ingest` has it."""

    source_id: str
    day: date | None
    topics: frozenset[tuple[str, str]]  # topic, evidence
    story: str
    version: int = 1
    is_recalled: bool = False


@dataclass
class World:
    items: dict[str, Item] = field(default_factory=dict)
    nights: int = 0  # since the first; each of them sees every article again

    def story_id(self, article_id: str) -> str:
        """The smallest id of those that stand in its story."""
        story = self.items[article_id].story
        return min(id for id, item in self.items.items() if item.story == story and not item.is_recalled)

    def published(self) -> dict[str, tuple[Item, str]]:
        """What decides an article's public rows, for those that stand."""
        return {id: (item, self.story_id(id)) for id, item in self.items.items() if not item.is_recalled}


def first_world(chance: random.Random) -> World:
    world = World()
    days = [FIRST_DAY + timedelta(days=n) for n in range(45) if n not in GAP]
    for number in range(160):
        world.items[f"a{number:04}"] = _random_item(chance, chance.choice([*days, None]), number)
    return world


def changed_world(world: World, chance: random.Random) -> World:
    """Late articles, recalls, new dates, new tags, stories that are joined and parted."""
    after = World(dict(world.items), world.nights + 1)
    for id in chance.sample(sorted(world.items), 6):
        after.items[id] = replace(world.items[id], is_recalled=True)
    copied = min(copy["article_id"] for copy in _copies(world))
    after.items[copied] = replace(world.items[copied], is_recalled=True)
    for id in chance.sample(sorted(world.items), 8):
        day = FIRST_DAY + timedelta(days=chance.randrange(60))
        after.items[id] = replace(after.items[id], day=day, version=2)
    for id in chance.sample(sorted(world.items), 8):
        after.items[id] = replace(after.items[id], topics=_random_topics(chance))
    for id in chance.sample(sorted(world.items), 10):
        after.items[id] = replace(after.items[id], story=chance.choice(["s1", "s5", f"alone-{id}"]))
    for number in (0, 1, *range(1000, 1006)):  # two of them with ids that sort first in their story
        after.items[f"9late{number}" if number < 2 else f"b{number}"] = _random_item(
            chance, FIRST_DAY + timedelta(days=chance.randrange(45, 60)), number
        )
    return after


def touched(before: World, after: World) -> set[tuple[str, date]]:
    """Articles whose public rows differ, with each day that they have or had: what Python leaves in ingest.touched."""
    old, new = before.published(), after.published()
    return {
        (id, pair[0].day or UNKNOWN_DAY)
        for id in old.keys() | new.keys()
        if old.get(id) != new.get(id)
        for pair in (old.get(id), new.get(id))
        if pair
    }


def create_warehouse(path: Path) -> None:
    engine = create_engine(f"duckdb:///{path}")
    with engine.begin() as connection:
        connection.execute(text("create schema if not exists ingest"))
        metadata.create_all(connection)
    engine.dispose()


def write_world(path: Path, world: World, touched_rows: Iterable[tuple[str, date]]) -> None:
    """Makes the warehouse hold the world, and nothing of another."""
    rows = _rows(world)
    rows["touched"] = [{"article_id": id, "date": day} for id, day in touched_rows]
    with duckdb.connect(str(path)) as connection:
        for table, records in rows.items():
            connection.execute(f"delete from ingest.{table}")
            if records:
                batch = pyarrow.Table.from_pylist(records)
                connection.register("batch", batch)
                connection.execute(f"insert into ingest.{table} by name select * from batch")
                connection.unregister("batch")


def _random_item(chance: random.Random, day: date | None, number: int) -> Item:
    story = f"s{chance.randrange(12)}" if chance.random() < 0.4 else f"alone-{number}"
    return Item(chance.choice(sorted(SOURCES)), day, _random_topics(chance), story)


def _random_topics(chance: random.Random) -> frozenset[tuple[str, str]]:
    topics = chance.sample(TOPICS, chance.randrange(4))
    evidence = ("delivered", "mapped", "publisher", "rule")
    return frozenset((topic, kind) for topic in topics for kind in chance.sample(evidence, chance.randrange(1, 3)))


def _rows(world: World) -> dict[str, list[dict[str, Any]]]:
    ids = sorted(world.items)
    stand = sorted(world.published())
    return {
        "sources": [
            {
                "source_id": id,
                "name": id.title(),
                "kind": "agency" if id == "nordwire" else "publisher",
                "timezone": zone,
            }
            for id, zone in SOURCES.items()
        ],
        "feeds": [
            {"feed_id": f"{id}/all", "source_id": id, "delivery": "folder" if id == "nordwire" else "http"}
            for id in SOURCES
        ],
        "polls": [poll for id in SOURCES if id != "nordwire" for poll in _polls(id)],
        "topics": [
            *({"topic_id": id, "label": id.partition(":")[2].title(), "same_as": SAME_AS.get(id)} for id in TOPICS),
            *({"topic_id": id, "label": label, "same_as": None} for id, label in DELIVERED_TOPICS.items()),
        ],
        "articles": [_article_row(id, world.items[id], world.nights) for id in ids],
        "article_versions": [
            _version_row(id, world.items[id], number) for id in ids for number in range(1, world.items[id].version + 1)
        ],
        "date_candidates": [
            {"version_id": f"{id}-v{world.items[id].version}", "position": 0, "kind": "feed", "is_chosen": True}
            for id in ids
        ],
        "captures": [
            {"capture_id": f"capture-{id}", "warc_path": "2026/a.warc", "warc_offset": n} for n, id in enumerate(ids)
        ],
        "story_members": [{"article_id": id, "story_id": world.story_id(id)} for id in stand],
        "recalls": [
            {"article_id": id, "recalled_at": _seen_at(id), "status": "canceled"}
            for id, item in world.items.items()
            if item.is_recalled
        ],
        "lineage": _copies(world),
        "tags": [
            {"article_id": id, "topic_id": topic, "evidence": kind, "detail": topic, "confidence": 0.8}
            for id in stand
            for topic, kind in sorted(world.items[id].topics)
        ],
    }


def _copies(world: World) -> list[dict[str, Any]]:
    """The papers' articles in the stories of the agency's, recalled ones among them."""
    return [
        {
            "copy_article_id": copy,
            "article_id": id,
            "copy_version_id": f"{copy}-v{paper.version}",
            "version_id": f"{id}-v1",
            "share_of_version": 0.8,
            "share_of_copy": 0.9,
            "evidence": ["near_duplicate"],
        }
        for id, item in world.items.items()
        for copy, paper in world.items.items()
        if item.story == paper.story and item.source_id == "nordwire" != paper.source_id and not paper.is_recalled
    ]


def _polls(source_id: str) -> list[dict[str, Any]]:
    """A poll a night, each of which overlaps the one before; none in the gap, after which the first is an overrun."""
    polls = []
    for number in (n for n in range(61) if n not in GAP):
        at = datetime.combine(FIRST_DAY + timedelta(days=number), time(2))
        is_overrun = number == GAP.stop
        polls.append(
            {
                "feed_id": f"{source_id}/all",
                "source_id": source_id,
                "polled_at": at,
                "outcome": "failed" if number % 17 == 5 else "ok",
                "reason": "timeout" if number % 17 == 5 else None,
                "window_since": at - timedelta(hours=6 if is_overrun else 30),
                "is_overlapping": not is_overrun and number > 0,
                "is_overrun": is_overrun,
            }
        )
    return polls


def _seen_at(article_id: str) -> datetime:
    return datetime.combine(FIRST_DAY, time()) + timedelta(minutes=sum(map(ord, article_id)))


def _article_row(article_id: str, item: Item, nights: int) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "source_id": item.source_id,
        "current_version_id": None if item.is_recalled else f"{article_id}-v{item.version}",
        "status": "canceled" if item.is_recalled else "usable",
        "first_seen_at": _seen_at(article_id),
        "last_seen_at": _seen_at(article_id) + timedelta(days=nights),
        "linked_code": "1",
    }


def _version_row(article_id: str, item: Item, number: int) -> dict[str, Any]:
    kept = None if item.is_recalled else f"The minister spoke of the café budget, {article_id}."
    return {
        "version_id": f"{article_id}-v{number}",
        "article_id": article_id,
        "source_id": item.source_id,
        "feed_id": f"{item.source_id}/all",
        "capture_id": f"capture-{article_id}",
        "captured_at": _seen_at(article_id),
        "number": number,
        "decision": "recalled" if item.is_recalled else "new" if number == 1 else "changed",
        "title": kept and f"Minister {article_id}",
        "text": kept,
        "status": "canceled" if item.is_recalled else "usable",
        "published_at": item.day and datetime.combine(item.day, time(9)),
        "published_date": item.day,
        "page_kind": "article",
        "dateline_place": "Oslo" if item.source_id == "nordwire" else None,
        "subjects": kept and NAMED,
        "word_count": 9,
        "code_version": "1",
    }
