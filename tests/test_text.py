import time

import pytest

from pipeline.text import count_words, squash


@pytest.mark.parametrize(
    ("written", "squashed"),
    [
        ("  two \n\t words ", "two words"),
        ("non\u00a0breaking", "non breaking"),
        ("Mit\u00adtel\u00adalter", "Mittelalter"),
        ("break\u200bable\ufeff", "breakable"),
        ("u\u0308ber", "über"),
        ("u\u00ad\u0308ber", "über"),
        ("Z" + 31 * "\u0301\u0323" + "o", "Ẓ" + 14 * "\u0323" + 15 * "\u0301" + "o"),
        (40 * "—", 40 * "—"),
        ("", ""),
    ],
)
def test_squash_makes_one_clean_line(written: str, squashed: str) -> None:
    assert squash(written) == squashed


def test_a_long_run_of_marks_costs_no_more_than_text() -> None:
    started_at = time.process_time()
    assert len(squash("a" + 200_000 * "\u0301\u0323")) < 40
    assert time.process_time() - started_at < 2  # by their square: half an hour


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("one two-three don’t", 3), ("東京都", 2), ("– – –", 0), ("Größe 12", 2)],
)
def test_words_are_counted_as_a_reader_counts_them(text: str, words: int) -> None:
    assert count_words(text) == words
