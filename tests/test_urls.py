import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.types import Secret
from pipeline.urls import canonical_url, fill, host_of, is_web_url, placeholders, split_secrets

SPELLINGS = {
    "scheme and host are lower-cased, the path is not": ("HTTP://News.Example/Story", "http://news.example/Story"),
    "the scheme's own port goes": ("https://news.example:443/a", "https://news.example/a"),
    "another port stays": ("https://news.example:8443/a", "https://news.example:8443/a"),
    "https and http stay apart": ("http://news.example/a", "http://news.example/a"),
    "a host in letters becomes its ascii form": ("https://straße.example/", "https://xn--strae-oqa.example/"),
    "a final dot of the host goes": ("https://news.example./a", "https://news.example/a"),
    "an address of six keeps its brackets": ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
    "an empty path is the root": ("https://news.example", "https://news.example/"),
    "a final slash stays": ("https://news.example/a/", "https://news.example/a/"),
    "dots are resolved": ("https://news.example/a/./b/../c", "https://news.example/a/c"),
    "escaped dots are dots": ("https://news.example/a/%2e%2E/c", "https://news.example/c"),
    "the fragment goes": ("https://news.example/a#comments", "https://news.example/a"),
    "user information goes": ("https://me:pw@news.example/a", "https://news.example/a"),
    "escapes are in capitals and only where needed": (
        "https://news.example/%7eme/%c3%a9",
        "https://news.example/~me/%C3%A9",
    ),
    "letters are escaped as utf-8": ("https://news.example/é?q=ü", "https://news.example/%C3%A9?q=%C3%BC"),
    "a lone percent sign is escaped": ("https://news.example/100%", "https://news.example/100%25"),
    "an escaped slash is not a slash": ("https://news.example/a%2fb", "https://news.example/a%2Fb"),
    "white space around it goes": ("  https://news.example/a\n", "https://news.example/a"),
    "trackers go": ("https://news.example/a?utm_source=rss&fbclid=x&gclid=y", "https://news.example/a"),
    "a query id stays": ("https://news.example/a?id=12&utm_medium=feed&p=3", "https://news.example/a?id=12&p=3"),
    "parameters keep their order": ("https://news.example/?b=2&a=1", "https://news.example/?b=2&a=1"),
    "an empty parameter goes": ("https://news.example/?&a=1&", "https://news.example/?a=1"),
    "trackers that were escaped twice go": ("https://news.example/?a=1&amp;utm_source=x", "https://news.example/?a=1"),
    "where a link stood goes": ("https://news.example/a?ref=rss", "https://news.example/a"),
    "a ref that may be an id stays": ("https://news.example/a?ref=1234", "https://news.example/a?ref=1234"),
    "an amp parameter goes": ("https://news.example/a?amp=1&id=2", "https://news.example/a?id=2"),
    "an amp that carries something stays": ("https://news.example/a?amp=30", "https://news.example/a?amp=30"),
    "amp after a slug goes": ("https://news.example/a-long-slug/amp", "https://news.example/a-long-slug"),
    "its slash stays": ("https://news.example/a-long-slug/amp/", "https://news.example/a-long-slug/"),
    "amp html goes": ("https://news.example/story.amp.html", "https://news.example/story.html"),
    "print goes as amp does": ("https://news.example/a-long-slug/print/?print=1", "https://news.example/a-long-slug/"),
    "a view for paper goes": ("https://news.example/a?view=print&id=2", "https://news.example/a?id=2"),
    "another view stays": ("https://news.example/a?view=gallery", "https://news.example/a?view=gallery"),
    "an edition called print stays": ("https://news.example/editions/print", "https://news.example/editions/print"),
    "a topic called amp stays": ("https://news.example/topics/amp", "https://news.example/topics/amp"),
    "what is no web address is left alone": (" urn:newsml:agency.example:1 ", "urn:newsml:agency.example:1"),
    "a bad port is left alone": ("http://news.example:http/a", "http://news.example:http/a"),
}


@pytest.mark.parametrize(("url", "expected"), SPELLINGS.values(), ids=SPELLINGS.keys())
def test_an_address_has_one_spelling(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


PIECES = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
ADDRESSES = st.builds(
    "{}://{}{}/{}?{}#{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(
        ["news.example", "NEWS.example", "bücher.example", "127.0.0.1", "[::1]", "☃.example", "a_b.example"]
    ),
    st.sampled_from(["", ":80", ":443", ":8080", ":x"]),
    st.one_of(PIECES, st.sampled_from(["a/../b", "a-b-c/amp/amp", "%2e%2e/%zz", "x.amp.amp.html", "12345/amp//"])),
    st.one_of(PIECES, st.sampled_from(["utm_a=1&id=2", "amp", "amp;amp;utm_a=1", "a=%41+%20&&b"])),
    PIECES,
)


@given(ADDRESSES)
def test_canonical_twice_is_canonical_once(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert is_web_url(once) == is_web_url(url)
    assert host_of(once) == host_of(url)


@given(PIECES)
def test_no_text_breaks_them(text: str) -> None:
    canonical_url(text)
    assert is_web_url(text) == (host_of(text) is not None)


@given(st.lists(st.integers(0, 99999), min_size=2, max_size=2, unique=True))
def test_two_ids_are_never_one_address(ids: list[int]) -> None:
    assert canonical_url(f"https://news.example/a?id={ids[0]}") != canonical_url(f"https://news.example/a?id={ids[1]}")
    for variant in ("", "/amp", "/print", "?print=1", "?outputType=amp"):
        one, other = (canonical_url(f"https://news.example/{number:06}{variant}") for number in ids)
        assert one != other
        assert one == canonical_url(f"https://news.example/{ids[0]:06}")


WEB = {
    "http://news.example": "news.example",
    "https://News.example:8443/x": "news.example",
    "ftp://news.example/x": None,
    "file:///etc/passwd": None,
    "//news.example/x": None,
    "http:///x": None,
    "http://a b/x": None,
    "http://[::1": None,
    "javascript:alert(1)": None,
}


@pytest.mark.parametrize(("url", "host"), WEB.items())
def test_a_web_address_has_a_scheme_and_a_host(url: str, host: str | None) -> None:
    assert host_of(url) == host
    assert is_web_url(url) == (host is not None)


def test_literal_keys_become_placeholders() -> None:
    url, found = split_secrets("https://me:p%40w@feed.example/x?api_key=a%2Fb&id=3&token=t&api_key=second")
    assert (
        url == "https://${USER}:${PASSWORD}@feed.example/x?api_key=${API_KEY}&id=3&token=${TOKEN}&api_key=${API_KEY_2}"
    )
    assert found == [("USER", "me"), ("PASSWORD", "p@w"), ("API_KEY", "a/b"), ("TOKEN", "t"), ("API_KEY_2", "second")]


def test_a_placeholder_is_no_literal_key_and_its_name_is_taken() -> None:
    assert split_secrets("https://f.example/?key=${KEY}") == ("https://f.example/?key=${KEY}", [])
    assert split_secrets("https://f.example/?a=${KEY}&key=k")[0] == "https://f.example/?a=${KEY}&key=${KEY_2}"


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1),
    st.sampled_from(["key", "X-Access-Token", "1secret"]),
)
def test_what_was_split_is_filled_again(value: str, name: str) -> None:
    plain = fill(f"https://f.example/?{name}=${{V}}&id=1", (("V", Secret(value)),))
    url, found = split_secrets(plain)
    assert [v for _, v in found] == [value]
    assert fill(url, tuple((n, Secret(v)) for n, v in found)) == plain


def test_a_header_takes_the_secret_as_it_is() -> None:
    assert fill("Bearer ${TOKEN}", (("TOKEN", Secret("a/b+c=")),)) == "Bearer a/b+c="


def test_an_unset_secret_keeps_its_placeholder() -> None:
    url = "https://f.example/?key=${KEY}&other=${OTHER}"
    assert fill(url, (("KEY", None),)) == url
    assert placeholders(url) == ["KEY", "OTHER"]
