"""stories/*.toml → the items of all outlets, the same on every machine and in every run.

A file is an arc; a language of it has `beats` (what happened on a day, and who reported it) and `paragraphs` (what can
be said on any day of the arc; anywhere.toml has what can be said in any story). A paragraph's slots are filled anew for
each article: `{name}` draws from that list of `words`, `{10-60}` is a number, `[this|that]` one of its choices.
"""

import hashlib
import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

from deployments.sample.newsroom import HERE, Item, Outlet, Version, outlets, read_toml, words

_NUMBER = re.compile(r"\{(\d+)-(\d+)\}")
_WORD = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]{}]*\|[^\[\]{}]*)\]")
_SENTENCE = re.compile(r"(?:^|(?<=[.!?] ))[a-zà-ÿ]")
_ATTEMPTS = 40

# What the papers that run an agency's story cut from it, one after the other: positions of paragraphs.
_CUTS: tuple[frozenset[int], ...] = (frozenset({-1}), frozenset({2}), frozenset(), frozenset({-1, -2}), frozenset({1}))

Beat = dict[str, Any]


@cache
def compose() -> tuple[Item, ...]:
    """Every item of every outlet, in the order of publication."""
    anywhere = {language: _Pool(f"anywhere/{language}", **pool) for language, pool in _read("anywhere.toml").items()}
    found: list[Item] = []
    for path in sorted((HERE / "stories").glob("*.toml")):
        arc = read_toml(path)
        for language in anywhere:
            if language in arc:
                found += _items_of_arc(path.stem, language, arc, anywhere[language])
    return tuple(sorted(found, key=lambda item: (item.published_at, item.id)))


class _Pool:
    """Paragraphs with slots. It deals its words in turn and picks what was picked least together before."""

    def __init__(self, seed: str, paragraphs: list[str], words: dict[str, list[str]]) -> None:
        shuffle = random.Random(seed)
        self._paragraphs = paragraphs
        self._decks = {name: cycle(shuffle.sample(cards, len(cards))) for name, cards in words.items()}
        self._used: list[frozenset[int]] = []

    def draw(self, chance: random.Random, count: int, weekday: str) -> list[str]:
        """That many paragraphs, in their order."""
        tries = [frozenset(chance.sample(range(len(self._paragraphs)), count)) for _ in range(_ATTEMPTS)]
        picked = min(tries, key=lambda one: sorted((len(one & other) for other in self._used), reverse=True))
        self._used.append(picked)
        return [self._fill(self._paragraphs[at], chance, weekday) for at in sorted(picked)]

    def __len__(self) -> int:
        return len(self._paragraphs)

    def _fill(self, text: str, chance: random.Random, weekday: str) -> str:
        text = _WORD.sub(lambda found: weekday if found[1] == "day" else next(self._decks[found[1]]), text)
        text = _NUMBER.sub(lambda found: str(chance.randint(int(found[1]), int(found[2]))), text)
        while _CHOICE.search(text):
            text = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), text)
        return _SENTENCE.sub(lambda found: found[0].upper(), text)


def _items_of_arc(name: str, language: str, arc: dict[str, Any], anywhere: _Pool) -> Iterator[Item]:
    told = arc[language]
    pool = _Pool(f"{name}/{language}", told["paragraphs"], told["words"])
    first, last = arc.get("hours", (6, 16))
    for number, beat in enumerate(told["beats"], 1):
        story = f"{name}-{language}-{number}"
        chance = random.Random(story)
        weekday = words(language)["days"][beat["on"].weekday()]
        half = min((len(pool) + 1) // 2, 5)
        text = pool.draw(chance, chance.randint(half, half + 1), weekday)
        text += anywhere.draw(chance, 2 if half > 4 else 3, weekday)
        at = time(beat.get("hour") or chance.randint(first, last), chance.randint(0, 59))
        paper = _Paper(name, story, told["section"], tuple(told["tags"]), tuple(arc["subjects"]), told["captions"])
        yield from _run(paper, beat, at, [beat["lead"], *text], chance)


@dataclass(frozen=True, slots=True)
class _Paper:
    """What every house says alike of a story."""

    arc: str
    story: str
    section: str
    tags: tuple[str, ...]
    subjects: tuple[str, ...]
    captions: Sequence[str]


def _run(paper: _Paper, beat: Beat, clock: time, paragraphs: Sequence[str], chance: random.Random) -> Iterator[Item]:
    """The story in the house that wrote it, then in those that ran it, each somewhat later."""
    author, *runners = (outlets()[name] for name in beat["by"].split())
    at = datetime.combine(beat["on"], clock, ZoneInfo(author.timezone)).astimezone(UTC)
    caption = chance.choice(paper.captions)
    for run, house in enumerate((author, *runners)):
        yield Item(
            id=f"{house.id}/{paper.story}",
            outlet=house,
            story=paper.story,
            arc=paper.arc,
            versions=_versions(beat, house, at, _with_dateline(_cut(paragraphs, run), house, author, beat)),
            summary=beat["lead"],
            authors=() if run else _authors(chance, house),
            agency=author if run else None,
            place=beat["at"],
            section=paper.section,
            tags=paper.tags,
            subjects=paper.subjects,
            caption=caption,
            credit=_credit(chance, house, author),
            path=_path(house, beat, at, paper.section, paper.story),
            oddity=beat.get("oddity"),
            embargo_until=beat.get("embargo"),
        )
        at += timedelta(minutes=chance.randint(25, 75))


def _versions(beat: Beat, house: Outlet, at: datetime, text: tuple[str, ...]) -> tuple[Version, ...]:
    """The first version, and the correction or the kill of the houses that made one."""
    first = Version(1, at, beat["title"], text)
    if (correction := beat.get("correction")) and house.id in correction["by"].split():
        note = correction["note"]
        title, *right = (_corrected(one, correction) for one in (first.title, *first.paragraphs))
        seen = (*right, note) if house.page else tuple(right)  # a wire has it in its note to editors
        return first, Version(2, correction["at"] + timedelta(minutes=50 if house.page else 0), title, seen, note=note)
    if killed := beat.get("killed"):
        return first, Version(2, killed["at"], first.title, (), "canceled", killed["note"])
    return (first,)


def _corrected(text: str, correction: Beat) -> str:
    for wrong, right in zip(correction["wrong"], correction["right"], strict=True):
        text = text.replace(wrong, right)
    return text


def _cut(paragraphs: Sequence[str], run: int) -> tuple[str, ...]:
    """The story as the agency sent it, or as the nth paper that runs it cut it."""
    cut = _CUTS[(run - 1) % len(_CUTS)] if run else frozenset()
    gone = {at % len(paragraphs) for at in cut}
    return tuple(paragraph for at, paragraph in enumerate(paragraphs) if at not in gone)


def _with_dateline(paragraphs: tuple[str, ...], house: Outlet, author: Outlet, beat: Beat) -> tuple[str, ...]:
    """An agency's place is kept by the papers that run its story; the day is not."""
    place, day, around = beat["at"], beat["on"], words(house.language)
    form = house.dateline if house is author else around["agency_dateline"]
    month = around["months"][day.month - 1]
    dateline = form.format(
        place=place, PLACE=place.upper(), day=day.day, month=month, mon=month[:3], agency=author.short
    )
    return (dateline + paragraphs[0], *paragraphs[1:])


def _authors(chance: random.Random, house: Outlet) -> tuple[str, ...]:
    return tuple(chance.sample(house.authors, 2 if chance.random() < 0.12 else 1))


def _credit(chance: random.Random, house: Outlet, author: Outlet) -> str:
    photographer = chance.choice(author.authors)
    return f"{photographer} via {author.short}" if author is not house else f"{photographer} / {house.name}"


def _path(house: Outlet, beat: Beat, at: datetime, section: str, story: str) -> str:
    local = house.local(at)
    path = house.path.format(
        section=slug(section),
        year=f"{local:%Y}",
        month=f"{local:%m}",
        day=f"{local:%d}",
        slug="-".join(slug(beat["title"]).split("-")[:9]),
        number=100_000 + int(hashlib.sha256(f"{house.id}/{story}".encode()).hexdigest()[:8], 16) % 900_000,
    )
    return f"/subscribers{path}" if beat.get("oddity") == "disallowed" else path


def slug(text: str) -> str:
    """The words of a title as an address writes them."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "").replace("ß", "ss").lower())
    return "-".join(re.findall(r"[a-z0-9]+", "".join(one for one in plain if not unicodedata.combining(one))))


def _read(name: str) -> dict[str, Any]:
    return read_toml(HERE / name)
