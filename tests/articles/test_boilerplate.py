"""What is left out, and above all what is not."""

from datetime import UTC, datetime

import pytest

from pipeline.articles.extract import extract_page
from pipeline.types import Extraction

STORY = [
    "The council of Northgate voted on Monday to rebuild the old harbour wall, after three winters of floods.",
    "The work is to begin in April and to cost nine million crowns, which the town has saved since the first of them.",
    "“We have paid for that wall three times already,” said Ada Holm, who keeps the ledger of the harbour office.",
    "The fishermen had asked for a gate in the wall, and will get one, though not where they had asked for it.",
    "A second wall, further out, was voted down with eleven against nine, because nobody knew who owns the sand.",
]


def page(*lines: str, before: str = "", after: str = "") -> Extraction:
    body = before + "".join(f"<p>{line}</p>" for line in lines) + after
    html = (
        f"<html lang='en'><head><title>Wall to be rebuilt</title></head><body><article><h1>Wall to be rebuilt</h1>"
        f"<div class='text'>{body}</div></article></body></html>"
    )
    found = extract_page(
        html.encode(),
        url="https://paper.example/news/wall-to-be-rebuilt",
        content_type=None,
        entry=None,
        source_language=None,
        timezone="UTC",
        now=datetime(2024, 6, 1, tzinfo=UTC),
    )
    assert isinstance(found, Extraction)
    return found


def texts(found: Extraction) -> list[str]:
    return [block.text for block in found.blocks]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Comments are no longer available on this story", "comment_notice"),
        ("Die Kommentarfunktion ist geschlossen.", "comment_notice"),
        ("Filed under: harbour, walls", "tag_list"),
        ("Sign up for our newsletter and never miss a wall.", "newsletter"),
        ("Suscríbete a nuestro boletín de noticias", "newsletter"),
        ("Lesen Sie auch: Woraus die erste Mauer war", "related"),
        ("Follow Northgate Courier on Facebook", "share"),
        ("© 2024 Northgate Courier. All rights reserved.", "copyright"),
        ("Tom Arden is a reporter at the Courier and can be reached at tom@paper.example.", "author_bio"),
        ("(Reporting by Tom Arden; Editing by Jane Doe)", "credit"),
        ("___", "ornament"),
    ],
)
def test_a_line_at_the_end_that_is_not_the_storys_is_kept_with_its_reason(line: str, reason: str) -> None:
    found = page(*STORY, line)
    assert texts(found) == STORY
    assert [dropped.reason for dropped in found.dropped if dropped.reason != "title_repeat"] == [reason]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("By Tom Arden", "byline"),
        ("Von Anna Meier", "byline"),
        ("March 5, 2024, 14:30", "date_line"),
        ("3 min read", "date_line"),
    ],
)
def test_a_byline_and_a_date_above_the_text_are_not_text(line: str, reason: str) -> None:
    found = page(line, *STORY)
    assert texts(found) == STORY
    assert reason in [dropped.reason for dropped in found.dropped]


@pytest.mark.parametrize(
    "line",
    [
        "“Sign up for nothing,” her father had told her, “and read everything twice.”",
        "Share prices of the three builders rose by a tenth on the news before they fell again.",
        "By Thursday the sea had taken the last of the old stones.",
        "Comments by the mayor on Sunday had made the fishermen angry.",
        "Copyright in the plans lies with the town, which had them drawn in 1911.",
        "NORTHGATE — The wall stands.",
    ],
)
def test_a_sentence_of_the_story_survives_in_the_middle(line: str) -> None:
    found = page(*STORY[:3], line, *STORY[3:], *STORY[:0])
    assert line in texts(found)


@pytest.mark.parametrize(
    "line",
    [
        "A deal on the gate can be reached before the winter storms begin, Holm said.",
        "Three dry summers contributed to this decline of the wall, the engineers found.",
        "The plans may not be published until both councils have voted, her office said.",
        "Householders lost their power, and many register complaints through updates on the town's own site.",
    ],
)
def test_a_sentence_of_the_story_survives_at_the_end(line: str) -> None:
    assert texts(page(*STORY, line))[-1] == line


def test_a_quotation_at_the_end_survives() -> None:
    last = "“The sea reads no newspapers,” she said."
    assert texts(page(*STORY, last))[-1] == last


def test_a_box_that_is_named_for_what_it_is_goes_whole() -> None:
    box = "<div class='newsletter-signup'><p>The best of the harbour</p><p>Every Friday, in your letter box.</p></div>"
    found = page(*STORY, after=box + f"<p>{STORY[0]} Again.</p>")
    assert "Every Friday, in your letter box." not in found.text


def test_a_name_that_holds_most_of_the_story_is_no_evidence() -> None:
    found = page(*STORY, before="<div class='article-related-content newsletter'>", after="</div>")
    assert texts(found) == STORY


def test_links_at_the_end_are_related_stories() -> None:
    links = "<li><a href='/1'>What the first wall of Northgate was built of</a></li><li><a href='/2'>The sand</a></li>"
    assert texts(page(*STORY, after=f"<ul>{links}</ul>")) == STORY


def test_captions_and_credits_stand_apart() -> None:
    caption = "<figcaption>The wall in January. <span class='credit'>Photo: Lena Ost</span></figcaption>"
    found = page(*STORY[:2], f"<figure><img src='a.jpg'>{caption}</figure>", *STORY[2:])
    assert texts(found) == STORY
    assert [(each.text, each.credit) for each in found.captions] == [("The wall in January.", "Photo: Lena Ost")]
