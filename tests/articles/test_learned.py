"""What makes a line boilerplate, what saves it, and a page without what was learned."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.articles.extract import extract_page
from pipeline.articles.learned import decide_line, stories_of
from pipeline.articles.sightings import frame_of, frame_pattern, line_id_of
from pipeline.types import Extraction, Learned
from tests.recurring import LINE_BELOW, simulated_pages

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "links", "frame"),
    [
        pytest.param("Read By The Fire", (), "read by the fire", id="case"),
        pytest.param("Updated 5 March 2024, 14:05", (), "updated {date}", id="a date and its clock"),
        pytest.param("Stand: 05.03.2024, 14:05 Uhr", (), "stand: {date}", id="a date in numbers"),
        pytest.param("Actualizado el 5 de marzo de 2024", (), "actualizado el {date}", id="a Spanish date"),
        pytest.param("Down 3.50 to 14.05", (), "down {n} to {n}", id="decimals are no clock"),
        pytest.param("Put on the page at 09:07", (), "put on the page at {time}", id="a clock alone"),
        pytest.param("Posted March 5", (), "posted march {date}", id="a day without a year"),
        pytest.param("© 2024 The Herald", (), "© {year} the herald", id="a year"),
        pytest.param("14 replies", (), "{n} replies", id="a count"),
        pytest.param("More: The wall falls", ("The wall falls",), "more: {link}", id="what is linked"),
        pytest.param("Ahead: A gate B", ("A gate", "B"), "ahead: {link}", id="a link in parts"),
        pytest.param("The wall falls", ("The wall falls",), "the wall falls", id="a link and nothing else"),
    ],
)
def test_a_line_is_known_by_what_does_not_vary_in_it(text: str, links: tuple[str, ...], frame: str) -> None:
    assert frame_of(text, links) == frame


def test_the_pattern_of_a_frame_finds_its_wordings() -> None:
    import re

    pattern = frame_pattern(frame_of("Looked over (twice) on 5 March 2024 at 14:05."))
    assert re.fullmatch(pattern, "looked over (twice) on 17 may 2025 at 9:30.")
    assert not re.fullmatch(pattern, "looked over once on 17 may 2025 at 9:30.")


# ------------------------------------------------------------------------------------------------ decisions

BETWEEN: dict[str, Any] = {"below": 0, "inside": 12}
PASSED_OVER: dict[str, Any] = {"below": 4, "outside": 30, "stories": 30, "articles": 30}


@pytest.mark.parametrize(
    ("case", "place"),
    [
        pytest.param({}, "edges", id="at the end of two stories in five"),
        pytest.param({"above": 12, "below": 0}, "edges", id="above the text"),
        pytest.param({"share": 0.05}, None, id="at the end of few stories: how reporters end a story"),
        pytest.param({"share": 0.05, "linked": 12}, None, id="a link at the end of few"),
        pytest.param(BETWEEN, "anywhere", id="between the paragraphs of two stories in five"),
        pytest.param({**BETWEEN, "share": 0.2}, None, id="background that a long story tells every day"),
        pytest.param({**BETWEEN, "share": 0.2, "linked": 12}, "anywhere", id="a link between the paragraphs"),
        pytest.param({**BETWEEN, "headings": 12}, None, id="a heading of two stories in five: the house's form"),
        pytest.param({**BETWEEN, "headings": 12, "share": 0.8}, "anywhere", id="a heading of nearly all stories"),
        pytest.param({"inside": 3, "below": 9}, "anywhere", id="mostly at the end, at times between paragraphs"),
        pytest.param({**PASSED_OVER, "share": 0.03}, "edges", id="passed over mostly, and text at times"),
        pytest.param({**PASSED_OVER, "below": 1, "share": 0.5}, None, id="text of one story: the others tease it"),
        pytest.param({"stories": 4, "below": 4}, None, id="too few stories"),
        pytest.param({**BETWEEN, "stories": 6, "inside": 6}, None, id="too few stories for between paragraphs"),
        pytest.param({"days": 2}, None, id="too few days"),
        pytest.param(
            {"days": 1, "stories": 25, "below": 25, "share": 0.9}, "edges", id="one day, but nearly all of it"
        ),
        pytest.param({"days": 1, "stories": 25, "below": 25, "share": 0.3}, None, id="the day's story"),
        pytest.param({"text": "“We shall see,” she said.", "share": 0.9}, None, id="a quotation"),
        pytest.param({"text": "„Wir werden sehen“, sagte sie."}, None, id="a German quotation"),
        pytest.param({"text": "MOSCOW (AP) —"}, None, id="a dateline"),
        pytest.param({"text": "Halftime: 1-0", "frame": "halftime: {n}-{n}", "wordings": 5}, None, id="a score"),
        pytest.param({"text": "Call 0800 12", "frame": "call {n} {n}"}, "edges", id="always the same number"),
        pytest.param({"frame": "seen by the desk on {date}", "wordings": 12}, "edges", id="a date that moves on"),
        pytest.param(
            {**PASSED_OVER, "frame": "{n} replies", "wordings": 9}, "edges", id="a count that is mostly passed over"
        ),
    ],
)
def test_place_and_recurrence_decide(case: dict[str, Any], place: str | None) -> None:
    verdict = decide_line(replace(LINE_BELOW, **case))
    assert verdict.place == place, verdict.reason
    assert verdict.reason


def test_articles_that_hang_together_are_one_story_under_the_smallest_id() -> None:
    pairs = [("c", "b"), ("x", "y"), ("d", "c"), ("a", "b")]
    assert stories_of(pairs) == {"a": "a", "b": "a", "c": "a", "d": "a", "x": "x", "y": "x"}
    assert stories_of(pairs[::-1]) == stories_of(pairs)


# ------------------------------------------------------------------------------------------------ pages

STORY = (
    "The council voted on Monday to rebuild the old harbour wall, after three winters of floods had opened it twice.",
    "The work is to begin in April and to cost nine million crowns, which the town has saved since the first of them.",
    "The fishermen had asked for a gate in the wall, and will get one, though not where they had asked for it.",
)
ABOVE, BETWEEN_THEM, BELOW_IT = "Carried from door to door", "The Herald keeps a bench", "Good night from all of us"


def page(*lines: str, learned: dict[str, str] | None = None, summary: str = "") -> Extraction:
    body = "".join(f"<p>{line}</p>" for line in lines)
    html = (
        f"<html lang='en'><head><title>Wall to be rebuilt</title><meta name='description' content='{summary}'></head>"
        f"<body><article><h1>Wall to be rebuilt</h1>{body}</article></body></html>"
    )
    found = extract_page(
        html.encode(),
        url="https://herald.example/wall-to-be-rebuilt",
        content_type=None,
        entry=None,
        source_language=None,
        timezone="UTC",
        now=NOW,
        learned=Learned({line_id_of(frame_of(line)): place for line, place in learned.items()}) if learned else None,
    )
    assert isinstance(found, Extraction)
    return found


def texts(found: Extraction) -> list[str]:
    return [block.text for block in found.blocks]


WHOLE = (ABOVE, STORY[0], BETWEEN_THEM, *STORY[1:], BELOW_IT)


def test_learned_lines_are_left_out_and_told() -> None:
    found = page(*WHOLE, learned={ABOVE: "edges", BETWEEN_THEM: "anywhere", BELOW_IT: "edges"})
    assert texts(found) == list(STORY)
    told = [(each.text, each.reason) for each in found.dropped if each.reason != "title_repeat"]
    assert told == [(ABOVE, "learned"), (BETWEEN_THEM, "learned"), (BELOW_IT, "learned")]


def test_a_line_of_the_edges_is_text_between_the_paragraphs() -> None:
    assert texts(page(*WHOLE, learned={BETWEEN_THEM: "edges"})) == list(WHOLE)


def test_with_nothing_learned_the_page_is_as_it_was() -> None:
    assert texts(page(*WHOLE)) == list(WHOLE)


def test_what_a_page_bears_witness_of_does_not_depend_on_what_was_learned() -> None:
    learned = dict.fromkeys(WHOLE[:3], "anywhere")
    assert page(*WHOLE, learned=learned).sightings == page(*WHOLE).sightings
    places = {sighting.text: sighting.place for sighting in page(*WHOLE).sightings}
    assert [places[line] for line in (ABOVE, BETWEEN_THEM, BELOW_IT)] == ["above", "inside", "below"]


def test_the_page_s_own_title_and_summary_stay_though_other_pages_tease_them() -> None:
    lead = "The wall comes back after three winters"
    assert texts(page(lead, *STORY, learned={lead: "anywhere"}, summary=lead))[0] == lead


def test_a_page_of_which_nothing_would_be_left_is_left_alone() -> None:
    assert texts(page(*STORY, learned=dict.fromkeys(STORY, "anywhere"))) == list(STORY)


def test_a_line_at_the_end_is_judged_once_more_when_what_stood_below_it_is_gone() -> None:
    after = [f"The {name} of the Herald is fed at nine" for name in ("cat", "dog", "owl", "cow", "hen", "fox", "rat")]
    credit = "(Reporting by Tom Arden; Editing by Jane Doe)"
    assert credit in texts(page(*STORY, credit, *after))
    assert texts(page(*STORY, credit, *after, learned=dict.fromkeys(after, "edges"))) == list(STORY)


def test_of_a_simulated_page_only_the_story_is_left() -> None:
    seen = simulated_pages(40)[37]
    learned = Learned({line_id_of(frame_of(line, (seen.link,))): "anywhere" for line in seen.recurring})
    found = extract_page(
        seen.html, url=seen.url, content_type=None, entry=None, source_language=None, timezone="UTC", now=NOW,
        learned=learned,
    )  # fmt: skip
    assert isinstance(found, Extraction)
    assert texts(found) == list(seen.paragraphs)
