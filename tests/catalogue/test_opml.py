"""Subscription lists come from anywhere, well-formed or not, and leave no key in what is written."""

import pytest
from lxml import etree

from pipeline.catalogue import export_opml, import_opml, load_catalogue, skipped_outlines, write_toml
from pipeline.errors import CatalogueError
from pipeline.types import Delivery, Feed, Source


def opml(*outlines):
    return f'<?xml version="1.0"?><opml version="2.0"><body>{"".join(outlines)}</body></opml>'.encode()


def outline(url, **more):
    fields = " ".join(f'{name}="{value}"' for name, value in {"xmlUrl": url, **more}.items())
    return f"<outline {fields}/>"


def test_a_feed_becomes_a_publisher():
    body = opml(
        outline("https://planet.example/rss", text="The  Planet", htmlUrl="https://planet.example/", language="en")
    )
    assert import_opml(body) == (
        Source(
            id="planet-example",
            name="The Planet",
            kind="publisher",
            language="en",
            homepage="https://planet.example/",
            feeds=(Feed("planet-example/main", "planet-example", "https://planet.example/rss"),),
        ),
    )


def test_the_feeds_of_one_publisher_are_one_source_wherever_they_lie():
    body = opml(
        '<outline text="News">',
        outline("https://feeds.example/p/top", text="Planet: Top", htmlUrl="https://www.planet.example/"),
        '<outline text="Deeper">',
        outline("https://planet.example/sport.xml", text="Planet: Sport"),
        outline("https://planet.example/sport2.xml", text="Planet: Sport"),
        outline("https://planet.example/?x=1", text="日本"),
        outline("https://feeds.example/p/top", text="Twice", htmlUrl="https://www.planet.example/"),
        "</outline></outline>",
    )
    (source,) = import_opml(body)
    assert (source.id, source.name) == ("planet-example", "planet.example")
    assert [feed.id.partition("/")[2] for feed in source.feeds] == [
        "planet-top",
        "planet-sport",
        "planet-sport-2",
        "feed-4",
    ]


def test_ids_are_made_unique_and_hosts_may_have_odd_characters():
    hosts = ["a-b.example", "a.b.example", "a_b.example", "xn--mnchen-3ya.example", "zürich.example", "127.0.0.1:8080"]
    sources = import_opml(opml(*(outline(f"http://{host}/rss", text=host) for host in hosts)))
    assert [source.id for source in sources] == [
        "a-b-example", "a-b-example-2", "a-b-example-3", "xn-mnchen-3ya-example", "xn-zrich-kva-example", "127-0-0-1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b'<opml><body><outline text="Q & A" xmlUrl="http://planet.example/rss?a=1&b=2"></body>',
        b'\n\n<?xml version="1.0"?><OPML><outline XMLURL="http://planet.example/rss?a=1&amp;b=2"/></OPML>',
        b'<opml xmlns="urn:x"><body><outline xmlUrl=" http://planet.example/rss?a=1&amp;b=2 "/></body></opml>',
        b'<opml><body><outline xmlUrl="feed://planet.example/rss?a=1&amp;b=2"/></body></opml>',
        b'<opml><body><outline xmlUrl="feed:http://planet.example/rss?a=1&amp;b=2"/></body></opml>',
        '<?xml version="1.0" encoding="utf-16"?><opml><outline xmlUrl="http://planet.example/rss?a=1&amp;b=2"/></opml>'.encode("utf-16"),
    ],
    ids=["bare ampersands", "capitals", "namespace", "feed scheme", "feed prefix", "utf-16"],
)  # fmt: skip
def test_lists_are_read_as_they_come(body):
    (source,) = import_opml(body)
    assert source.feeds[0].url == "http://planet.example/rss?a=1&b=2"


def test_entities_and_files_of_the_machine_are_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    body = f'<!DOCTYPE opml [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode() + opml(
        "<outline>&x;</outline>", outline("http://planet.example/rss", text="a")
    ).removeprefix(b'<?xml version="1.0"?>')
    assert "s3cret" not in write_toml(import_opml(body))


def test_what_has_no_web_address_is_left_out_and_told():
    body = opml(outline("planet.example/rss", text="Planet"), outline("https://moon.example/rss", text="Moon"))
    assert [source.name for source in import_opml(body)] == ["Moon"]
    assert skipped_outlines(body) == ["Planet was left out: its xmlUrl 'planet.example/rss' is no web address."]


@pytest.mark.parametrize("body", [b"", b"no xml", b"<html><body></body></html>", opml('<outline text="folder"/>')])
def test_what_is_no_list_is_an_error(body):
    with pytest.raises(CatalogueError, match="The file holds no feed"):
        import_opml(body)


def test_keys_of_a_list_end_up_in_no_file(tmp_path):
    sources = import_opml(opml(outline("https://planet.example/rss?token=s3cret", text="Planet")))
    text = write_toml(sources)
    assert "s3cret" not in text + export_opml(sources).decode()
    path = tmp_path / "sources.toml"
    path.write_text(text)
    assert load_catalogue(path, {"PLANET_EXAMPLE_MAIN_TOKEN": "s3cret"}) == sources


def test_an_exported_list_is_read_as_the_same_addresses():
    sources = (
        Source(
            "planet", "The Planet & Co", "publisher", language="en", homepage="https://planet.example/",
            feeds=(
                Feed("planet/top", "planet", "https://planet.example/top?a=1&b=2"),
                Feed("planet/sport", "planet", "https://planet.example/sport"),
                Feed("planet/drop", "planet", "/srv/drop", delivery=Delivery.FOLDER),
            ),
        ),
        Source("moon", "Moon", "agency", feeds=(Feed("moon/main", "moon", "https://moon.example/?k=${MOON_KEY}"),)),
    )  # fmt: skip
    written = export_opml(sources)
    assert [one.get("text") for one in etree.fromstring(written).iter("outline")] == [
        "The Planet & Co", "The Planet & Co: top", "The Planet & Co: sport", "Moon",
    ]  # fmt: skip
    assert [[feed.url for feed in source.feeds] for source in import_opml(written)] == [
        ["https://planet.example/top?a=1&b=2", "https://planet.example/sport"],
        ["https://moon.example/?k=${MOON_KEY}"],
    ]
