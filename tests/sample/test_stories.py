"""The invented news: enough of it, different from each other, the same everywhere, with a shape over the six weeks."""

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations

from deployments.sample.newsroom import Item, outlets
from deployments.sample.stories import compose

DIGEST = (
    "import hashlib; from deployments.sample.stories import compose; "
    "print(hashlib.sha256(repr(compose()).encode()).hexdigest())"
)


def shingles(item: Item) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", " ".join(item.versions[0].paragraphs).lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def test_there_are_enough_sources_articles_and_languages() -> None:
    assert len(compose()) >= 330
    assert len(outlets()) >= 12
    assert Counter(house.kind for house in outlets().values()) == {"agency": 3, "publisher": 12}
    assert {item.outlet.language for item in compose()} == {"en", "de", "fr", "es"}


def test_every_host_is_invented() -> None:
    assert all(house.host is None or house.host.endswith(".example") for house in outlets().values())


def test_every_article_reads_like_one() -> None:
    for item in compose():
        text = " ".join(item.versions[0].paragraphs)
        assert 6 <= len(item.versions[0].paragraphs) <= 9, item.id
        assert 150 <= len(text.split()) <= 400, item.id
        assert not re.search(r"[{}\[\]|]|  | [.,]", text), item.id


def test_only_the_copies_of_a_story_are_alike() -> None:
    found = {item: shingles(item) for item in compose()}
    for one, other in combinations(found, 2):
        smaller = min(len(found[one]), len(found[other]))
        containment = len(found[one] & found[other]) / smaller
        if one.story == other.story:
            assert containment > 0.7, (one.id, other.id)
        else:
            assert containment < 0.4, (one.id, other.id)


def test_ids_and_addresses_are_used_once() -> None:
    assert all(count == 1 for count in Counter(item.id for item in compose()).values())
    assert all(count == 1 for count in Counter(item.url or item.wire_id for item in compose()).values())


def test_another_process_composes_the_same() -> None:
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    told = subprocess.run(
        [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert told.strip() == hashlib.sha256(repr(compose()).encode()).hexdigest()


def test_arcs_rise_and_fall() -> None:
    weeks = Counter((item.arc, item.published_at.isocalendar().week) for item in compose())
    shape = {arc: [weeks[arc, week] for week in range(10, 16)] for arc in ("flood", "harbour-strike", "april-heat")}
    assert [row.index(max(row)) for row in shape.values()] == [4, 2, 5]
    assert shape["flood"][:3] == [0, 0, 0]


def test_weekends_are_quieter() -> None:
    days = Counter(item.published_at.weekday() for item in compose())
    assert max(days[5], days[6]) < min(days[day] for day in range(5))
