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
        ("", ""),
    ],
)
def test_squash_makes_one_clean_line(written: str, squashed: str) -> None:
    assert squash(written) == squashed


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("one two-three don’t", 3), ("東京都", 2), ("– – –", 0), ("Größe 12", 2)],
)
def test_words_are_counted_as_a_reader_counts_them(text: str, words: int) -> None:
    assert count_words(text) == words
