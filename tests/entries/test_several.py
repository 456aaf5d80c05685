"""Files with several XML documents, one after another: each is read, and none costs the others."""

import time

import pytest

from pipeline.entries.detect import parse_document
from pipeline.entries.several import documents_in
from pipeline.types import BadItem, FeedDocument

DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
DOCTYPE = '<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd" [<!ENTITY nw "Norland Wire">]>\n'


def nitf(name: str, text: str = "Words.") -> str:
    return (
        f'<nitf><head><title>{name}</title><docdata><doc-id id-string="{name}"/></docdata></head>'
        f"<body><body.head><hedline><hl1>{name}</hl1></hedline></body.head>"
        f"<body.content><p>{text}</p></body.content></body></nitf>\n"
    )


def g2(name: str) -> str:
    return (
        f'<newsItem guid="{name}" version="1"><itemMeta><itemClass qcode="ninat:text"/></itemMeta><contentMeta>'
        f"<headline>{name}</headline></contentMeta><contentSet><inlineXML><html><body><p>Words.</p></body></html>"
        "</inlineXML></contentSet></newsItem>\n"
    )


def newsml1(name: str, text: str = "<p>Words.</p>") -> str:
    return (
        "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>w.example</ProviderId><DateId>20260302</DateId>"
        f"<NewsItemId>{name}</NewsItemId><RevisionId>1</RevisionId></NewsIdentifier></Identification><NewsComponent>"
        f"<NewsLines><HeadLine>{name}</HeadLine></NewsLines><ContentItem><DataContent>{text}</DataContent></ContentItem>"
        "</NewsComponent></NewsItem></NewsML>\n"
    )


def read(body: str | bytes, max_items: int = 100) -> FeedDocument:
    found = parse_document(
        body if isinstance(body, bytes) else body.encode(), url="file:///drop/1", max_items=max_items
    )
    assert isinstance(found, FeedDocument), found
    return found


FILES = {
    "one behind the other": nitf("a") + nitf("b"),
    "on one line": nitf("a").strip() + nitf("b").strip(),
    "each with its declaration": DECLARED + nitf("a") + DECLARED + nitf("b"),
    "each with its doctype": DECLARED + DOCTYPE + nitf("a") + DECLARED + DOCTYPE + nitf("b"),
    "each with a byte order mark": "\ufeff" + DECLARED + nitf("a") + "\ufeff" + DECLARED + nitf("b"),
    "a comment between them": nitf("a") + "<!-- <nitf> -->" + nitf("b"),
    "stray ampersands": nitf("a", "Bell & Sons") + nitf("b", "Bell & Sons"),
    "words between them": nitf("a") + "\nNNNN\n\n" + nitf("b"),
    "NewsML-G2": DECLARED + g2("a") + DECLARED + g2("b"),
    "NewsML 1": DECLARED + newsml1("a") + newsml1("b"),
    "NITF and NewsML": nitf("a") + newsml1("b"),
    "a document within another": newsml1("a", f"<![CDATA[{DECLARED}{nitf('x')}]]>") + newsml1("b"),
    "an empty root": nitf("a") + "<nitf/>" + nitf("b"),
}


@pytest.mark.parametrize("body", FILES.values(), ids=FILES)
def test_all_documents_of_a_file_are_read(body: str) -> None:
    assert [entry.title for entry in read(body).entries] == ["a", "b"]


BROKEN = {
    "the first is cut off": nitf("x")[:150] + DECLARED + nitf("a") + nitf("b"),
    "the second is cut off, without a declaration": nitf("a") + nitf("x")[:150] + nitf("b"),
    "the last is cut off": nitf("a") + nitf("b") + nitf("x")[:150],
    "one is ill-formed": nitf("a") + nitf("x", "<b>Words.") + nitf("b"),
    "one is a page": nitf("a") + "<html><p>Come back later.</p></html>" + nitf("b"),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_broken_document_costs_itself_alone(body: str) -> None:
    document = read(body)
    assert [entry.title for entry in document.entries] == ["a", "b"]
    assert len(document.bad_items) == 1
    positions = [part.position for part in (*document.entries, *document.bad_items)]
    assert sorted(positions) == [0, 1, 2]


def test_each_document_has_its_own_encoding() -> None:
    latin = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + nitf("Grüße").encode("latin-1")
    titles = [entry.title for entry in read(latin + (DECLARED + nitf("Œuvre")).encode()).entries]
    assert titles == ["Grüße", "Œuvre"]


def test_a_file_of_broken_documents_is_told_of_as_one() -> None:
    found = parse_document((nitf("a")[:150] + nitf("b")[:150]).encode(), url="file:///drop/1")
    assert isinstance(found, BadItem)
    assert (found.position, found.reason) == (-1, "not_xml")


def test_items_beyond_the_limit_are_one_bad_item() -> None:
    document = read("".join(nitf(name) for name in "abcd"), max_items=2)
    assert [entry.title for entry in document.entries] == ["a", "b"]
    assert [(item.position, item.reason) for item in document.bad_items] == [(2, "too_large")]


@pytest.mark.parametrize("part", ['<a b="', "<a ", "<!--", "<![CDATA[", "<?a", "<a b='\"", "<!DOCTYPE"])
def test_hostile_markup_is_scanned_in_one_go(part: str) -> None:
    started_at = time.process_time()
    documents_in((part * 100_000).encode())
    assert time.process_time() - started_at < 2
