"""A simulated source: pages of the sample wire's stories, with lines around and between them that are no story's.

Its lines say nothing that a list of phrases could know, and its markup nothing that names them: only that they recur
tells them. Ten of the thirty change: dates, clocks and links move on from page to page, or the house writes another
line half-way. Wire stories stand under several addresses, and later stories repeat paragraphs of earlier ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from lxml.html import Element

from deployments.sample.newsroom import Item
from deployments.sample.stories import compose
from pipeline.articles.lines import Line
from pipeline.articles.placed import Placed
from pipeline.types import Block, LineEvidence

HOST = "www.simulated-herald.example"
BEGUN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
PAGES_A_DAY = 10

ABOVE = (
    "The Herald of the three valleys and the coast",
    "Morning edition of {date}",
    "Put before our readers at {clock}",
    "Carried from door to door since 1884",
    ("Printed this winter on paper from Oxmead", "Printed this summer on paper from Withy Green"),
    "The bell of Saint Odile rings for every subscriber",
    "Set in Garamond by hand and by machine",
    "Our readers in the uplands have it by noon",
    "Ask at the counter for the large print",
    "What the weather does is on the back page",
)
INSIDE = (
    "The Herald keeps a bench for those who would rather read outdoors.",
    "Turn to the middle pages for the crossword and for the tide tables.",
    "From the same desk: {link}",
    (
        "Tea is poured at the office every Friday, and readers pour too.",
        "Coffee is poured at the office on Mondays now.",
    ),
    "Somebody in this town is reading this over your shoulder, lend it when you are done.",
    "Letters that rhyme are answered in rhyme, others within the week.",
    ("The Herald walks: meet at the weir on the first of the month.", "The Herald rows: meet at the locks with oars."),
    "Our carriers are paid by the hour and not by the mile.",
    "Earlier in these pages, {link}",
    "Half a page of this paper wraps one herring.",
)
BELOW = (
    "The people of the Herald read every line aloud before it is set.",
    "This page was looked over by the night desk on {date} at {clock}.",
    "Whoever finds a wrong letter in it may keep it.",
    ("The winter almanac is at the counter for two crowns.", "The summer almanac is at the counter for three crowns."),
    "The Herald belongs to its printers and to nobody else.",
    "Old copies are kept in the loft and may be asked for.",
    "The bicycle in the hall is for the use of all carriers.",
    ("Next week the presses rest for a day.", "The presses have a new roller and no longer hum."),
    "The Herald, Mill Lane 4, in the house with the green door",
    "Good night from all of us to all of you.",
)


@dataclass(frozen=True, slots=True)
class SimulatedPage:
    url: str
    title: str
    at: datetime
    above: tuple[str, ...]
    paragraphs: tuple[str, ...]
    inside: tuple[str, ...]
    below: tuple[str, ...]
    link: str  # the words of the links in its recurring lines

    @property
    def recurring(self) -> tuple[str, ...]:
        return (*self.above, *self.inside, *self.below)

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands on the page in its order; a recurring line after every paragraph, as far as they go."""
        after = dict(enumerate(_spread(self.inside, len(self.paragraphs) - 1)))
        mixed = [line for at, text in enumerate(self.paragraphs) for line in (text, *after.get(at, ()))]
        return (*self.above, *mixed, *self.below)

    @property
    def html(self) -> bytes:
        body = "\n".join(f"<p>{self._marked(line)}</p>" for line in self.lines)
        return (
            f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{escape(self.title)}</title>"
            f"<meta property='article:published_time' content='{self.at.isoformat()}'></head><body><main><article>"
            f"<h1>{escape(self.title)}</h1><div>{body}</div></article></main></body></html>"
        ).encode()

    def _marked(self, line: str) -> str:
        return escape(line, quote=False).replace(
            escape(self.link, quote=False), f"<a href='/earlier'>{escape(self.link, quote=False)}</a>"
        )


def simulated_pages(count: int = 500) -> list[SimulatedPage]:
    """So many pages in the order of their publication, ten a day, always the same."""
    items = [item for item in compose() if item.outlet.language == "en"]
    return [_page(number, *_story(number, items), is_late=number >= count // 2) for number in range(count)]


def _story(number: int, items: Sequence[Item]) -> tuple[str, tuple[str, ...], str]:
    """Title and paragraphs of the page of that number, and an older title: an item as it is, then mixtures of two."""
    older = items[(number * 7 + 3) % len(items)].versions[0].title
    item = items[number % len(items)].versions[0]
    if number < len(items):
        return item.title, item.paragraphs, older
    other = items[(number * 11 + 5) % len(items)].versions[0]
    return f"{item.title}, and after", (*item.paragraphs[1:5], *other.paragraphs[1:4]), older


def _page(number: int, title: str, paragraphs: tuple[str, ...], older: str, *, is_late: bool) -> SimulatedPage:
    at = BEGUN + timedelta(days=number // PAGES_A_DAY, minutes=37 * (number % PAGES_A_DAY))

    def written(lines: Sequence[str | tuple[str, str]]) -> tuple[str, ...]:
        wordings = [line if isinstance(line, str) else line[is_late] for line in lines]
        return tuple(
            wording.format(date=f"{at.day} {at:%B} {at.year}", clock=f"{at:%H:%M}", link=older) for wording in wordings
        )

    url = f"https://{HOST}/{at:%Y/%m/%d}/story-{number}"
    return SimulatedPage(url, title, at, written(ABOVE), paragraphs, written(INSIDE), written(BELOW), older)


def _spread(lines: Sequence[str], places: int) -> list[tuple[str, ...]]:
    return [tuple(lines[start::places]) for start in range(places)]


def placed_of(page: SimulatedPage) -> list[Placed]:
    """The page's lines as its extraction would give them, without the work of extracting."""
    element = Element("p")
    return [
        Placed(Block(text), Line(at, text, element, 0.5 if page.link in text else 0.0, (page.link,)))
        for at, text in enumerate(page.lines)
    ]


# What is known of a line that ends two stories in five.
LINE_BELOW = LineEvidence(
    source_id="herald",
    line_id="1",
    frame="whoever finds a wrong letter may keep it.",
    text="Whoever finds a wrong letter may keep it.",
    stories=12,
    articles=12,
    days=6,
    above=0,
    inside=0,
    below=12,
    outside=0,
    headings=0,
    linked=0,
    wordings=1,
    share=0.4,
    first_seen_at=BEGUN,
    last_seen_at=BEGUN + timedelta(days=8),
)
