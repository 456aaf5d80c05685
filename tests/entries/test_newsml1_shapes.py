"""Shapes that NewsML 1 allows and that few agencies use: nothing of them is lost or misread."""

import pytest

from pipeline.entries.detect import parse_document
from pipeline.types import Entry, FeedDocument, Subject

XHTML = "http://www.w3.org/1999/xhtml"


def only(body: str | bytes, timezone: str = "Europe/Berlin") -> Entry:
    found = parse_document(
        body.encode() if isinstance(body, str) else body, url="https://wire.example/a/items", timezone=timezone
    )
    assert isinstance(found, FeedDocument), found
    [entry] = found.entries
    return entry


def newsml1(component: str = "", management: str = "", revision: str = "<RevisionId>2</RevisionId>") -> Entry:
    return only(
        "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>w.example</ProviderId><DateId>20260302</DateId>"
        f"<NewsItemId>1</NewsItemId>{revision}</NewsIdentifier></Identification><NewsManagement>{management}"
        f"</NewsManagement><NewsComponent>{component}</NewsComponent></NewsItem></NewsML>"
    )


def item(data: str, *, role: str = "", more: str = "", language: str = "en") -> str:
    told = f'<Role FormalName="{role}"/>' if role else ""
    return (
        f'<NewsComponent xml:lang="{language}">{told}{more}<ContentItem><DataContent>{data}'
        "</DataContent></ContentItem></NewsComponent>"
    )


def text_of(entry: Entry) -> list[str]:
    return [block.text for block in entry.body or ()]


@pytest.mark.parametrize(
    ("component", "texts"),
    [
        (item("&lt;P&gt;One.&lt;/P&gt;&lt;P&gt;Two.&lt;/P&gt;"), ["One.", "Two."]),
        (item("One. Two.") + item("<p>One.</p><p>Two.</p>"), ["One.", "Two."]),
        (item("<p>One.</p>", language="en") + item("<p>Un.</p>", language="fr"), ["One."]),
        (item("<p>One.</p>", language="en") + item("<p>Two.</p>", language="en-GB"), ["One.", "Two."]),
        (
            item("<p>One.</p>")
            + '<NewsComponent><ContentItem><Format FormalName="JPEG"/><Encoding Notation="Base64"><DataContent>/9j/4AAQ'
            "</DataContent></Encoding></ContentItem></NewsComponent>",
            ["One."],
        ),
    ],
    ids=["escaped", "two forms", "a translation", "two parts", "a picture in Base64"],
)  # fmt: skip
def test_the_components_of_an_item_are_one_text(component: str, texts: list[str]) -> None:
    assert text_of(newsml1(component)) == texts


def test_a_headline_is_that_of_the_component_with_the_text() -> None:
    alert = f"<NewsComponent>{item('Alert', role='Title')}{item('', role='Body')}</NewsComponent>"
    text = f"<NewsComponent>{item('Fire', role='Title')}{item('Words.', role='Body')}</NewsComponent>"
    entry = newsml1(alert + text)
    assert (entry.title, text_of(entry)) == ("Fire", ["Words."])


def test_headline_and_summary_may_be_documents() -> None:
    page = f'<html xmlns="{XHTML}"><body><p>%s</p></body></html>'
    parts = (
        item(page % "Fire", role="HeadLine") + item("It burns.", role="Abstract") + item(page % "Words.", role="Body")
    )
    entry = newsml1(f"<NewsComponent>{parts}</NewsComponent>")
    assert (entry.title, entry.summary, text_of(entry)) == ("Fire", "It burns.", ["Words."])


def test_a_revision_of_management_data_alone_keeps_the_text_unknown() -> None:
    assert newsml1(revision='<RevisionId PreviousRevision="1" Update="A">2</RevisionId>').body is None
    assert newsml1(revision='<RevisionId PreviousRevision="1" Update="N">2</RevisionId>').body == ()


def test_a_city_among_the_properties_is_the_place() -> None:
    entry = newsml1(
        '<DescriptiveMetadata><Property FormalName="City" Value="Velmar"/><SubjectCode>'
        '<SubjectDetail FormalName="04005001" Scheme="IptcSubjectCodes"/></SubjectCode></DescriptiveMetadata>'
        f"{item('x')}"
    )
    assert (entry.dateline_place, entry.subjects) == ("Velmar", (Subject(None, "subj", "04005001"),))


def test_four_components_deep_everything_is_found() -> None:
    lines = (
        "<NewsLines><HeadLine>Fire</HeadLine><DateLine>Velmar, 1 mars (NW) -</DateLine><ByLine>Par Ada Bell</ByLine>"
        "<CopyrightLine>(c) NW</CopyrightLine></NewsLines>"
    )
    entry = newsml1(f"<NewsComponent><NewsComponent>{item('<p>One.</p>', more=lines)}</NewsComponent></NewsComponent>")
    assert (entry.title, entry.dateline_place, entry.authors, entry.rights) == (
        "Fire",
        "Velmar",
        ("Ada Bell",),
        "(c) NW",
    )


def test_an_item_within_an_item_is_an_entry_of_its_own() -> None:
    inner = (
        "<NewsItem><Identification><NewsIdentifier><ProviderId>w.example</ProviderId><DateId>20260302</DateId><NewsItemId>2"
        f"</NewsItemId></NewsIdentifier></Identification>{item('Inner.')}</NewsItem>"
    )
    body = (
        "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>w.example</ProviderId><DateId>20260302</DateId>"
        f"<NewsItemId>1</NewsItemId></NewsIdentifier></Identification><NewsComponent>{inner}</NewsComponent></NewsItem></NewsML>"
    )
    found = parse_document(body.encode(), url="https://wire.example/", timezone="UTC")
    assert isinstance(found, FeedDocument)
    assert [(entry.wire_id, entry.kind, text_of(entry)) for entry in found.entries] == [
        ("urn:newsml:w.example:20260302:1", "composite", []),
        ("urn:newsml:w.example:20260302:2", "text", ["Inner."]),
    ]


def test_a_line_may_be_named_by_its_type() -> None:
    line = "<NewsLine><NewsLineType FormalName='HeadLine'/><NewsLineText>Fire</NewsLineText></NewsLine>"
    assert newsml1(item("x", more=f"<NewsLines>{line}</NewsLines>")).title == "Fire"
