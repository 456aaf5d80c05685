"""The small readers: stamps, bylines, datelines, subjects, paragraphs, markup, identities."""

import pytest

from pipeline.entries.bylines import names_of, place_of
from pipeline.entries.links import web_address
from pipeline.entries.markup import html_blocks, plain_text, tidy
from pipeline.entries.paragraphs import paragraphs
from pipeline.entries.stamps import feed_stamp
from pipeline.entries.subjects import relevance_of, subject_of, tag_of
from pipeline.entries.wire import status_of, urgency_of, version_of
from pipeline.types import Status, Subject


@pytest.mark.parametrize(
    ("raw", "timezone", "utc"),
    [
        ("Mon, 02 Mar 2026 18:05:00 CET", "UTC", "2026-03-02T17:05:00"),
        ("Mon, 06 Jul 2026 18:05:00 BST", "UTC", "2026-07-06T17:05:00"),
        ("Mon, 06 Jul 2026 18:05:00 (CEST)", "UTC", "2026-07-06T16:05:00"),
        ("Mon, 02 Mar 2026 18:05:00 EST", "UTC", "2026-03-02T23:05:00"),
        ("Mon, 02 Mar 2026 18:05:00 IST", "UTC", "2026-03-02T12:35:00"),
        ("Mon, 06 Jul 2026 18:05:00 IST", "Europe/Dublin", "2026-07-06T17:05:00"),
        ("Mon, 02 Mar 2026 18:05:00 CST", "Asia/Shanghai", "2026-03-02T10:05:00"),
        ("2026-03-02 18:05:00 JST", "UTC", "2026-03-02T09:05:00"),
        ("2026-03-02 18:05:00 +0100", "UTC", "2026-03-02T17:05:00"),
        ("2026-03-02T18:05:00", "Asia/Kolkata", "2026-03-02T12:35:00"),
        ("20260302T132446+0100", "UTC", "2026-03-02T12:24:46"),
        ("2026.03.02 14:45:26", "UTC", "2026-03-02T14:45:26"),
        ("Mon, 02 Mar 2026 18:05:00 -0000", "Asia/Tokyo", "2026-03-02T18:05:00"),
        ("Mon, 02 Mar 2026 18:05:00 GMT", "Asia/Tokyo", "2026-03-02T18:05:00"),
        ("0001-01-01T00:00:00Z", "UTC", None),
        ("YYYYMMDD000000-HHMM", "UTC", None),
        ("Mon, 02 Mar 2026 18:05:00 +99999999999999999", "UTC", None),
        ("9999-12-31 23:00:00 PST", "UTC", None),
        ("tomorrow", "UTC", None),
        ("1" * 500, "UTC", None),
        (None, "UTC", None),
    ],
)
def test_a_stamp_is_read_as_its_writer_meant_it(raw: str | None, timezone: str, utc: str | None) -> None:
    found = feed_stamp(raw, timezone)
    assert (found.isoformat().removesuffix("+00:00") if found else None) == utc


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By ADA BELL and CARL DAY", ["ADA BELL", "CARL DAY"]),
        ("By Benjamin Hill, Press Association", ["Benjamin Hill"]),
        ("Ada Bell, Carl Day and Eve Farr", ["Ada Bell", "Carl Day", "Eve Farr"]),
        ("Ada Bell; Carl Day", ["Ada Bell", "Carl Day"]),
        ("Bell, Ada", ["Ada Bell"]),
        ("Von Ida Jansen und Kai Lund", ["Ida Jansen", "Kai Lund"]),
        ("Par Odile Petit et Remy Roux", ["Odile Petit", "Remy Roux"]),
        ("Aaron Hill, Upper State University", ["Aaron Hill"]),
        ("desk@post.example (Gil Hart)", ["Gil Hart"]),
        ("Gil Hart <gil@post.example>", ["Gil Hart"]),
        ("desk@post.example", []),
        ("Anders And, Byron Bay", ["Anders And", "Byron Bay"]),
        ("Byron Hill", ["Byron Hill"]),
        ("  ", []),
        ("x" * 501, []),
        (None, []),
    ],
)
def test_a_byline_names_its_people(byline: str | None, names: list[str]) -> None:
    assert list(names_of(byline)) == names


@pytest.mark.parametrize(
    ("dateline", "located", "place"),
    [
        ("FORT WASHINGTON, Pa.", None, "FORT WASHINGTON"),
        ("SYDNEY March 22 AAP -", None, "SYDNEY"),
        ("OSLO, March 2 (Northwire) -", "Oslo", "Oslo"),
        ("NORTH TEST - ROMA, 01 LUG -", "Roma", "Roma"),
        ("FORT WASHINGTON, Pa.", "Pittsburgh", "FORT WASHINGTON"),
        ("2026-03-02 00:24:11 GMT+00:00", "Bergen", "Bergen"),
        ("2026-03-02 00:24:11", None, None),
        ("Aix-en-Provence", None, "Aix-en-Provence"),
        ("Santa Marta", None, "Santa Marta"),
        (None, None, None),
    ],
)
def test_a_dateline_names_its_place(dateline: str | None, located: str | None, place: str | None) -> None:
    assert place_of(dateline, located) == place


@pytest.mark.parametrize(
    ("scheme", "code", "name", "subject"),
    [
        (None, "medtop:20000170", "conflict", Subject("conflict", "medtop", "20000170")),
        (None, "http://cv.iptc.org/newscodes/mediatopic/20000170", None, Subject(None, "medtop", "20000170")),
        ("http://cv.iptc.org/newscodes/subjectcode", "04000000", None, Subject(None, "subj", "04000000")),
        ("medtop", "medtop:20000170", None, Subject(None, "medtop", "20000170")),
        ("north", "earn", "earn", Subject("earn", "north", "earn")),
        ("http://cv.north.example/id/", "9f", "War", Subject("War", "http://cv.north.example/id", "9f")),
        (None, "04005004", "oil", Subject("oil", "subj", "04005004")),
        (None, "20000170", None, Subject(None, "medtop", "20000170")),
        (None, "s", "sport", Subject("sport")),
        (None, None, " ", None),
    ],
)
def test_a_delivered_subject_has_a_short_scheme(
    scheme: str | None, code: str | None, name: str | None, subject: Subject | None
) -> None:
    assert subject_of(scheme=scheme, code=code, name=name) == subject


def test_a_publishers_tag_is_a_label_unless_it_is_a_news_code() -> None:
    assert tag_of("Brexit:live") == Subject("Brexit:live")
    assert tag_of("20001231") == Subject("20001231")
    assert tag_of("wages", "https://post.example/tags") == Subject("wages")
    assert tag_of("medtop:20000170", None, "conflict") == Subject("conflict", "medtop", "20000170")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One line\nwrapped by hand.", ["One line\nwrapped by hand."]),
        (
            "First.\n    Second, wrapped\nby hand.\n    Third.",
            ["First.", "    Second, wrapped\nby hand.", "    Third."],
        ),
        ("First.\n\nSecond.\r\n\r\nThird.", ["First.", "Second.", "Third."]),
        ("x" * 90 + "\nSecond.", ["x" * 90, "Second."]),
        ("The end.\n REUTER", ["The end."]),
        ("The end.\n REUTER...^M\n\x03", ["The end."]),
        ('"It is," he said. REUTER', ['"It is," he said.']),
        ("He told\nReuters.", ["He told\nReuters."]),
        ("", []),
    ],
    ids=[
        "wrapped",
        "indented",
        "blank lines",
        "long lines",
        "sign-off",
        "odd sign-off",
        "sign-off behind",
        "name",
        "none",
    ],
)
def test_plain_text_has_its_paragraphs(text: str, found: list[str]) -> None:
    assert [paragraph.rstrip() for paragraph in paragraphs(text)] == found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("AT&amp;T &#8216;rises&#8217;", "AT&T ‘rises’"),
        ("a < b and Vec<int>", "a < b and Vec<int>"),
        ("<p>One</p><p>two <b>th</b>ree</p>", "One two three"),
        ("line<br>break", "line break"),
        ("R&param stays", "R&param stays"),
        ("<script>x()</script>", None),
        ("it\x92s \x00odd\ud800", "it’s odd"),
        ("", None),
    ],
)
def test_a_title_is_text_on_one_line(value: str, text: str | None) -> None:
    assert plain_text(value) == text


def test_markup_however_deep_is_read() -> None:
    assert html_blocks("<div>" * 5_000 + "deep") is not None
    assert [block.text for block in html_blocks("<p>a <b>b</b> c</p>tail<ul><li>x<li>y</ul>")] == [
        "a b c",
        "tail",
        "x",
        "y",
    ]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/a", "https://base.example/a"),
        (" https://x.example/a\n b ", "https://x.example/ab"),
        ("mailto:a@x.example", None),
        ("http://[broken", None),
        (7, None),
    ],
)
def test_a_link_is_a_whole_web_address(link: object, address: str | None) -> None:
    assert web_address(link, "https://base.example/feed") == address


def test_versions_urgencies_and_relevances_are_numbers_or_unknown() -> None:
    assert [version_of(value) for value in (0, "0", "978556838", "draft", True, -1, 10**30, "9" * 40, None)] == [
        *(0, 0, 978556838, None, None, None, None, None, None)
    ]
    assert [urgency_of(value) for value in (3, "9", 0, 12, None)] == [3, 9, None, None, None]
    assert urgency_of(12, 5) == 5
    assert [relevance_of(value) for value in ("90", 80, 0.5, 1000, "x", float("nan"), True)] == [
        *(0.9, 0.8, 0.5, None, None, None, None)
    ]


@pytest.mark.parametrize(
    ("delivered", "status"),
    [
        (None, Status.USABLE),
        ("stat:usable", Status.USABLE),
        ("stat:withheld", Status.WITHHELD),
        ("stat:canceled", Status.CANCELED),
        ("Cancelled", Status.CANCELED),
        ("embargoed", Status.EMBARGOED),
        ("something new", Status.WITHHELD),
    ],
)
def test_a_status_that_is_not_known_is_withheld(delivered: str | None, status: Status) -> None:
    assert status_of(delivered) is status


def test_control_characters_and_nothing_are_none() -> None:
    assert tidy("\x00 \u200b") is None
