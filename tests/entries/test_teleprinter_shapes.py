"""ANPA 1312 and IPTC 7901 as they arrive where a line, a mailbox or a program changed them."""

from datetime import UTC, datetime

import pytest

from pipeline.entries.detect import parse_document
from pipeline.types import Entry, FeedDocument

TEXT = "Fire closes harbour =\nVelmar (nw) - A fire.\n   It is out."
HEADER = "nwe0003 3 i 120  nw 0045"
STORY = f"\x01{HEADER}\nHarbour/fire\n\x02{TEXT}\n\x03011322 GMT Mar 26\n\x04"
BARE = f"{HEADER}\nHarbour/fire\n{TEXT}\n011322 GMT Mar 26\n"
HEAD = "^BC-NW--Harbor Fire,640<\n^Fire closes harbor<\n^By ADA BELL=\n"
AMERICAN = "\tVELMAR, Norland (NW) _ A fire.\n\tIt is out.\n"


def stories(body: str | bytes) -> tuple[Entry, ...]:
    plain = body if isinstance(body, bytes) else body.encode("cp1252")
    found = parse_document(plain, url="file:///drop/1", timezone="Europe/Vienna")
    assert isinstance(found, FeedDocument), found
    assert not found.bad_items
    return found.entries


def iptc7901(text: str = TEXT, *, header: str = HEADER, slug: str = "Harbour/fire", trailer: str = "") -> Entry:
    [entry] = stories(f"\x01{header}\n{slug}\n\x02{text}\n\x03{trailer}\n\x04")
    return entry


def anpa(
    head: str = HEAD, *, header: str = "r a\x13\x11 BC-NW--Harbor-Fire  03-01 0640", trailer: str = "NW-WF-03-01-26<"
) -> Entry:
    [entry] = stories(f"\x16\x16\x01N2607\n{header}\n\x02{head}{AMERICAN}\t   \x03{trailer}\n\x04")
    return entry


def text_of(entry: Entry) -> list[str]:
    return [block.text for block in entry.body or ()]


FRAMES = {
    "control characters": STORY,
    "idle characters before it": f"\x16\x16\x00{STORY}",
    "a telex's frame around them": f"ZCZC NW045\n{STORY}NNNN\n",
    "a telex's frame in their place": f"ZCZC NW045\n{BARE}NNNN\n",
    "a telex's frame that is not closed": f"\n\nZCZC\n\n{BARE}",
    "neither": BARE,
}


@pytest.mark.parametrize("body", FRAMES.values(), ids=FRAMES)
def test_a_story_is_read_in_any_frame(body: str) -> None:
    [entry] = stories(body)
    assert (entry.wire_id, entry.title) == ("slug:harbour/fire:2026-03-01", "Fire closes harbour")
    assert text_of(entry) == ["Velmar (nw) - A fire.", "It is out."]
    assert entry.published_at == datetime(2026, 3, 1, 13, 22, tzinfo=UTC)


@pytest.mark.parametrize("frame", ["{0}{1}", "ZCZC\n{0}NNNN\nZCZC\n{1}NNNN\n"])
def test_a_file_may_have_several_stories(frame: str) -> None:
    body = frame.format(STORY, STORY.replace("Harbour/fire", "Storm"))
    assert [entry.slugline for entry in stories(body)] == ["Harbour/fire", "Storm"]


@pytest.mark.parametrize(
    ("trailer", "hour"),
    [
        ("011322 GMT Mar 26", 13),
        ("01 1322 GMT MAR 2026", 13),
        ("011322GMT Mar 26", 13),
        ("011322 MEZ Mär 26", 12),
        ("011322 Mrz 26", 12),
        ("nw ab yy cd\n01.03.2026 13:22 UTC", 13),
        ("/nw/ab", None),
    ],
)
def test_a_trailer_is_read_as_it_is_written(trailer: str, hour: int | None) -> None:
    at = iptc7901(trailer=trailer).published_at
    assert at == (datetime(2026, 3, 1, hour, 22, tzinfo=UTC) if hour else None)


@pytest.mark.parametrize(
    ("header", "agency", "urgency"),
    [
        ("NW-0003 3 POL 120 /NW-045/", "NW", 3),
        ("bdt 0123 4 pl 250  dpa 0123", "dpa", 4),
        ("bdt 0123 4 pl 250  dpa-AFX 0123", "dpa-AFX", 4),
        ("FRA0123 4 F 0250 FRA /AFP-AB12", "AFP", 4),
        ("bdt0123 4 pl   dpa 0123", "dpa", 4),
    ],
)
def test_a_header_is_read_as_it_is_written(header: str, agency: str, urgency: int) -> None:
    entry = iptc7901(header=header)
    assert (entry.agency, entry.urgency) == (agency, urgency)


HEADS = {
    "a headline that ends like a dateline": (
        "Incendie au port (PAPIER GENERAL)\n\nPar Ada BELL\n\nVELMAR, 1 mars 2026 (NW) - Le port.",
        ("Incendie au port (PAPIER GENERAL)", ("Ada BELL",), None),
    ),
    "a correction and a headline": (
        "Berichtigung: Name im 2. Absatz\nBrand im Hafen =\nVelmar (nw) - Es brennt.",
        ("Brand im Hafen", (), "Berichtigung: Name im 2. Absatz"),
    ),
    "a correction that is the headline": (
        "KORREKTUR: Brand im Hafen =\nVelmar (nw) - Es brennt.",
        ("KORREKTUR: Brand im Hafen", (), None),
    ),
    "Lusa's line about a service": (
        "Porto fechado\n   *** Serviço áudio ***\n\n   Velmar, 01 mar 2026 (Lusa) - O porto.",
        ("Porto fechado", (), "Serviço áudio"),
    ),
    "ANSA's headline of a flash": (
        "++ Chiuso il porto ++\n   (ANSA) - VELMAR, 1 MAR - Il porto.",
        ("Chiuso il porto", (), None),
    ),
    "Reuters' points below the headline": (
        "UPDATE 2-Fire in port\n    * Harbour closed\n    By Ada Bell\n    VELMAR, March 1 (Reuters) - A fire.",
        ("UPDATE 2-Fire in port", ("Ada Bell",), None),
    ),
    "AFP's pictures": (
        "Incendie: le port fermé\n\nPar Ada BELL\n=(PHOTO)=\n   VELMAR, 1 mars 2026 (AFP) - Le port.",
        ("Incendie: le port fermé", ("Ada BELL",), None),
    ),
    "the keywords again": ("HARBOUR/FIRE\nBrand im Hafen =\nVelmar (nw) - Es brennt.", ("Brand im Hafen", (), None)),
}


@pytest.mark.parametrize(("text", "told"), HEADS.values(), ids=HEADS)
def test_what_stands_before_the_text_is_told_apart(text: str, told: tuple[str, tuple[str, ...], str | None]) -> None:
    entry = iptc7901(text)
    assert (entry.title, entry.authors, entry.note) == told
    assert len(entry.body or ()) == 1


@pytest.mark.parametrize(
    ("slug", "note", "signal"),
    [
        ("Wahlen/Bundestag/\n(Zusammenfassung 1430)", "Zusammenfassung 1430", "zusammenfassung 1430"),
        ("Wahlen/Bundestag/\n(Neu: Reaktionen)", "Neu: Reaktionen", None),
        ("Wahlen/Bundestag/", None, None),
    ],
)
def test_what_stands_in_brackets_below_the_keywords_is_not_of_the_story(
    slug: str, note: str | None, signal: str | None
) -> None:
    entry = iptc7901(slug=slug, trailer="011322 Mrz 26")
    assert (entry.wire_id, entry.version) == ("slug:wahlen/bundestag:2026-03-01", None)
    assert (entry.note, entry.signal) == (note, signal)


@pytest.mark.parametrize(("headline", "signal"), [("KORR: Brand im Hafen", "korr"), ("Eil +++ Brand im Hafen", "eil")])
def test_a_german_mark_stands_before_the_headline(headline: str, signal: str) -> None:
    assert iptc7901(f"{headline} =\nVelmar (nw) - Es brennt.").signal == signal


def test_the_day_of_a_header_is_the_storys_where_no_trailer_is() -> None:
    entry = iptc7901(header="APA0123 5 II 0250 WI       So, 01.Mär 2026")
    assert (entry.wire_id, entry.agency, entry.published_at) == ("slug:harbour/fire:2026-03-01", "nw", None)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "cp850"])
def test_letters_are_read_in_the_encodings_of_old_programs(encoding: str) -> None:
    [entry] = stories(STORY.replace("A fire", "Köln früher").encode(encoding))
    assert text_of(entry)[0] == "Velmar (nw) - Köln früher."


@pytest.mark.parametrize(
    "slug",
    [
        "BC-NW--Harbor Fire, 1st Ld-Writethru,640",
        "AM-NW--Harbor Fire, Bjt",
        "ADV 15 BC-NW--Harbor Fire",
        "BC-NW--Harbor Fire,ADV15-16,640",
        "BC-NW--Harbor Fire, Elimination",
        "BC-NW--Harbor Fire,WITHHOLD",
        "BC-NW--Harbor Fire, Clarification",
        "URGENT<\n^BC-NW--Harbor Fire",
    ],
)
def test_whatever_a_version_does_it_is_of_the_same_story(slug: str) -> None:
    entry = anpa(f"^{slug}<\n^Fire closes harbor<\n")
    assert (entry.wire_id, entry.title) == ("slug:nw--harbor fire:2026-03-01", "Fire closes harbor")


def test_the_day_of_an_advance_is_no_version() -> None:
    entry = anpa("^BC-NW--Harbor Fire,ADV15<\n^Fire closes harbor<\n")
    assert (entry.version, entry.status.value) == (None, "embargoed")


AMERICAN_STORY = f"r a BC-NW--Harbor-Fire 03-01 0640\n{HEAD}{AMERICAN}NW-WF-03-01-26 0745GMT<\n"
LOST = {
    "the format characters": "\x01N2607\n"
    + AMERICAN_STORY.replace("0640\n", "0640\n\x02").replace("NW-WF", "\x03NW-WF"),
    "all control characters": f"a2607 world\n{AMERICAN_STORY}",
}


@pytest.mark.parametrize("body", LOST.values(), ids=LOST)
def test_an_american_story_is_read_without_its_control_characters(body: str) -> None:
    [entry] = stories(body)
    assert (entry.wire_id, entry.title, entry.authors) == (
        "slug:nw--harbor fire:2026-03-01",
        "Fire closes harbor",
        ("ADA BELL",),
    )
    assert text_of(entry) == ["VELMAR, Norland (NW) — A fire.", "It is out."]
    assert entry.published_at == datetime(2026, 3, 1, 7, 45, tzinfo=UTC)


def test_a_byline_that_no_mark_ends_is_of_the_head() -> None:
    entry = anpa("^BC-NW--Harbor Fire<\n^Fire closes harbor<\n^By ADA BELL\n")
    assert (entry.authors, len(entry.body or ())) == (("ADA BELL",), 2)


def test_a_trailer_without_a_clock_still_names_the_year() -> None:
    entry = anpa()
    assert (entry.wire_id, entry.published_at) == ("slug:nw--harbor fire:2026-03-01", None)


def test_each_row_of_a_table_is_a_block() -> None:
    [entry] = stories(
        "\x01r s\x13\x12 BC-Standings 03-01 0040\n\x02^Standings<\nTeam;W;L\nVelmar;1;2\nPort;3;4\n\x03\n\x04"
    )
    assert text_of(entry) == ["Team W L", "Velmar 1 2", "Port 3 4"]


CODE_PAGES = {
    "cp1252": "L’été à Velmar: Übung, naïf, mañana, a“slip, pré–vu",
    "cp1250": "Pożar w porcie przed miesiącem, wybuchł rano",
    "iso8859-2": "Pożar w porcie przed miesiącem, wybuchł rano",
    "cp850": "Übung für Fährleute in Köln",
}


@pytest.mark.parametrize("page", CODE_PAGES)
def test_letters_are_those_of_the_code_page_that_leaves_words_whole(page: str) -> None:
    [entry] = stories(f"\x01{HEADER}\nSlug\n\x02{CODE_PAGES[page]} =\nText.\n\x03\x04".encode(page))
    assert entry.title == CODE_PAGES[page]


ITALIAN = """ZCZC NWI0123 7 CRO 0 NWI CRO NAZ

VELMAR: CHIUSO IL PORTO =

Velmar, 1 mar. (Nuovawire) - Il porto di Velmar e' stato
chiuso.

01-MAR-26 13:22

NNNN
"""


def test_a_header_behind_the_telexs_first_word_has_no_keywords_where_an_empty_line_follows() -> None:
    first, other = stories(ITALIAN + ITALIAN.replace("CHIUSO", "APERTO"))
    assert (first.title, other.title) == ("VELMAR: CHIUSO IL PORTO", "VELMAR: APERTO IL PORTO")
    assert (first.section, first.slugline, first.dateline_place) == ("CRO", None, "Velmar")
    assert text_of(first) == ["Velmar, 1 mar. (Nuovawire) - Il porto di Velmar e' stato chiuso."]
    assert first.published_at == datetime(2026, 3, 1, 12, 22, tzinfo=UTC)


def test_a_story_between_two_names_of_its_agency_is_no_note() -> None:
    entry = iptc7901("Chiuso il porto =\n(NW) - Velmar, 1 mar. - Il porto e' chiuso (NW)")
    assert (entry.note, len(text_of(entry))) == (None, 1)


def test_a_last_line_that_repeats_the_messages_number_is_its_trailer() -> None:
    entry = iptc7901(f"{TEXT}\n(Schluss) ab/cd\n\nnwe0003    2026-03-01/13:22", trailer="")
    assert text_of(entry)[-1] == "(Schluss) ab/cd"
    assert entry.published_at == datetime(2026, 3, 1, 12, 22, tzinfo=UTC)


def test_lines_that_begin_with_a_hat_are_of_the_head_though_no_mark_ends_them() -> None:
    entry = anpa("^BC-NW--Harbor Fire\n^(LEAD) Fire closes harbor\n^By Ada Bell\n")
    assert (entry.title, entry.authors, entry.signal) == ("(LEAD) Fire closes harbor", ("Ada Bell",), "lead")
    assert text_of(entry)[0].startswith("VELMAR")


@pytest.mark.parametrize("end", ["It is out. Enditem", "It is out.\n   Enditem"])
def test_an_end_mark_is_no_text(end: str) -> None:
    assert text_of(iptc7901(f"Fire closes harbour =\nVelmar (nw) - A fire.\n   {end}"))[-1] == "It is out."


@pytest.mark.parametrize("mark", ["Actualización", "AMPLIACIÓN", "Atualização", "Aggiornamento", "oprava"])
def test_what_a_version_does_is_told_in_the_languages_of_agencies(mark: str) -> None:
    assert iptc7901(slug=f"Harbour/fire\n({mark})").signal == mark.lower()
