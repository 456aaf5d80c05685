"""What notes to editors, marks and instructions order: to kill a story, to withhold it, to keep it until a time."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipeline.entries.detect import parse_document
from pipeline.entries.orders import embargo_stamp, is_embargo_ordered, opens_embargo, status_ordered
from pipeline.types import Entry, FeedDocument, Status

FILED_AT = datetime(2026, 3, 1, 10, tzinfo=UTC)


def only(body: str) -> Entry:
    found = parse_document(body.encode(), url="https://wire.example/items", timezone="Europe/Berlin")
    assert isinstance(found, FeedDocument), found
    [entry] = found.entries
    return entry


def g2(meta: str) -> Entry:
    return only(f'<newsItem guid="g" version="1"><itemMeta>{meta}</itemMeta></newsItem>')


def newsml1(management: str) -> Entry:
    identifier = "<NewsIdentifier><ProviderId>w.example</ProviderId><NewsItemId>1</NewsItemId></NewsIdentifier>"
    return only(
        f"<NewsML><NewsItem><Identification>{identifier}</Identification><NewsManagement>{management}</NewsManagement>"
        "<NewsComponent><ContentItem><DataContent>Text.</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
    )


def iptc7901(mark: str) -> Entry:
    text = "Fire closes harbour =\nVelmar (nw) - A fire closed the harbour."
    return only(f"\x01nwe0003 3 i 120  nw 0045\nHarbour/fire\n\x02{mark}\n{text}\n\x03011322 GMT Mar 26\n\x04")


def anpa(mark: str) -> Entry:
    head, text = f"^BC-NW--Harbor Fire,640<\n^{mark}<\n^Fire closes harbor<", "\tVELMAR (NW) _ A fire."
    return only(
        f"\x01r a\x13\x11 BC-NW--Harbor-Fire  03-01 0640\n\x02{head}\n{text}\n\x03NW-WF-03-01-26 0745GMT<\n\x04"
    )


KILLS = (
    "KILL",
    "Eds: Kill the story. It is false.",
    "ATTENTION EDITORS: STORY WITHDRAWN",
    "The story has been withdrawn.",
    "Members using BC-NW--Harbor Fire are asked to kill the story.",
    "EDITORS: Eliminate BC-NW--Harbor Fire",
    "Achtung Redaktionen, bitte streichen Sie die Meldung nw 0045",
    "Die Meldung wird zurückgezogen.",
    "ATTENTION - ANNULE",
    "La dépêche est annulée.",
    "ANNULLARE",
    "La nota ha sido anulada",
    "Please disregard the story",
)
HOLDS = (
    "WITHHOLD",
    "Do not use.",
    "Do not publish this story",
    "Eds: BC-NW--Harbor Fire is being withheld.",
    "EDITORS NOTE: Members should not use the story",
    "Bitte nicht verwenden",
    "Ne pas publier",
)
NO_ORDERS = (
    "Kill last graf.",
    "Withdraw the second paragraph",
    "Do not use photo",
    "Do not use without credit",
    "Not for publication: the desk's number",
    "Delete reference to the minister",
    "Disregard previous version",
    "Achtung Redaktionen, bitte streichen Sie den zweiten Absatz",
    "Annule et remplace",
    "ANNULLA E SOSTITUISCE",
    "The victim's name is being withheld by police",
    "The story is about a killed minister",
    "Killed in action: new tally",
)


@pytest.mark.parametrize(
    ("note", "status"),
    [
        *((note, Status.CANCELED) for note in KILLS),
        *((note, Status.WITHHELD) for note in HOLDS),
        *((note, Status.USABLE) for note in NO_ORDERS),
    ],
)
def test_a_note_orders_a_kill_or_a_hold_or_neither(note: str, status: Status) -> None:
    assert status_ordered(Status.USABLE, note) is status
    assert status_ordered(Status.CANCELED, note) is Status.CANCELED


@pytest.mark.parametrize(
    ("note", "stamp"),
    [
        ("Embargoed to 0001 GMT, Friday, 3 March", "2026-03-03 00:01 GMT"),
        ("Embargo: 3 March 2026 1800 hrs IST", "2026-03-03 18:00 IST"),
        ("EMBARGO jusqu'à lundi 2 mars 06h00 GMT", "2026-03-02 06:00 GMT"),
        ("Sperrfrist: Sonntag, 1. März 2026, 18.00 Uhr", "2026-03-01 18:00"),
        ("Sperrfrist: 03.03.2026, 6 Uhr", "2026-03-03 06:00"),
        ("Embargoed until 2026-03-03 06:00 CET", "2026-03-03 06:00 CET"),
        ("ADVANCE FOR RELEASE AT 6 A.M. EST, MARCH 15", "2026-03-15 06:00 EST"),
        ("For use Sunday, March 15 and thereafter", "2026-03-15 23:59:59"),
        ("Embargoed until noon on March 3", "2026-03-03 23:59:59"),
        ("Embargo 4/5/2026 10:00", "2026-05-04 10:00"),
        ("Embargoed until 31 December", "2025-12-31 23:59:59"),
        ("HOLD FOR RELEASE UNTIL 6 P.M.", None),
        ("Embargoed until further notice", None),
        ("The embargo was lifted on 3 March at 6 pm", None),
        ("Corrects the date to 3 March 2026, 10:00", None),
        (None, None),
    ],
)
def test_an_embargo_ends_when_its_note_says_and_rather_late_than_early(note: str | None, stamp: str | None) -> None:
    assert embargo_stamp(note, FILED_AT) == stamp


@pytest.mark.parametrize(
    ("note", "is_held"),
    [
        ("Not to be published before Monday", True),
        ("Sous embargo", True),
        ("Embargado hasta el lunes", True),
        ("FOR RELEASE SUNDAY", True),
        ("FOR RELEASE: IMMEDIATE", False),
        ("For immediate release", False),
        ("For use until 2027", False),
        ("Sperrfrist aufgehoben", False),
        ("Keine Sperrfrist", False),
        ("Advance for women's rights", False),
    ],
)
def test_an_embargo_is_told_in_many_words(note: str, is_held: bool) -> None:
    assert is_embargo_ordered(note) is is_held


@pytest.mark.parametrize("headline", ["Embargo fears rise", "Cuba under embargo for 60 years", "Advance for women"])
def test_a_headline_about_an_embargo_is_none(headline: str) -> None:
    assert not opens_embargo(headline)


@pytest.mark.parametrize("build", [iptc7901, anpa])
@pytest.mark.parametrize(
    ("mark", "status"),
    [
        ("ELIMINATE", Status.CANCELED),
        ("MANDATORY KILL", Status.CANCELED),
        ("Meldung zurückgezogen", Status.CANCELED),
        ("/ANNULLA/", Status.CANCELED),
        ("WITHHOLD", Status.WITHHELD),
        ("WITHHELD - DO NOT USE", Status.WITHHELD),
        ("HOLD FOR RELEASE", Status.EMBARGOED),
        ("EMBARGO jusqu'à lundi 06h00 GMT", Status.EMBARGOED),
        ("ADVANCE FOR WEEKEND EDITIONS", Status.EMBARGOED),
        ("ANNULE ET REMPLACE", Status.USABLE),
        ("URGENT", Status.USABLE),
    ],
)  # fmt: skip
def test_a_line_of_marks_decides_where_a_format_has_no_status(
    build: Callable[[str], Entry], mark: str, status: Status
) -> None:
    entry = build(mark)
    assert entry.status is status
    assert (entry.title or "").startswith("Fire closes harbo")


ENDS = {
    "NewsML-G2": g2("<versionCreated>2026-03-01T10:00:00Z</versionCreated><edNote>Embargo: 3 March 0600 GMT</edNote>"),
    "NITF": only(
        '<nitf><head><docdata><date.issue norm="20260301T100000Z"/><date.release norm="20260301T100000Z"/>'
        '<ed-msg info="Embargo: 3 March 0600 GMT"/></docdata></head><body><body.content>x</body.content></body></nitf>'
    ),
    "NewsML 1": newsml1(
        "<ThisRevisionCreated>20260301T100000Z</ThisRevisionCreated><Status FormalName='Usable'/>"
        "<Instruction FormalName='Note'>Embargo: 3 March 0600 GMT</Instruction>"
    ),
    "ninjs": only(
        json.dumps(
            {
                "uri": "north:1",
                "headline": "Fire",
                "versioncreated": "2026-03-01T10:00:00Z",
                "ednote": "Embargo: 3 March 0600 GMT",
            }
        )
    ),
    "Ritzau": only(
        "<RBNews><HistID>H</HistID><PublishDate>2026-03-01T10:00:00Z</PublishDate>"
        "<TilRedaktionen>Embargo: 3 March 0600 GMT</TilRedaktionen></RBNews>"
    ),
    "IPTC 7901": iptc7901("(Embargo: 3 March 0600 GMT)"),
    "ANPA 1312": anpa("Eds: Embargo to 0600 GMT March 3"),
}


@pytest.mark.parametrize("entry", ENDS.values(), ids=ENDS)
def test_an_embargo_that_a_note_alone_tells_is_kept_until_its_end(entry: Entry) -> None:
    assert (entry.status, entry.embargo_until) == (Status.EMBARGOED, datetime(2026, 3, 3, 6, tzinfo=UTC))


def test_an_embargo_where_the_text_begins_is_one_and_its_zone_is_the_agencys() -> None:
    entry = only(
        "\x01nwe0003 3 i 120  nw 0045\nHarbour/fire\n\x02Fire closes harbour =\n\n"
        "Sperrfrist: 1. März 2026, 18.00 Uhr\n\nVelmar (nw) - A fire.\n\x03011322 GMT Mar 26\n\x04"
    )
    assert (entry.status, entry.embargo_until) == (Status.EMBARGOED, datetime(2026, 3, 1, 17, tzinfo=UTC))
    assert entry.assumed_timezone == "Europe/Berlin"
    assert [block.text for block in entry.body or ()] == ["Velmar (nw) - A fire."]


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (g2("<pubStatus>canceled</pubStatus>"), Status.CANCELED),
        (g2('<pubStatus literal="withheld"/>'), Status.WITHHELD),
        (g2('<pubStatus qcode="status:Retracted"/>'), Status.CANCELED),
        (newsml1('<Status FormalName="Deleted"/>'), Status.CANCELED),
        (newsml1('<Status FormalName="Usable"/><Instruction FormalName="Delete"/>'), Status.CANCELED),
        (newsml1('<Status FormalName="Usable"/><Instruction FormalName="KillItem"/>'), Status.CANCELED),
        (newsml1('<Status FormalName="Usable"/><Instruction FormalName="Update"/>'), Status.USABLE),
        (newsml1('<Status FormalName="Usable"/><Instruction FormalName="Lift Embargo"/>'), Status.USABLE),
        (only('{"uri": "n:1", "headline": "F", "status": "canceled"}'), Status.CANCELED),
        (only('{"uri": "n:1", "headline": "F", "status": "ok"}'), Status.USABLE),
        (only('{"uri": "n:1", "headline": "F", "pubstatus": "RECALLED"}'), Status.CANCELED),
        (only('{"uri": "n:1", "headline": "F", "pubstatus": "published"}'), Status.USABLE),
    ],
    ids=range(12),
)
def test_a_status_is_read_wherever_it_stands(entry: Entry, status: Status) -> None:
    assert entry.status is status
