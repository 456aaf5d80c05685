import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles.agencies import agency_credited, agency_named, agency_of_picture, is_end_mark, is_sign_off
from pipeline.articles.bylines import Byline, read_byline
from pipeline.articles.wire import Dateline, leading_dateline, place_name, read_dateline
from pipeline.types import Block

SITES = ("Northgate Courier",)


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("MOSCOW — The ministry said", Dateline("Moscow")),
        ("MOSCOW (AP) — The ministry said", Dateline("Moscow", "AP")),
        ("WASHINGTON, March 4 (Reuters) - The", Dateline("Washington", "Reuters", (3, 4))),
        ("(Reuters) - The", Dateline(None, "Reuters")),
        ("March 4 (Reuters) - The", Dateline(None, "Reuters", (3, 4))),
        ("BEIRUT/THE HAGUE, March 7 (Reuters) - An", Dateline("Beirut/The Hague", "Reuters", (3, 7))),
        ("NORTHGATE — A gate", Dateline("Northgate")),
        ("MANILA, March 1 - The", Dateline("Manila", None, (3, 1))),
        ("KANSAS CITY, Mo. (AP) — The", Dateline("Kansas City", "AP")),
        ("RIO DE JANEIRO — The", Dateline("Rio de Janeiro")),
        ("NEW YORK -- The", Dateline("New York")),
        ("BERLIN (dpa) - Der", Dateline("Berlin", "dpa")),
        ("Hamburg/Berlin (dpa/lno) – Der", Dateline("Hamburg/Berlin", "dpa")),
        ("Wien (APA) - Der", Dateline("Wien", "APA")),
        ("PARIS, 5 mars (AFP) - Le", Dateline("Paris", "AFP", (3, 5))),
        ("Madrid, 5 mar (EFE).- El", Dateline("Madrid", "EFE", (3, 5))),
        ("(ANSA) - ROMA, 05 MAR - Il", Dateline("Roma", "ANSA", (3, 5))),
        ("МОСКВА, 5 марта. /ТАСС/. Он", Dateline("Москва", "TASS", (3, 5))),
        ("МОСКВА, 5 мар - РИА Новости. Он", Dateline("Москва", "RIA Novosti", (3, 5))),
        ("TOKYO, March 5 (Kyodo) -- The", Dateline("Tokyo", "Kyodo", (3, 5))),
    ],
)
def test_a_dateline_is_read_in_the_forms_of_the_wires(text: str, dateline: Dateline) -> None:
    assert read_dateline(text) == dateline


@pytest.mark.parametrize(
    "text",
    [
        "Germany — which had voted — left",
        "NASA said — well",
        "Acme (ACME) - the maker",
        "BREAKING — The dam",
        "HOUSE WESTWIND - BAY OF VELMAR",
        "UPDATE 2 - The dam",
        "“No,” she said — twice",
        "U.S. — the",
        "",
    ],
)
def test_what_is_no_dateline_is_none(text: str) -> None:
    assert read_dateline(text) is None


STORY = "VELMAR, May 4 (Reuters) - The lock at the upper gate was closed on Monday."
LEADING: dict[str, tuple[list[str], Dateline]] = {
    "at the beginning": ([STORY], Dateline("Velmar", "Reuters", (5, 4))),
    "below a correction and a byline": (
        ["(Corrects the gate's name in the second paragraph. It is the upper one.)", "By Ada Holm", STORY],
        Dateline("Velmar", "Reuters", (5, 4)),
    ),
    "below a sentence, where it is another's": (["The lock keepers had been warned.", STORY], Dateline()),
    "one of many in a round-up": (["The day in the harbours", "VELMAR - A lock was shut.", STORY], Dateline()),
    "none": (["The lock was closed."], Dateline()),
    "no text": ([], Dateline()),
}


@pytest.mark.parametrize("name", LEADING)
def test_a_text_begins_with_its_dateline_or_with_notes_above_it(name: str) -> None:
    lines, dateline = LEADING[name]
    assert leading_dateline([Block(line) for line in lines]) == dateline


@pytest.mark.parametrize(
    ("written", "place"),
    [("ST. LOUIS", "St. Louis"), ("AIX-EN-PROVENCE", "Aix-en-Provence"), ("D.C.", "D.C."), ("McAllen", "McAllen")],
)
def test_a_place_is_written_as_a_text_would(written: str, place: str) -> None:
    assert place_name(written) == place


@pytest.mark.parametrize(
    ("raw", "byline"),
    [
        ("Von Anna Meier, dpa", Byline(("Anna Meier",), "dpa")),
        ("By JANE DOE and Tom Arden, Associated Press", Byline(("JANE DOE", "Tom Arden"), "AP")),
        ("By Jane Doe, Staff Writer jane@paper.example", Byline(("Jane Doe",))),
        ("Reuters Staff", Byline((), "Reuters")),
        ("dpa/lno", Byline((), "dpa")),
        ("Par Maëlle Le Goff avec AFP", Byline(("Maëlle Le Goff",), "AFP")),
        ("Por Lucía Herrero y Ana Díaz", Byline(("Lucía Herrero", "Ana Díaz"))),
        ("Northgate Courier with AFP", Byline((), "AFP")),
        ("Tom Arden - Northgate Courier", Byline(("Tom Arden",))),
        ("Byron Vonderheide", Byline(("Byron Vonderheide",))),
        ("Lenhart, Maria", Byline(("Maria Lenhart",))),
        ("paper.example, Velmar, Ostrand", Byline()),
        ("https://social.example/tomarden", Byline()),
        ("", Byline()),
    ],
)
def test_persons_and_agencies_stand_apart(raw: str, byline: Byline) -> None:
    assert read_byline([raw], SITES) == byline


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Mit Material von AFP", "AFP"),
        ("Source: AP", "AP"),
        ("(dpa)", "dpa"),
        ("© dpa-infocom, dpa:240305-99-1/2", "dpa"),
        ("Avec AFP", "AFP"),
        ("Quelle: SID", "SID"),
        ("He taught at AP level for years.", None),
        ("The paper and the union", None),
    ],
)
def test_a_credit_line_names_the_agency(line: str, agency: str | None) -> None:
    assert agency_credited(line) == agency


def test_a_pictures_credit_names_who_delivered_it() -> None:
    assert agency_of_picture("Lena Ost, Pool Photo via AP") == "AP"
    assert agency_of_picture("Foto: Jens Okken/dpa") == "dpa"
    assert agency_of_picture("Lena Ost") is None


def test_a_sign_off_is_the_desks() -> None:
    assert is_sign_off("(Reporting by Tom Arden; Editing by Jane Doe)")
    assert is_sign_off("Additional reporting by A. Holm in Velmar; editing by Bo Pier.")
    assert not is_sign_off("Reporting on the storm was hard.")
    assert not is_sign_off("Reporting by the committee showed that ten people had died.")
    assert not is_sign_off("Writing by hand helps children learn, the study says.")


@pytest.mark.parametrize(
    "line",
    [
        "ends",
        "(Ends)",
        "-30-",
        "(more)",
        "AAP gfr",
        "dpa ab cd",
        "51 03 CRO01 APE4800 GEST",
        "(BusinessDesk)",
        "(ANSA).",
        "(Schluss) ab/cd",
        "ab/cd/ef",
        "bur-ab/cd",
        "ABC // DEF",
        "AAP ab/cde",
        "Enditem",
    ],
)
def test_a_wires_text_ends_before_its_end_mark(line: str) -> None:
    assert is_end_mark(line)


@pytest.mark.parametrize(
    "line",
    [
        "The story ends.",
        "It was no more.",
        "lock keeper, 30",
        "AAP said so",
        "He (the keeper)",
        "(He was 84.)",
        "Schluss mit lustig",
        "Yes and/or no",
    ],
)
def test_a_sentence_is_no_end_mark(line: str) -> None:
    assert not is_end_mark(line)


def test_a_person_is_no_agency() -> None:
    assert agency_named("Anna Meier") is None


@given(st.text(max_size=200))
def test_no_text_raises_or_hangs(text: str) -> None:
    read_dateline(text)
    read_byline([text])
    agency_credited(text)
