"""ANPA 1312 and IPTC 7901 as agencies write them: what stands in no two files at the same place."""

from datetime import UTC, datetime

import pytest

from pipeline.entries.detect import parse_document
from pipeline.types import Entry, FeedDocument, Status


def story(body: str, timezone: str = "Europe/Vienna") -> Entry:
    document = parse_document(body.encode("cp1252"), url="file:///drop/1", timezone=timezone)
    assert isinstance(document, FeedDocument), document
    assert not document.bad_items
    [entry] = document.entries
    return entry


def iptc7901(
    text: str, *, information: str = "nw 0045", slug: str = "Harbour/fire", trailer: str = "011322 GMT Mar 26"
) -> str:
    return f"\x01nwe0003 3 i 120  {information}\r\n{slug}\r\n\x02{text}\r\n\x03{trailer}\r\n\x04"


def anpa(text: str, *, header: str = "BC-NW--Harbor-Fire  03-01 0640", trailer: str = "NW-WF-03-01-26 0745GMT<") -> str:
    return f"\x16\x16\x01N2607\x1fworld\nr a\x13\x11 {header}\n\x02{text}\n\t   \x03{trailer}\n\x0c\n\x04"


HEADS = {
    "a headline that a mark ends": ("Fire closes harbour =\nVelmar (nw) - Text.", "Fire closes harbour", (), None),
    "a headline over two lines": ("Fire closes\nharbour =\nVelmar (nw) - Text.", "Fire closes harbour", (), None),
    "marks, headline and byline": (
        "REFILE\n1ST LEAD\nFire closes harbour\nBy Uma Vik =\n\nVelmar (nw) - Text.",
        "Fire closes harbour", ("Uma Vik",), "refile, 1st lead",
    ),
    "a correspondent without a name": (
        "Fire in port\nBy nw correspondents =\nVelmar (nw) - Text.", "Fire in port", ("nw correspondents",), None,
    ),
    "a headline that begins with By": ("By the sea, a fire =\nVelmar (nw) - Text.", "By the sea, a fire", (), None),
    "Reuters' notes and byline in the text": (
        "UPDATE 2-Fire closes harbour\n   (Adds quote)\n   By Ada Bell\n   VELMAR, March 1 (NW) - Text.",
        "UPDATE 2-Fire closes harbour", ("Ada Bell",), "update 2",
    ),
    "AFP's sign of a new version": (
        "Brand im Hafen =\n+++ aktualisierte Fassung +++\nVelmar, 1. März (NW) - Text.", "Brand im Hafen", (), None,
    ),
    "a headline that no mark ends": ("Court upholds law\n\nVelmar, 1 Mar (NW) - Text.", "Court upholds law", (), None),
    "a headline before a flush text": ("Court upholds law\nVELMAR, March 1 - Text.", "Court upholds law", (), None),
    "no headline": ("Velmar (nw) - Text that is\nwrapped.", None, (), None),
    "a text alone": ("Text.", None, (), None),
}  # fmt: skip


@pytest.mark.parametrize(("text", "title", "authors", "signal"), HEADS.values(), ids=HEADS)
def test_headline_byline_and_marks_are_told_apart_from_the_text(
    text: str, title: str | None, authors: tuple[str, ...], signal: str | None
) -> None:
    entry = story(iptc7901(text))
    assert (entry.title, entry.authors, entry.signal) == (title, authors, signal)
    assert entry.body
    assert entry.body[0].text.endswith(("Text.", "wrapped."))
    assert len(entry.body) == 1


def test_a_subtitle_is_the_summary() -> None:
    entry = story(
        iptc7901("Brand im Hafen\r\nUtl.: Fähren warten =\r\n\r\n   Velmar (APA) - Text.", information="APA0123")
    )
    assert (entry.title, entry.summary, entry.agency) == ("Brand im Hafen", "Fähren warten", "APA")


@pytest.mark.parametrize(
    ("trailer", "at", "assumed"),
    [
        ("011322 GMT Mar 26", datetime(2026, 3, 1, 13, 22, tzinfo=UTC), None),
        ("NWP 011322 MRZ 26", datetime(2026, 3, 1, 12, 22, tzinfo=UTC), "Europe/Vienna"),
        ("011322 XYZ 26", None, None),
        ("011322 MAR 2026", datetime(2026, 3, 1, 12, 22, tzinfo=UTC), "Europe/Vienna"),
        ("011322 Mär 26", datetime(2026, 3, 1, 12, 22, tzinfo=UTC), "Europe/Vienna"),
        ("011322 CEST JUL 98", datetime(1998, 7, 1, 11, 22, tzinfo=UTC), None),
        ("311322 GMT Feb 26", None, None),
        ("012522 GMT Mar 26", None, None),
        ("", None, None),
    ],
)
def test_a_trailer_is_read_or_unknown(trailer: str, at: datetime | None, assumed: str | None) -> None:
    entry = story(iptc7901("Head =\nText.", trailer=trailer))
    assert (entry.version_at, entry.published_at, entry.assumed_timezone) == (at, at, assumed)


def test_without_a_trailer_no_date_is_made_up() -> None:
    entry = story("\x01nwe0003 3 i 120  nw 0045\r\nHarbour/fire\r\n\x02Head =\r\nText.\r\n")
    assert (entry.published_at, entry.published_raw, entry.wire_id) == (None, None, "slug:harbour/fire")


def test_the_leads_of_a_story_meet_and_a_kill_with_them() -> None:
    first = story(iptc7901("Fire closes harbour =\nText."))
    lead = story(iptc7901("2ND LEAD\nHarbour is open again =\nText.", trailer="011622 GMT Mar 26"))
    kill = story(iptc7901("MANDATORY KILL\nHarbour =\n\nEditors: please kill the story.", trailer="011722 GMT Mar 26"))
    assert first.wire_id == lead.wire_id == kill.wire_id == "slug:harbour/fire:2026-03-01"
    assert (first.version, lead.version, kill.version) == (None, 2, None)
    assert (first.status, lead.status, kill.status) == (Status.USABLE, Status.USABLE, Status.CANCELED)
    assert kill.note == "Editors: please kill the story."


def test_an_id_in_the_header_is_the_storys() -> None:
    entry = story(iptc7901("Kopf=\nVelmar (KNA) Text.", information="vvvvb KNA 260301-89-00065#2"))
    assert (entry.wire_id, entry.version, entry.agency) == ("260301-89-00065", 2, "KNA")
    assert entry.dateline_place == "Velmar"


@pytest.mark.parametrize(
    "text",
    [
        "EMBARGOED\nBudget speech =\nText.",
        "Budget speech\n(Embargo: 6 am) =\nText.",
        "Haushaltsrede\n(Sperrfrist 18.00 Uhr) =\nText.",
    ],
)
def test_a_story_under_an_embargo_is_held(text: str) -> None:
    entry = story(iptc7901(text))
    assert (entry.status, entry.embargo_until) == (Status.EMBARGOED, None)


@pytest.mark.parametrize(
    "note",
    ["ACHTUNG - Meldung zurückziehen", "BULLETIN KILL", "(Eds: Mandatory kill. The story is wrong)", "ZURÜCKGEZOGEN"],
)
def test_a_story_that_is_taken_back_is_canceled(note: str) -> None:
    assert story(iptc7901(f"{note}\nBudget =\nText.")).status is Status.CANCELED


@pytest.mark.parametrize("note", ["(Eds: Kill last graf)", "Five killed in fire", "(Updates with toll of 5 killed)"])
def test_a_story_that_speaks_of_killing_stands(note: str) -> None:
    assert story(iptc7901(f"{note}\nHarbour =\nText.")).status is Status.USABLE


@pytest.mark.parametrize(
    "body",
    [
        iptc7901("Head =\nText.").replace("\r\n", "\r\r\n"),
        "ZCZC\r\n" + iptc7901("Head =\nText.") + "NNNN\r\n",
        "\r\n\x00" + iptc7901("Head =\nText."),
        iptc7901("Head =\nText.").replace("\x02", ""),
        iptc7901("Head =\nText.").partition("\x03")[0],
    ],
    ids=["three line ends", "telex", "blanks before", "no STX", "cut off"],
)
def test_frames_that_are_not_quite_right_are_read(body: str) -> None:
    entry = story(body)
    assert (entry.title, entry.slugline, entry.urgency) == ("Head", "Harbour/fire", 3)
    assert entry.body
    assert [block.text for block in entry.body] == ["Text."]


# ------------------------------------------------------------------------------------------------ ANPA 1312


def test_typesetting_marks_are_what_they_stand_for() -> None:
    entry = story(
        anpa(
            "^BC-NW--Harbor Fire,12<\n^Fire `closed' a pier <\n\t   VELMAR (NW) _ ``It burnt,'' he said_ so.\n\t   ___"
        )
    )
    assert entry.title == "Fire ‘closed' a pier"
    assert entry.body
    assert [block.text for block in entry.body] == ["VELMAR (NW) — “It burnt,” he said_ so."]


def test_the_slug_is_told_from_a_headline_by_the_headers_keyword() -> None:
    entry = story(
        anpa(
            "Fire closes harbor\nEds: adds details\n\n\tVELMAR, Norland - Text.",
            header="Harbor-Fire, 2nd Ld  03-01 0120",
        )
    )
    assert (entry.slugline, entry.title, entry.note) == (
        "Harbor-Fire, 2nd Ld",
        "Fire closes harbor",
        "Eds: adds details",
    )
    assert (entry.wire_id, entry.version, entry.signal) == ("slug:harbor-fire:2026-03-01", 2, "2nd ld, adds")


@pytest.mark.parametrize(
    ("header", "trailer", "dateline", "day", "at"),
    [
        ("03-01", "NW-WF-03-01-26 0745GMT", "", "2026-03-01", datetime(2026, 3, 1, 7, 45, tzinfo=UTC)),
        ("02-28", "NW-WF-03-01-26 0145GMT", "", "2026-02-28", datetime(2026, 3, 1, 1, 45, tzinfo=UTC)),
        ("12-31", "NW-WF-01-01-26 0145GMT", "", "2025-12-31", datetime(2026, 1, 1, 1, 45, tzinfo=UTC)),
        ("03-01", "NW-WF-03-01-26 0145EST", "", "2026-03-01", datetime(2026, 3, 1, 6, 45, tzinfo=UTC)),
        ("13-03", "13-03-26 21-40-05", "", "2026-03-13", datetime(2026, 3, 13, 20, 40, tzinfo=UTC)),
        ("01-03", "01-03-26 21-40-05", "VELMAR, March 1 NW - ", "2026-03-01", datetime(2026, 3, 1, 20, 40, tzinfo=UTC)),
        ("03-01", "nw 03-01-26 01:45 xyz", "", "2026-03-01", None),
        ("03-01", "", "", "--03-01", None),
    ],
)
def test_the_year_comes_from_the_trailer_and_the_day_from_the_header(
    header: str, trailer: str, dateline: str, day: str, at: datetime | None
) -> None:
    entry = story(
        anpa(
            f"^BC-NW--Harbor Fire<\n^Head<\n\t{dateline}Text.",
            header=f"BC-NW--Harbor-Fire {header} 12",
            trailer=trailer,
        )
    )
    assert entry.wire_id == f"slug:nw--harbor fire:{day}"
    assert entry.published_at == at


def test_a_kill_says_why() -> None:
    entry = story(anpa("^BC-NW--Harbor Fire,Bulletin Kill<\n\tEditors: Kill BC-NW--Harbor Fire. There was no fire."))
    assert (entry.status, entry.wire_id) == (Status.CANCELED, "slug:nw--harbor fire:2026-03-01")
    assert entry.note == "Editors: Kill BC-NW--Harbor Fire. There was no fire."
