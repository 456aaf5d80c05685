"""The catalogue that is shipped is sound, and honest about where its addresses were seen."""

from pathlib import Path

from pipeline.catalogue import load_catalogue, write_toml

SHIPPED = Path(__file__).parents[2] / "deployments" / "sources.toml"


def test_it_holds_fifty_feeds_in_ten_languages_each_with_where_it_was_seen():
    sources = load_catalogue(SHIPPED, {})
    feeds = [feed for source in sources for feed in source.feeds]
    assert len(feeds) >= 50
    assert len({source.language for source in sources}) >= 10
    assert {source.kind for source in sources} == {"agency", "publisher"}
    assert all(feed.seen for feed in feeds)
    assert all(
        source.country and source.language and source.homepage and source.timezone != "UTC" for source in sources
    )


def test_it_needs_no_key_and_survives_writing(tmp_path):
    sources = load_catalogue(SHIPPED, {})
    assert not any(feed.secrets for source in sources for feed in source.feeds)
    copy = tmp_path / "sources.toml"
    copy.write_text(write_toml(sources), encoding="utf-8")
    assert load_catalogue(copy, {}) == sources
