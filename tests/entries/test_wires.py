"""What the XML wires say in their own ways: identities, kills, embargoes, kinds, text, in many agencies' shapes."""

from datetime import UTC, datetime

import pytest

from pipeline.entries.detect import parse_document
from pipeline.entries.newsml_urn import split_revision
from pipeline.entries.signals import is_embargo_told, status_told
from pipeline.entries.wire import agency_of, kind_of_media
from pipeline.types import Entry, FeedDocument, Status


def only(body: str) -> Entry:
    """The one entry of a document."""
    found = parse_document(body.encode(), url="https://wire.example/rmd/items", timezone="Europe/Berlin")
    assert isinstance(found, FeedDocument)
    (entry,) = found.entries
    return entry


def g2(meta: str = "", content: str = "", within: str = "", *, guid: str = "g", version: str = "1") -> Entry:
    return only(
        f'<newsItem guid="{guid}" version="{version}"><itemMeta><itemClass qcode="ninat:text"/>{meta}</itemMeta>'
        f"<contentMeta>{content}</contentMeta><contentSet>{within}</contentSet></newsItem>"
    )


def newsml1(management: str = "", component: str = "") -> Entry:
    return only(
        "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>w.example</ProviderId><DateId>20260302</DateId>"
        "<NewsItemId>1</NewsItemId><RevisionId>2</RevisionId></NewsIdentifier></Identification>"
        f"<NewsManagement>{management}</NewsManagement><NewsComponent>{component}</NewsComponent></NewsItem></NewsML>"
    )


def nitf(docdata: str = "", head: str = "", content: str = "<p>Words.</p>") -> Entry:
    return only(
        f"<nitf><head><docdata>{docdata}</docdata></head><body><body.head>{head}</body.head>"
        f"<body.content>{content}</body.content></body></nitf>"
    )


def text_of(entry: Entry) -> list[str]:
    return [block.text for block in entry.body or ()]


@pytest.mark.parametrize(
    ("urn", "story", "revision"),
    [
        ("urn:newsml:w.example:20260302:1234:3N", "urn:newsml:w.example:20260302:1234", 3),
        ("urn:newsml:w.example:20260302:1234:12", "urn:newsml:w.example:20260302:1234", 12),
        ("urn:newsml:w.example::1234:0U", "urn:newsml:w.example::1234", 0),
        ("urn:newsml:w.example:20260302:1234", "urn:newsml:w.example:20260302:1234", None),
        ("urn:newsml:localhost:2026-03-02T14:52:21:7", "urn:newsml:localhost:2026-03-02T14:52:21:7", None),
        ("tag:w.example,2026:newsml_A1:7", "tag:w.example,2026:newsml_A1:7", None),
        (None, None, None),
    ],
)
def test_a_urn_is_cut_before_its_revision(urn: str | None, story: str | None, revision: int | None) -> None:
    assert split_revision(urn) == (story, revision)


@pytest.mark.parametrize(
    ("docdata", "wire_id", "version"),
    [
        ('<doc-id id-string="ab-CIT-13-1"/><series series.part="1"/>', "ab-CIT", 13),
        ('<doc-id id-string="ab-CIT-13-2"/><series series.part="2"/>', "ab-CIT-2", 13),
        ('<doc-id id-string="2026-03-1"/>', "2026-03-1", None),
        ('<doc-id id-string="sak9_47"/><du-key key="sak9" version="48"/>', "sak9", 48),
        ('<doc-id id-string="sak9_47"/><du-key key="sak9"/>', "sak9", 47),
        ('<doc-id id-string="urn:newsml:w.example:20260302:5:2U"/>', "urn:newsml:w.example:20260302:5", 2),
        ('<du-key key="harbour"/>', "harbour", None),
        ("", None, None),
    ],
)
def test_a_nitf_file_names_its_story_and_its_version(docdata: str, wire_id: str | None, version: int | None) -> None:
    entry = nitf(docdata)
    assert (entry.wire_id, entry.version) == (wire_id, version)


def test_a_nitf_file_of_aps_api_has_the_id_of_its_address() -> None:
    body = (
        b'<nitf><head><docdata><doc-id regsrc="AP"/></docdata></head><body><body.content>x</body.content></body></nitf>'
    )
    item = "0123456789abcdef0123456789abcdef"
    found = parse_document(body, url=f"https://api.example/media/v/content/{item}.3/download?type=text&format=NITF")
    assert isinstance(found, FeedDocument)
    assert (found.entries[0].wire_id, found.entries[0].version) == (item, 3)


@pytest.mark.parametrize(
    "entry",
    [
        g2('<pubStatus qcode="stat:canceled"/>'),
        g2('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled/"/>'),
        g2('<pubStatus qcode="stat:usable"/><signal qcode="sig:kill"/>'),
        g2("<edNote>ATTENTION EDITORS: Please withdraw this story.</edNote>"),
        g2(content="<slugline>US--Harbor, KILL</slugline>"),
        g2(content="<headline>STORY KILL: Harbor closed</headline>"),
        newsml1('<Status FormalName="Canceled"/>'),
        newsml1('<Status FormalName="Usable"/><Instruction FormalName="Kill"/>'),
        newsml1('<Status FormalName="Usable"/><Instruction FormalName="Note">KILL. Wrong name.</Instruction>'),
        nitf('<ed-msg info="EDS: MANDATORY KILL. The story is false."/>'),
        only('<nitf><head><docdata management-status="canceled"/></head></nitf>'),
        only("<RBNews><HistID>H</HistID><Annuleret>true</Annuleret></RBNews>"),
        only("<RBNews><HistID>H</HistID><Status>Deleted news</Status></RBNews>"),
    ],
    ids=range(13),
)
def test_a_kill_is_a_kill_however_it_is_said(entry: Entry) -> None:
    assert entry.status is Status.CANCELED


@pytest.mark.parametrize(
    "note",
    [
        "Kill last graf.",
        "Adds quotes from Kill Bill star.",
        "EDS: withdraws photo",
        "Killed in action: new tally",
        None,
    ],
)
def test_a_note_that_orders_no_kill_is_none(note: str | None) -> None:
    assert status_told(Status.USABLE, None, note) is Status.USABLE


@pytest.mark.parametrize(
    ("note", "is_held"),
    [
        ("Embargoed to 0001 Friday", True),
        ("STRICTLY EMBARGOED: not for use before noon", True),
        ("EMBARGO until 6 am", True),
        ("Under embargo till Monday", True),
        ("Sperrfrist: Montag, 6 Uhr", True),
        ("The embargo has been lifted.", False),
        ("Adds reaction to the oil embargo", False),
        ("No embargo", False),
        (None, False),
    ],
)
def test_a_note_tells_of_an_embargo(note: str | None, is_held: bool) -> None:
    assert is_embargo_told(None, note) is is_held


@pytest.mark.parametrize(
    ("entry", "status", "until"),
    [
        (g2("<embargoed>2026-03-03T06:00:00+01:00</embargoed>"), Status.EMBARGOED, datetime(2026, 3, 3, 5, tzinfo=UTC)),
        (g2("<embargoed>2026-03-03 06:00:00</embargoed>"), Status.EMBARGOED, datetime(2026, 3, 3, 5, tzinfo=UTC)),
        (g2("<embargoed/>"), Status.EMBARGOED, None),
        (g2("<embargoed/><edNote/>"), Status.USABLE, None),
        (g2("<embargoed>soon</embargoed>"), Status.EMBARGOED, None),
        (g2('<embargoed/><pubStatus qcode="stat:withheld"/>'), Status.WITHHELD, None),
        (newsml1('<Status FormalName="Embargoed"/>'), Status.EMBARGOED, None),
        (
            newsml1(
                '<Status FormalName="Embargoed"/><StatusWillChange><FutureStatus FormalName="Canceled"/><DateAndTime>'
                '20260401T000000Z</DateAndTime></StatusWillChange><StatusWillChange><FutureStatus FormalName="Usable"/>'
                "<DateAndTime>20260302T230100+0000</DateAndTime></StatusWillChange>"
            ),
            Status.EMBARGOED,
            datetime(2026, 3, 2, 23, 1, tzinfo=UTC),
        ),
        (nitf('<date.issue norm="20260302T120000Z"/><date.release norm="20260302T120000Z"/>'), Status.USABLE, None),
        (
            nitf('<date.issue norm="20260302T120000Z"/><date.release norm="20260303T000000Z"/>'),
            Status.EMBARGOED,
            datetime(2026, 3, 3, tzinfo=UTC),
        ),
    ],
    ids=range(10),
)
def test_an_embargo_is_read_with_its_end(entry: Entry, status: Status, until: datetime | None) -> None:
    assert (entry.status, entry.embargo_until) == (status, until)


def test_an_inline_element_cuts_no_text() -> None:
    inline = "<inlineXML><html><body><p>a <b>b</b> c</p></body></html></inlineXML>"
    assert text_of(g2(within=inline)) == ["a b c"]
    assert text_of(nitf(content="<p>a <person>b</person> c</p>")) == ["a b c"]
    assert text_of(newsml1(component="<ContentItem><DataContent><p>a <b>b</b> c</p></DataContent></ContentItem>")) == [
        "a b c"
    ]
    assert text_of(
        only("<RBNews><HistID>H</HistID><content>&lt;p&gt;a &lt;b&gt;b&lt;/b&gt; c&lt;/p&gt;</content></RBNews>")
    ) == ["a b c"]


@pytest.mark.parametrize(
    "data",
    [
        "<nitf><body><body.content><p>One.</p><p>Two.</p></body.content></body></nitf>",
        "<html><head><title>T</title></head><body><p>One.</p><p>Two.</p></body></html>",
        "<body.content><p>One.</p><p>Two.</p></body.content>",
        "<p>One.</p><p>Two.</p>",
        "<![CDATA[<p>One.</p><p>Two.</p>]]>",
        "<![CDATA[<?xml version='1.0'?><nitf><head><title>T</title></head><body><body.head><hl1>T</hl1></body.head>"
        "<body.content><p>One.</p><p>Two.</p></body.content></body></nitf>]]>",
        "One.\n\nTwo.",
        "   One.\n   Two.",
    ],
)
def test_a_text_is_found_in_whatever_it_is_wrapped(data: str) -> None:
    item = f"<ContentItem><DataContent>{data}</DataContent></ContentItem>"
    assert text_of(newsml1(component=item)) == ["One.", "Two."]
    deeper = f"<NewsComponent><NewsComponent>{item}</NewsComponent></NewsComponent>"
    assert text_of(newsml1(component=deeper)) == ["One.", "Two."]
    holder = "inlineData" if data.startswith(("<![", "One", " ")) else "inlineXML"
    assert text_of(g2(within=f"<{holder}>{data}</{holder}>")) == ["One.", "Two."]


def test_a_body_that_lies_elsewhere_is_unknown_and_one_that_is_empty_is_empty() -> None:
    assert g2(within='<remoteContent href="https://w.example/a.xml"/>').body is None
    assert g2().body == ()
    assert newsml1(component='<ContentItem Href="a.xml"><MediaType FormalName="Text"/></ContentItem>').body is None
    assert newsml1().body == ()


def test_a_component_that_is_called_a_title_is_the_headline() -> None:
    entry = newsml1(
        component='<NewsComponent><Role FormalName="Title"/><ContentItem><DataContent>Head</DataContent></ContentItem>'
        '</NewsComponent><NewsComponent><Role FormalName="Lead"/><ContentItem><DataContent>Lead.</DataContent>'
        '</ContentItem></NewsComponent><NewsComponent><Role FormalName="Body"/><ContentItem><DataContent>Body.'
        "</DataContent></ContentItem></NewsComponent>"
    )
    assert (entry.title, text_of(entry)) == ("Head", ["Lead.", "Body."])


def test_utf8_is_read_whatever_is_declared() -> None:
    body = (
        '<?xml version="1.0" encoding="iso-8859-1"?><nitf><body><body.head><hl1>Décès</hl1></body.head></body></nitf>'
    )
    assert only(body).title == "Décès"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ninat:text", "text"),
        ("icls:picture", "picture"),
        ("http://cv.iptc.org/newscodes/ninature/video/", "video"),
        ("Photo", "picture"),
        ("Graphic", "graphic"),
        ("ninat:composite", "composite"),
        ("plinat:newscoverage", None),
        (None, None),
    ],
)
def test_a_kind_is_told_by_any_vocabulary(code: str | None, kind: str | None) -> None:
    assert kind_of_media(code) == kind


@pytest.mark.parametrize(
    ("credit", "provider", "agency"),
    [
        ("Northwire-", "nw.example", "Northwire"),
        ("Liv Strand / TT", "TT", "TT"),
        ("NW–AFP", "NW", "NW"),
        (None, "NW", "NW"),
        ("Northwire", None, "Northwire"),
        (None, None, None),
    ],
)
def test_an_agency_is_its_credit_line_or_the_provider_in_it(
    credit: str | None, provider: str | None, agency: str | None
) -> None:
    assert agency_of(credit, provider) == agency


def test_the_stamps_of_a_wire_say_whether_they_carry_a_zone() -> None:
    assert g2("<versionCreated>2026-03-02T10:00:00Z</versionCreated>").assumed_timezone is None
    assert g2("<versionCreated>2026-03-02T10:00:00</versionCreated>").assumed_timezone == "Europe/Berlin"
    assert newsml1("<FirstCreated>20260302T090000+0100</FirstCreated>").assumed_timezone is None
    assert nitf('<date.issue norm="20260302T090000"/>').assumed_timezone == "Europe/Berlin"
