"""Shapes that NewsML-G2 allows and that few agencies use: nothing of them is lost or misread."""

import pytest

from pipeline.entries.detect import parse_document
from pipeline.types import Entry, FeedDocument, Status

XHTML = "http://www.w3.org/1999/xhtml"


def only(body: str | bytes, timezone: str = "Europe/Berlin") -> Entry:
    found = parse_document(
        body.encode() if isinstance(body, str) else body, url="https://wire.example/a/items", timezone=timezone
    )
    assert isinstance(found, FeedDocument), found
    [entry] = found.entries
    return entry


def g2(content: str = "", within: str = "", meta: str = "") -> Entry:
    return only(
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/" xml:lang="es"><itemSet><newsItem guid="g">'
        f"<itemMeta>{meta}</itemMeta><contentMeta>{content}</contentMeta><contentSet>{within}</contentSet></newsItem>"
        "</itemSet></newsMessage>"
    )


def html(text: str, language: str = "") -> str:
    told = f' xml:lang="{language}"' if language else ""
    return f'<inlineXML{told}><html xmlns="{XHTML}"><body>{text}</body></html></inlineXML>'


def text_of(entry: Entry) -> list[str]:
    return [block.text for block in entry.body or ()]


CDATA_NITF = (
    "<inlineXML><![CDATA[<nitf><body><body.head><hedline><hl1>Fire</hl1></hedline><byline>By Ada Bell</byline>"
    "</body.head><body.content><p>One.</p><p>Two.</p></body.content></body></nitf>]]></inlineXML>"
)
BODIES = {
    "a rendition that is shorter comes first": html("<p>One.</p>") + html("<p>One.</p><p>Two.</p>"),
    "an empty rendition comes first": "<inlineXML/><inlineData>One.\n\nTwo.</inlineData>",
    "plain text beside HTML": f"<inlineData>One.</inlineData>{html('<p>One.</p><p>Two.</p>')}",
    "plain text that runs on beside HTML": f"<inlineData>One. Two.</inlineData>{html('<p>One.</p><p>Two.</p>')}",
    "a header of slugs, a headline and a clock": html(
        "<header><ul><li>Fire</li></ul><time>1 March</time><h1>Fire</h1></header><section><p>One.</p><p>Two.</p>"
        "</section><footer><p>nw ab cd</p></footer>"
    ),
    "who said a quotation": html("<blockquote><p>One.</p><footer>Two.</footer></blockquote>"),
    "a lead that stands in the header": html("<article><header><p>One.</p></header><p>Two.</p></article>"),
    "a notebook for editors behind it": html("<p>One.</p><p>Two.</p><h2>dpa-Notizblock</h2><p>Ada Bell, +49 1</p>"),
    "HTML that was escaped": "<inlineXML>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</inlineXML>",
    "NITF as CDATA": CDATA_NITF,
    "a page of HTML as CDATA": "<inlineData><![CDATA[<!DOCTYPE html><html><head><style>p{}</style></head><body><p>One."
    "</p><p>Two.</p></body></html>]]></inlineData>",
    "HTML as Base64": '<inlineData encoding="encd:base64">PHA+T25lLjwvcD48cD5Ud28uPC9wPg==</inlineData>',
}


@pytest.mark.parametrize("within", BODIES.values(), ids=BODIES)
def test_the_text_of_an_item_is_its_fullest_rendition(within: str) -> None:
    assert text_of(g2(within=within)) == ["One.", "Two."]


def test_markup_that_is_cdata_says_who_wrote_it() -> None:
    entry = g2(within=CDATA_NITF)
    assert (entry.title, entry.authors) == ("Fire", ("Ada Bell",))


def test_of_several_languages_the_items_own_is_read() -> None:
    heads = '<headline xml:lang="en">Fire</headline><headline xml:lang="fr">Feu</headline>'
    bodies = html("<p>In English, at length.</p>", "en") + html("<p>En français.</p>", "fr")
    french = g2(f'<language tag="fr"/>{heads}', bodies)
    assert (french.language, french.title, text_of(french)) == ("fr", "Feu", ["En français."])
    first = g2(heads, bodies)
    assert (first.language, first.title, text_of(first)) == ("en", "Fire", ["In English, at length."])


def test_a_language_is_told_by_what_stands_around() -> None:
    assert g2().language == "es"
    assert g2(within=html("<p>x</p>", "pt-BR")).language == "pt-BR"


def test_headlines_are_ranked() -> None:
    assert g2('<headline rank="2">Second</headline><headline rank="1">First</headline>').title == "First"
    assert g2('<headline role="hld:sub">Sub</headline><headline role="hld:short">Short</headline>').title == "Short"


@pytest.mark.parametrize(
    ("creator", "authors"),
    [
        ('<creator role="crol:author"><name>Ada Bell</name></creator>', ("Ada Bell",)),
        ("<creator><name>Ada Bell</name><personDetails/></creator>", ("Ada Bell",)),
        ('<creator role="crol:author" type="cpnat:organisation"><name>Port Board</name></creator>', ()),
        ("<creator><name>Port Board</name></creator>", ()),
        ("<by>BY ADA BELL AND CY DAY</by>", ("ADA BELL", "CY DAY")),
    ],
)
def test_a_creator_is_an_author_if_something_says_so(creator: str, authors: tuple[str, ...]) -> None:
    assert g2(creator).authors == authors


def test_a_composite_item_with_its_own_text_is_a_text() -> None:
    entry = g2(within=html("<p>Text.</p>"), meta='<itemClass qcode="ninat:composite"/>')
    assert (entry.kind, text_of(entry)) == ("text", ["Text."])


@pytest.mark.parametrize("root", ["conceptItem", "knowledgeItem", "planningItem", "catalogItem"])
def test_what_is_no_news_is_passed_over(root: str) -> None:
    found = parse_document(f'<{root} guid="k" version="1"/>'.encode(), url="https://wire.example/", timezone="UTC")
    assert isinstance(found, FeedDocument)
    assert (found.format, found.entries, found.bad_items) == ("newsml_g2", (), ())


@pytest.mark.parametrize(
    ("encoding", "declared", "title"),
    [
        ("utf-16", "UTF-16", "Décès"),
        ("utf-16-be", "UTF-16", "Décès"),
        ("iso8859-2", "ISO-8859-2", "Łódź"),
        ("iso8859-9", "iso-8859-9", "İstanbul"),
        ("cp1251", "windows-1251", "Москва"),
        ("gb18030", "gb2312", "新华社"),
        ("euc-jp", "EUC-JP", "共同通信"),
        ("latin-1", "utf-8", "Décès"),
        ("utf-8-sig", "iso-8859-1", "Décès"),
    ],
)
def test_letters_are_read_in_the_encodings_of_agencies(encoding: str, declared: str, title: str) -> None:
    body = f'<?xml version="1.0" encoding="{declared}"?><newsItem guid="g"><contentMeta><headline>{title}</headline>'
    assert only(f"{body}</contentMeta></newsItem>".encode(encoding)).title == title


@pytest.mark.parametrize(
    "markup",
    ["<h:html><h:body><h:p>x</h:p></h:body></h:html>", "<html><body><p epub:type='z'>x</p></body></html>"],
)
def test_a_prefix_that_is_declared_nowhere_costs_no_text(markup: str) -> None:
    assert text_of(g2(within=f"<inlineXML>{markup}</inlineXML>")) == ["x"]


NOTEPAD = (
    f'<edNote><section xmlns="{XHTML}"><h3>Notes</h3><ul><li>Pictures follow</li></ul><ul><li>Desk: Ada Bell, '
    '<a href="mailto:a@wire.example">a@wire.example</a></li></ul></section></edNote>'
)
CONTACT = '<edNote pubconstraint="nw:nonpublic">Desk: Ada Bell, a@wire.example</edNote>'


def test_a_note_that_may_not_be_published_is_left_out_and_so_is_one_that_repeats_it() -> None:
    assert g2(meta=f"{NOTEPAD}{CONTACT}<edNote>Pictures follow</edNote>").note == "Pictures follow"


def test_a_note_that_may_not_be_published_orders_all_the_same() -> None:
    entry = g2(meta='<edNote pubconstraint="nw:nonpublic">Kill this story: the minister denies it</edNote>')
    assert (entry.status, entry.note) == (Status.CANCELED, None)
