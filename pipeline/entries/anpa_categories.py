"""The category and priority letters of ANPA 1312, which AP's JSON still carries (AP Stylebook, "Filing the wire")."""

from pipeline.types import Subject

_NAMES = {
    "a": "National",
    "b": "Special events",
    "c": "Features",
    "d": "Food",
    "e": "Entertainment",
    "f": "Business",
    "i": "International",
    "k": "Commentary",
    "l": "Lifestyle",
    "n": "State and regional",
    "o": "Weather",
    "p": "Politics",
    "q": "Sports",  # the result of one event
    "r": "Sports",  # horse racing
    "s": "Sports",
    "t": "Travel",
    "v": "Advisories",
    "w": "Washington",
}

_PRIORITIES = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5}  # flash, bulletin, urgent, regular, deferred; a and s: advances


def category_name(letter: str | None) -> str | None:
    """What a category letter stands for; None for the letters that each agency uses as it likes."""
    return _NAMES.get((letter or "").strip().lower())


def category_subject(letter: str | None) -> Subject | None:
    """The category as it was delivered."""
    code = (letter or "").strip().lower()
    return Subject(category_name(code), "anpa", code) if code.isalpha() and len(code) <= 3 else None


def priority_of(letter: str) -> int | None:
    """A priority as a number, 1 the highest; a digit is its own."""
    return int(letter) if letter.isdecimal() and letter != "0" else _PRIORITIES.get(letter.lower())
