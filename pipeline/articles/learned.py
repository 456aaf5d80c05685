"""Which lines of a source are boilerplate by evidence, and a page without them.

A line is learned from how it recurs, never from what it says: over stories (two addresses of one wire text are one),
over days, and at a place. What stands around the text, or is a link, needs to recur little; what stands between a
story's paragraphs must recur a lot, for a paper tells the background of a long story in the same words every day.
"""

from collections.abc import Collection, Iterable, Sequence

from pipeline.articles.boilerplate import judge
from pipeline.articles.lines import Line
from pipeline.articles.placed import Placed
from pipeline.articles.sightings import INSIDE, LONGEST, NUMBER, frame_of, line_id_of, places_of, see_lines
from pipeline.articles.wire import read_dateline
from pipeline.types import Learned, LineEvidence, LineVerdict, Sighting

RULES_VERSION = "1"  # of all that is below; stored with what was learned by it
LEARNED = "learned"  # the reason in dropped lines
ANYWHERE, EDGES = "anywhere", "edges"

MIN_STORIES, MIN_DAYS = 5, 3
MIN_IN_TEXT = 3  # stories: a line that is text of one and stands around others is a teaser of that one
MANY_STORIES, MANY_SHARE = 20, 0.5  # so many of so few days are enough
MIN_INSIDE_STORIES = 8
MAX_INSIDE = 0.1  # of a line's stories, for it to be one of the edges
SHARE_OUTSIDE = 0.02  # of the source's stories while the line was about: where the extraction mostly passed over it
SHARE_EDGES = 0.1  # where it stands above or below the text, or is a link
SHARE_INSIDE = 0.3  # between the paragraphs
SHARE_HEADING = 0.5  # the same words over a part of every story may be the house's form

_QUOTES = tuple("\"“„«‚‘‹'「『")
_DASHES = tuple("-–—―")


def decide_line(seen: LineEvidence) -> LineVerdict:
    """Whether a line is boilerplate, and where; with the reason in a few words."""
    in_text = seen.above + seen.inside + seen.below
    is_outside = seen.outside >= in_text
    is_edge = seen.inside <= MAX_INSIDE * in_text
    if spared := _spared(seen, is_outside=is_outside):
        return LineVerdict(None, spared)
    if in_text < MIN_IN_TEXT:
        return LineVerdict(None, f"in the text of {in_text} stories only")
    if seen.days < MIN_DAYS and not (seen.stories >= MANY_STORIES and seen.share >= MANY_SHARE):
        return LineVerdict(None, f"on {seen.days} days only")
    is_between = not (is_outside or is_edge or seen.linked > seen.stories / 2)
    if seen.stories < (MIN_INSIDE_STORIES if is_between else MIN_STORIES):
        return LineVerdict(None, f"in {seen.stories} stories only")
    asked, where = _share_asked(seen, is_outside=is_outside, is_between=is_between)
    if seen.share < asked:
        return LineVerdict(None, f"in {seen.share:.0%} of the stories, {asked:.0%} asked {where}")
    return LineVerdict(EDGES if is_edge else ANYWHERE, f"in {seen.share:.0%} of the stories {where}")


def _spared(seen: LineEvidence, *, is_outside: bool) -> str | None:
    """What a line is that is text however often it recurs."""
    if seen.text.startswith(_QUOTES):
        return "a quotation"
    if seen.text.endswith(_DASHES) and read_dateline(f"{seen.text} the"):
        return "a dateline"
    if seen.wordings > 1 and NUMBER in seen.frame and not is_outside:
        return "its numbers differ"  # a score, a rate, a count: news in a fixed form
    return None


def _share_asked(seen: LineEvidence, *, is_outside: bool, is_between: bool) -> tuple[float, str]:
    if is_outside:
        return SHARE_OUTSIDE, "and mostly around the text"
    if not is_between:
        return SHARE_EDGES, "at the text's edges or as a link"
    if seen.headings > seen.stories / 2:
        return SHARE_HEADING, "as a heading"
    return SHARE_INSIDE, "between the paragraphs"


def stories_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The story of each article of the pairs that share most of their lines: the smallest id of those it hangs
    together with.
    """
    story: dict[str, str] = {}

    def root(article_id: str) -> str:
        while (above := story.setdefault(article_id, article_id)) != article_id:
            article_id = above
        return article_id

    for pair in pairs:
        first, second = sorted(map(root, pair))
        story[second] = first
    return {article_id: root(article_id) for article_id in list(story)}


def leave_out(
    placed: Sequence[Placed], reasons: Sequence[str | None], learned: Learned, own: Collection[str]
) -> list[str | None]:
    """The reasons, with `learned` for the lines of the story that are.

    `own` is what the page calls its article (title, summary): that stays, though other pages may show it as a teaser.
    Where nothing else would be left, nothing is left out.
    """
    at = [position for position, reason in enumerate(reasons) if reason is None]
    places = places_of([placed[position].block for position in at], [placed[position].line for position in at])
    found = list(reasons)
    spared = {text.lower() for text in own}
    for position, place in zip(at, places, strict=True):
        if placed[position].block.text.lower() not in spared and _is_learned(placed[position], place, learned):
            found[position] = LEARNED
    return found if None in found else list(reasons)


def _is_learned(item: Placed, place: str, learned: Learned) -> bool:
    if len(item.block.text) > LONGEST:
        return False
    where = learned.places.get(line_id_of(frame_of(item.block.text, item.line.links if item.line else ())))
    return where == ANYWHERE or (where == EDGES and place != INSIDE)


def judge_lines(
    placed: Sequence[Placed],
    lines: Sequence[Line],
    titles: Sequence[str],
    names: Sequence[str],
    learned: Learned | None,
    summary: str | None,
) -> tuple[list[str | None], tuple[Sighting, ...]]:
    """The reason to leave each block out, and what the page bears witness of, whatever was learned.

    Once learned lines are gone, the others stand at other places: they are judged again.
    """
    reasons = judge(placed, titles, names)
    sightings = see_lines(placed, reasons, lines)
    if learned is not None:
        reasons = leave_out(placed, reasons, learned, [*titles, *([summary] if summary else [])])
    if LEARNED in reasons:
        rest = [item for item, reason in zip(placed, reasons, strict=True) if reason != LEARNED]
        again = iter(judge(rest, titles, names))
        reasons = [reason if reason == LEARNED else next(again) for reason in reasons]
    return reasons, sightings
