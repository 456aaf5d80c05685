"""Which story a slug names, and what it says of the version."""

import pytest

from pipeline.entries.slugs import (
    is_held,
    is_kill,
    leading_marks,
    mark_in,
    marks_of,
    slug_and_marks,
    wire_id_of_slug,
)

_STORY = "slug:us--harbor fire:2026-03-01"


@pytest.mark.parametrize(
    ("slug", "version", "signal"),
    [
        ("BC-US--Harbor Fire", None, None),
        ("BC-US--Harbor Fire,640", None, None),
        ("AM-US--Harbor  Fire, 0640<", None, None),
        ("BC-US--HARBOR FIRE, 1st Ld", 1, "1st ld"),
        ("BC-US--Harbor Fire, 2nd Ld-Writethru,1140", 2, "2nd ld-writethru"),
        ("BC-US--Harbor Fire 3rdLd-Writethru", 3, "3rdld-writethru"),
        ("PM-US--Harbor Fire, 11th Lead", 11, "11th lead"),
        ("BC-US--Harbor Fire, Correction", None, "correction"),
        ("BC-US--Harbor Fire,Bulletin Kill", None, "bulletin kill"),
        ("BC-US--Harbor Fire-BULLETIN KILL", None, "bulletin kill"),
        ("UPDATE 2-US--Harbor Fire", 2, "update 2"),
        ("US--Harbor Fire (UPDATE 3)", 3, "update 3"),
        ("US--Harbor Fire/", None, None),
    ],
)
def test_what_is_sent_of_a_story_has_one_id(slug: str, version: int | None, signal: str | None) -> None:
    assert wire_id_of_slug(slug, "2026-03-01") == (_STORY, version, signal)


@pytest.mark.parametrize(
    ("slug", "wire_id"),
    [
        ("BC-US--Weekly Update", "slug:us--weekly update:--03-01"),
        ("BC-US--Road Kill", "slug:us--road kill:--03-01"),
        ("BC-US--Harbor Fire-ABRIDGED, 2nd Ld", "slug:us--harbor fire-abridged:--03-01"),
        (
            "BC-US--Harbor Fire, 1st Add",
            "slug:us--harbor fire, 1st add:--03-01",
        ),  # what follows the story is none of it
        ("Norland/harbour/fire/", "slug:norland/harbour/fire:--03-01"),
        ("", None),
        (None, None),
        (" ,/ ", None),
    ],
)
def test_another_story_has_another_id(slug: str | None, wire_id: str | None) -> None:
    assert wire_id_of_slug(slug, "--03-01").wire_id == wire_id


def test_without_a_day_the_slug_alone_is_the_story() -> None:
    assert wire_id_of_slug("Harbour/fire", None).wire_id == "slug:harbour/fire"


@pytest.mark.parametrize(
    ("headline", "rest", "marks"),
    [
        ("UPDATE 2-Oil rises", "Oil rises", "update 2"),
        ("CORRECTED-UPDATE 1-Oil rises", "Oil rises", "corrected, update 1"),
        ("REFILE-FACTBOX-Oil", "FACTBOX-Oil", "refile"),
        ("KORREKTUR: Hafen bleibt zu", "Hafen bleibt zu", "korrektur"),
        ("(KORREKTUR) Hafen bleibt zu", "Hafen bleibt zu", "korrektur"),
        ("ROUNDUP 2/Hafen bleibt zu", "Hafen bleibt zu", "roundup 2"),
        ("Correction: Harbor story", "Harbor story", "correction"),
        ("Add-on sales rise", "Add-on sales rise", None),
        ("Update - the harbor", "Update - the harbor", None),
        ("Kill-joys win", "Kill-joys win", None),
        ("KILLINGS-Toll rises", "KILLINGS-Toll rises", None),
        ("UPDATE 2-", "UPDATE 2-", None),
    ],
)
def test_marks_before_a_headline_are_parted_from_it(headline: str, rest: str, marks: str | None) -> None:
    assert leading_marks(headline) == (rest, marks)


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("REFILE", "refile"),
        ("1ST LEAD", "1st lead"),
        ("2. Zusammenfassung", "2. zusammenfassung"),
        ("(KORREKTUR)", "korrektur"),
        ("BULLETIN KILL", "bulletin kill"),
        ("Lead in the water", None),
        ("", None),
    ],
)
def test_a_line_of_marks_alone_is_known(line: str, marks: str | None) -> None:
    assert marks_of(line) == marks


@pytest.mark.parametrize("mark", ["kill", "bulletin kill", "urgent, mandatory kill", "withdrawn", "zurückgezogen"])
def test_a_kill_is_known_by_its_mark(mark: str) -> None:
    assert is_kill(mark)
    assert not is_held(mark)


@pytest.mark.parametrize("mark", [None, "1st ld", "correction", "skills update"])
def test_other_marks_take_nothing_back(mark: str | None) -> None:
    assert not is_kill(mark)


def test_a_story_held_for_release_is_known_by_its_mark() -> None:
    assert is_held(slug_and_marks("BC-US--Budget Speech,HFR")[1])


@pytest.mark.parametrize(
    ("note", "mark"),
    [
        ("Adds quotes", "adds"),
        ("Eds: UPDATES with ferries", "updates"),
        ("(Corrects name in graf 2)", "corrects"),
        ("With AP Photos. Adds video.", None),
        (None, None),
    ],
)
def test_a_note_may_say_first_what_the_version_does(note: str | None, mark: str | None) -> None:
    assert mark_in(note) == mark
