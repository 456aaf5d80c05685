"""What belongs to a story by its markup, and what doesn't: kin, standfirsts, other stories, lists, scripts."""

import json
import time
from datetime import UTC, datetime

import pytest

from pipeline.articles.extract import extract_page
from pipeline.types import BadItem, Extraction

STORY = [
    "The council of Northgate voted on Monday to rebuild the old harbour wall, after three winters of floods.",
    "The work is to begin in April and to cost nine million crowns, which the town has saved since the first of them.",
    "“We have paid for that wall three times already,” said Ada Holm, who keeps the ledger of the harbour office.",
    "The fishermen had asked for a gate in the wall, and will get one, though not where they had asked for it.",
    "A second wall, further out, was voted down with eleven against nine, because nobody knew who owns the sand.",
    "The mayor said that the sea had been patient, and that the town should not mistake its patience for consent.",
]
OTHER = [line.replace("wall", "lighthouse").replace("harbour", "cape") for line in STORY]


def read(body: str, head: str = "") -> Extraction | BadItem:
    return extract_page(
        f"<html lang='en'><head><title>Wall to be rebuilt</title>{head}</head><body>{body}</body></html>".encode(),
        url="https://paper.example/news/wall-to-be-rebuilt",
        content_type=None,
        entry=None,
        source_language=None,
        timezone="UTC",
        now=datetime(2024, 6, 1, tzinfo=UTC),
    )


def texts(body: str, head: str = "") -> list[str]:
    found = read(body, head)
    assert isinstance(found, Extraction), found
    return [block.text for block in found.blocks]


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


H1 = "<h1>Wall to be rebuilt</h1>"


def test_a_story_in_several_containers_of_one_kind_is_whole() -> None:
    parts = [STORY[:3], STORY[3:]]
    body = "".join(f"<div class='grid'><div class='body'>{paragraphs(part)}</div></div>" for part in parts)
    assert texts(f"<main>{H1}<div class='chunks'>{body}</div></main>") == STORY


def test_a_paragraph_full_of_links_between_the_others_stays() -> None:
    linked = "It was <a href='/1'>voted for</a> and <a href='/2'>voted down</a> and voted for again in one long night."
    shown = "It was voted for and voted down and voted for again in one long night."
    body = f"<article>{H1}<div class='text'>{paragraphs([*STORY[:3], linked, *STORY[3:]])}</div></article>"
    assert texts(body) == [*STORY[:3], shown, *STORY[3:]]


def test_what_only_screen_readers_say_is_not_text() -> None:
    link = "<a href='/1'>gate<span class='visually-hidden'>, opens new tab</span></a>"
    found = texts(
        f"<article>{H1}{paragraphs([*STORY, f'The {link} is to be of oak, which the sea does not love.'])}</article>"
    )
    assert found[-1].startswith("The gate")
    assert len(found) == len(STORY) + 1


@pytest.mark.parametrize(
    "standfirst",
    [
        "<p class='article-intro'>{}</p>",
        "<div class='teaser-text'><p>{}</p></div>",
        "<p class='chapo'>{}</p>",
        "<div class='article__summary summary'>{}</div>",
        "<div class='share-head'><div class='head__abstract'>{}</div></div>",
    ],
)
def test_a_standfirst_belongs_to_the_text(standfirst: str) -> None:
    line = "Northgate wants its old wall back and does not know what to do with the sand."
    shown = standfirst.format(line)
    assert (
        texts(f"<main><div class='top'>{H1}{shown}</div><div class='text'>{paragraphs(STORY)}</div></main>")[0] == line
    )


@pytest.mark.parametrize(
    "line",
    [
        "<p class='intro-date'>Published on 5 March 2024 in the news of the harbour</p>",
        "<figure><figcaption class='summary'>The wall as it stood before the winter floods</figcaption></figure>",
        "<p class='image-description'>The wall as it stood before the winter of the floods</p>",
    ],
)
def test_what_else_stands_below_a_heading_is_no_standfirst(line: str) -> None:
    assert texts(f"<main><div>{H1}{line}</div><div class='text'>{paragraphs(STORY)}</div></main>") == STORY


def test_the_next_story_in_the_same_page_is_another_one() -> None:
    first = f"<article id='first'>{H1}{paragraphs(STORY)}</article>"
    second = (
        f"<article id='second'><h2>Lighthouse</h2><p class='byline'>By Tom Arden</p>{paragraphs(OTHER * 2)}</article>"
    )
    assert texts(f"<main>{first}{second}</main>") == STORY


def test_articles_that_are_parts_of_a_story_stay() -> None:
    parts = "".join(f"<article><h2>Part {n}</h2><p>{line}</p></article>" for n, line in enumerate(STORY * 2))
    assert set(STORY) <= set(texts(f"<main>{H1}{parts}</main>"))


@pytest.mark.parametrize(
    "aside",
    [
        "<ul><li>Sand: <a href='/1'>Who owns what the sea brings</a></li>"
        "<li>Oak: <a href='/2'>What the first gate was made of</a></li></ul>",
        "<p>Read on: <a href='/1'>Who owns what the sea has brought</a></p>",
        "<div class='embed-placeholder'><p>Nothing can be shown here before you agree to it.</p></div>",
        "<p>Empfohlener redaktioneller Inhalt</p>",
        "<div class='image-box'><img src='a.jpg'><p>The wall as it stood before the winter of the floods</p></div>",
        "<article><h3><a href='/1'>Who owns what the sea has brought to us</a></h3></article>",
    ],
)
def test_what_stands_between_the_paragraphs_and_is_not_theirs_goes(aside: str) -> None:
    body = f"{paragraphs(STORY[:3])}{aside}{paragraphs(STORY[3:])}"
    assert texts(f"<article>{H1}<div class='text'>{body}</div></article>") == STORY


@pytest.mark.parametrize("last", ["Contact:", "(ab)", "aja/PAP", "Weitere Informationen:"])
def test_labels_and_initials_at_the_end_are_not_text(last: str) -> None:
    assert texts(f"<article>{H1}<div class='text'>{paragraphs([*STORY, last])}</div></article>") == STORY


def test_lines_between_line_breaks_are_paragraphs() -> None:
    body = "<br><br>".join(["Wall to be rebuilt", *STORY, "filed under:"])
    assert texts(f"<div>{body}</div>") == STORY


def test_a_story_that_only_a_script_has_is_read_out_of_it() -> None:
    markup = (
        f"<div class='caption'><p>The wall in January.</p></div>{paragraphs(STORY)}<h2>Sand</h2>{paragraphs(OTHER)}"
    )
    inner = json.dumps({"article": {"content": markup}}).replace("<", "\\u003c").replace(">", "\\u003e")
    body = f"<div id='root'></div><script>self.__state.push([1,{json.dumps(inner)}])</script>"
    assert texts(body) == [*STORY, "Sand", *OTHER]


def test_a_script_without_a_story_is_no_story() -> None:
    found = read("<div id='root'></div><script>show('<p>Loading …</p>')</script>")
    assert isinstance(found, BadItem)
    assert found.reason == "no_text"


def listed(address: str, text: str) -> str:
    """Six items of a list, each a heading that is a link, and a line below it."""
    items = (
        f"<li class='box'><h3><a href='{address}{n}'>Part {n} of it</a></h3><h4>{n}: {text}</h4></li>" for n in range(6)
    )
    return f"<ul>{''.join(items)}</ul>"


LISTS = {
    "other stories": (listed("/news/", "The lighthouse is to be painted"), False),
    "parts of this page": (listed("#", "The wall is to be painted"), True),
    "parts of this page by its address": (listed("/news/wall-to-be-rebuilt#", "The wall is to be painted"), True),
    "what the story lists and goes on after": (
        listed("/people/", "The wall is to be painted") + paragraphs(STORY[:2]),
        True,
    ),
    "what the story lists at length": (
        listed("/books/", f"The wall is to be painted. {STORY[0]} {STORY[1]} {STORY[2]}"),
        True,
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_linked_headings_with_a_line_each_is_of_other_stories(name: str) -> None:
    below, is_kept = LISTS[name]
    found = texts(H1 + paragraphs(STORY * 2) + below)
    assert any("is to be painted" in text for text in found) is is_kept
    assert set(STORY) <= set(found)


def test_a_transcript_with_one_linked_heading_is_read_in_time() -> None:
    lines = [f"{number}: {STORY[number % 6]}" for number in range(2000)]
    begun = time.process_time()
    assert len(texts(f"<div><div><h2><a href='/x'>Part</a></h2>{paragraphs(lines)}</div></div>")) >= 1990
    assert time.process_time() - begun < 8  # one that looks at all of it for each line takes 40


MENU = "".join(f"<div>Section {number}</div>" for number in range(40))
WITHOUT_PARAGRAPHS = {
    "in a box of its own": f"<div>{MENU}</div><div>" + "".join(f"<div>{line}</div>" for line in STORY) + "</div>",
    "in a form": f"{MENU}<form>" + "".join(f"<div>{line}</div>" for line in STORY) + "</form>",
}


@pytest.mark.parametrize("name", WITHOUT_PARAGRAPHS)
def test_a_page_without_paragraphs_is_not_taken_as_a_whole(name: str) -> None:
    assert texts(WITHOUT_PARAGRAPHS[name]) == STORY
