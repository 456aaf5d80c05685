"""Near-duplicates: what is one story, what only looks like one, and that no order matters."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.topics.stories import BANDS, group, sign, verify
from pipeline.types import LinkInput, StoryEdge, StoryMember

STORY = """HOLMWICK, April 13 - The harbour authority of Holmwick said on Monday it would close the northern basin for
nine weeks while divers repair a lock gate that was bent by a drifting barge last month. Ferries to the outer islands
will leave from the fish quay instead, and fishing boats must land their catch at Strandby, 14 kilometres to the south.

The authority's director, Marit Olsen, told reporters that the gate had moved by 40 centimetres and could no longer be
shut against a spring tide. "We would rather lose a season than a town," she said. The repair is expected to cost 6.2
million crowns, most of which an insurer is to pay.

Fishermen said they had not been asked. Their union called a meeting for Wednesday evening and did not rule out a
blockade of the fish quay, where space is short even on quiet days."""

NOTICE = """The treasury's balance at the national bank stood at {0} million crowns on {1}, compared with {2} million
crowns on the day before, the bank said in its daily statement of the treasury's accounts. The balance held in the
tax and loan account was {3} million crowns against {4} million crowns, it said, adding that the figures are preliminary
and that they will be revised once the branches have reported all of the payments received."""


def article(text: str, article_id: str = "a") -> LinkInput:
    return LinkInput(article_id, "gazette", None, None, text, "en", None, (), datetime(2026, 4, 13, tzinfo=UTC))


def bands_shared(a: str, b: str) -> int:
    first, second = sign(article(a)), sign(article(b))
    assert first is not None
    assert second is not None
    return len(set(first.bands) & set(second.bands))


def paragraphs(*numbers: int) -> str:
    return "\n\n".join(STORY.split("\n\n")[number] for number in numbers)


SAME_STORY = {
    "the same text": STORY,
    "another paper's capitals, quotes and line breaks": STORY.upper().replace('"', "“").replace("\n", " "),
    "cut at the end": paragraphs(0, 1),
    "cut in the middle": paragraphs(0, 2),
    "a paper's own ending": paragraphs(0, 1) + "\n\nOur reporter adds that the bakery on the quay stays open.",
    "a corrected figure": STORY.replace("6.2", "6.4").replace("nine weeks", "eight weeks"),
}


@pytest.mark.parametrize("copy", SAME_STORY.values(), ids=SAME_STORY.keys())
def test_a_copy_is_found_and_verified(copy: str) -> None:
    assert bands_shared(STORY, copy) > 0
    edge = verify(("b", STORY), ("a", copy))
    assert edge is not None
    assert (edge.article_a, edge.article_b) == ("a", "b")
    assert edge.containment >= 0.6
    assert edge == verify(("a", copy), ("b", STORY))


def test_the_containment_is_of_the_shorter_text_in_the_longer() -> None:
    edge = verify(("a", STORY), ("b", paragraphs(0, 1)))
    assert edge is not None
    assert edge.containment == 1.0


OTHER_STORY = {
    "another story": NOTICE.format("3,120", "April 9", "2,911", "8,004", "8,190"),
    "too short to tell": STORY[:150],
    "no text": "",
}


@pytest.mark.parametrize("text", OTHER_STORY.values(), ids=OTHER_STORY.keys())
def test_another_text_is_not_joined(text: str) -> None:
    assert verify(("a", STORY), ("b", text)) is None


def test_the_notice_of_the_next_day_is_another_story_though_its_words_are_the_same() -> None:
    monday = NOTICE.format("3,120", "April 9", "2,911", "8,004", "8,190")
    tuesday = NOTICE.format("2,875", "April 10", "3,120", "7,951", "8,004")
    repeated = monday.replace("The treasury's balance", "REPEATED - The treasury's balance")
    assert verify(("a", monday), ("b", tuesday)) is None
    assert verify(("a", monday), ("b", repeated)) is not None


def test_a_table_of_figures_is_not_signed() -> None:
    rows = (f"{name} {n}.25 {n + 1}.50 {n * 3} {n * 7}" for n, name in enumerate(["Oats", "Rye", "Barley"] * 30))
    assert sign(article("\n".join(rows))) is None


def test_a_short_text_is_not_signed() -> None:
    assert sign(article(STORY[:150])) is None


def test_japanese_has_shingles_though_it_has_no_spaces() -> None:
    text = (
        "港湾局は月曜日、はしけの衝突で曲がった水門を修理するため、北側の船だまりを九週間閉鎖すると発表した。"
        "離島へのフェリーは魚市場前から出る。"
    )
    assert sign(article(text)) is not None
    assert verify(("a", text), ("b", text[: len(text) * 4 // 5])) is not None


def test_a_signature_is_the_same_on_every_machine() -> None:
    """Stored signatures are joined with new ones for years; when this fails, all articles are to be signed again."""
    signature = sign(article(STORY))
    assert signature is not None
    assert (signature.article_id, signature.shingles, len(signature.bands)) == ("a", 146, BANDS)
    assert signature.bands[:3] == (7359163395157152224, 5245931830860330692, 6228602541332506550)
    assert all(0 <= band < 2**64 for band in signature.bands)


def test_equal_rows_in_two_bands_make_two_hashes() -> None:
    signature = sign(article(STORY))
    assert signature is not None
    assert len(set(signature.bands)) == BANDS


def test_a_story_is_named_after_its_smallest_article() -> None:
    edges = [StoryEdge("b", "c", 0.7), StoryEdge("a", "c", 0.9), StoryEdge("e", "f", 1.0)]
    assert group(["f", "e", "d", "c", "b", "a"], edges) == [
        StoryMember("a", "a", 0.9),
        StoryMember("b", "a", 0.7),
        StoryMember("c", "a", 0.9),
        StoryMember("d", "d", None),
        StoryMember("e", "e", 1.0),
        StoryMember("f", "e", 1.0),
    ]


def test_a_recalled_article_does_not_hold_others_together() -> None:
    edges = [StoryEdge("a", "b", 0.8), StoryEdge("b", "c", 0.8)]
    assert group(["a", "c"], edges) == [StoryMember("a", "a", None), StoryMember("c", "c", None)]


IDS = [f"{number:02}" for number in range(12)]
EDGES = st.lists(
    st.builds(
        lambda pair, containment: StoryEdge(min(pair), max(pair), containment),
        st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True),
        st.floats(0.6, 1.0),
    ),
    max_size=15,
)


@given(edges=EDGES, seed=st.integers())
def test_groups_are_free_of_order(edges: Sequence[StoryEdge], seed: int) -> None:
    shuffled_ids, shuffled_edges = list(IDS), list(edges)
    random.Random(seed).shuffle(shuffled_ids)
    random.Random(seed).shuffle(shuffled_edges)
    members = group(IDS, edges)
    assert members == group(shuffled_ids, shuffled_edges)
    assert members == group(shuffled_ids, [*shuffled_edges, *edges])
    story_of = {member.article_id: member.story_id for member in members}
    assert all(story_of[edge.article_a] == story_of[edge.article_b] for edge in edges)
    assert all(story_of[story_id] == story_id <= article_id for article_id, story_id in story_of.items())
