"""Shapes that NITF allows and that few agencies use: nothing of them is lost or misread."""

from datetime import UTC, datetime

import pytest

from pipeline.entries.detect import parse_document
from pipeline.types import Caption, Entry, FeedDocument


def only(body: str | bytes, timezone: str = "Europe/Berlin") -> Entry:
    found = parse_document(
        body.encode() if isinstance(body, str) else body, url="https://wire.example/a/items", timezone=timezone
    )
    assert isinstance(found, FeedDocument), found
    [entry] = found.entries
    return entry


def nitf(docdata: str = "", head: str = "", content: str = "<p>Words.</p>", end: str = "") -> Entry:
    return only(
        f"<nitf><head><docdata>{docdata}</docdata></head><body><body.head>{head}</body.head>"
        f"<body.content>{content}</body.content><body.end>{end}</body.end></body></nitf>"
    )


def text_of(entry: Entry) -> list[str]:
    return [block.text for block in entry.body or ()]


@pytest.mark.parametrize(
    ("norm", "at"),
    [
        ("20260302101500", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("20260302101500-0500", datetime(2026, 3, 2, 15, 15, tzinfo=UTC)),
        ("202603021015Z", datetime(2026, 3, 2, 10, 15, tzinfo=UTC)),
        ("20260302T1015Z", datetime(2026, 3, 2, 10, 15, tzinfo=UTC)),
        ("2026-03-02T10:15:00.000+01:00", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("1772446500", datetime(2026, 3, 2, 10, 15, tzinfo=UTC)),
        ("1772446500000", datetime(2026, 3, 2, 10, 15, tzinfo=UTC)),
    ],
)
def test_a_stamp_without_its_t_is_no_other_stamp(norm: str, at: datetime) -> None:
    assert nitf(f'<date.issue norm="{norm}"/>').published_at == at


NITF_CONTENTS = {
    "CDATA": "<![CDATA[<p>One.</p><p>Two.</p>]]>",
    "escaped": "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;",
    "escaped within a paragraph": "<p>&lt;b&gt;One.&lt;/b&gt;</p><p>Two.</p>",
    "a script": "<p>One.</p><p>Two.</p><p>&lt;div id='x'&gt;&lt;/div&gt;&lt;script async&gt;&lt;/script&gt;</p>",
    "lines that are indented": "   One.\n   Two.",
}


@pytest.mark.parametrize("content", NITF_CONTENTS.values(), ids=NITF_CONTENTS)
def test_nitf_without_paragraphs_of_its_own_is_read(content: str) -> None:
    assert text_of(nitf(content=content)) == ["One.", "Two."]


def test_nitf_without_body_content_is_read() -> None:
    assert text_of(
        only("<nitf><body><body.head><hedline><hl1>H</hl1></hedline></body.head><p>One.</p></body></nitf>")
    ) == ["One."]


def test_each_kind_of_block_of_nitf_is_kept_in_order() -> None:
    entry = nitf(
        content="<block><hl2>Sub</hl2><p lede='true'>a <num>5</num> <money>6</money> <q>b</q></p>"
        "<bq><block><p>quoted</p></block></bq><ol><li>item</li></ol><pre>one\n\ntwo</pre><table><tr><th>H</th><td>1</td></tr></table>"
        "<media media-type='image'><media-caption>Under</media-caption><media-producer>NW</media-producer></media>"
        "<note><body.content><p>Note.</p></body.content></note><fn><body.content><p>Foot.</p></body.content></fn></block>",
        end="<tagline>Tag.</tagline>",
    )
    kinds = [(block.kind, block.text) for block in entry.body or ()]
    assert kinds[:5] == [
        ("heading", "Sub"),
        ("paragraph", "a 5 6 b"),
        ("quote", "quoted"),
        ("item", "item"),
        ("paragraph", "one"),
    ]
    assert text_of(entry)[5:] == ["two", "H 1", "Note.", "Foot.", "Tag."]
    assert entry.captions == (Caption("Under", "NW"),)


def test_escaped_markup_is_no_word_of_headline_abstract_and_caption() -> None:
    entry = nitf(
        head="<hedline><hl1>&lt;b&gt;Fire&lt;/b&gt; &amp;amp; smoke</hl1></hedline>"
        "<abstract><p>&lt;i&gt;It burns.&lt;/i&gt;</p></abstract>",
        content="<media><media-caption>&lt;p&gt;Smoke.&lt;/p&gt;</media-caption></media>",
    )
    assert (entry.title, entry.summary, entry.captions) == ("Fire & smoke", "It burns.", (Caption("Smoke."),))


@pytest.mark.parametrize(
    ("docdata", "status", "until"),
    [
        ('<date.issue norm="20260302T120000Z"/><date.release norm="20260302T120000Z"/>', "embargoed", None),
        (
            '<date.issue norm="20260302T120000Z"/><date.release norm="20260303T000000Z"/>',
            "embargoed",
            datetime(2026, 3, 3, tzinfo=UTC),
        ),
        ('<date.release norm="20260303T000000Z"/>', "embargoed", datetime(2026, 3, 3, tzinfo=UTC)),
    ],
)
def test_a_release_that_is_the_issue_ends_no_embargo(docdata: str, status: str, until: datetime | None) -> None:
    document = (
        f'<nitf><head><docdata management-status="embargoed">{docdata}</docdata></head><body>'
        "<body.content>x</body.content></body></nitf>"
    )
    entry = only(document)
    assert (entry.status.value, entry.embargo_until) == (status, until)
