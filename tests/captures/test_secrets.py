"""Keys go to the server that they are for, and nowhere else: not into results, logs or the archive."""

import base64
import gzip
import json
import logging
from pathlib import Path
from urllib.parse import quote

import pytest

from pipeline.captures.warc import Archive
from pipeline.types import Fetched, Secret

KEY = "s3cr&t/K€y+x="
SPELLINGS = [KEY, quote(KEY, safe=""), quote(KEY, safe="/="), quote(KEY, safe="").lower(), json.dumps(KEY)[1:-1]]
SPELLINGS += ["s3cr&amp;t/K€y+x=", r"s3cr&t\/K€y+x=", "s3cr&#38;t/K&#x20ac;y&#43;x=", "s3cr&amp;t/K&euro;y+x="]


def everything(fetched: list[Fetched]) -> bytes:
    shown = [repr(fetched).encode()]
    for one in fetched:
        for capture in one.captures:
            shown += [capture.wire_body, capture.body]
            if capture.wire_body.startswith(b"\x1f\x8b"):
                shown.append(gzip.decompress(capture.wire_body))
    return b"\n".join(shown)


def assert_no_key_in(data: bytes) -> None:
    for spelling in SPELLINGS:
        assert spelling.encode() not in data, spelling
        assert repr(spelling)[1:-1].encode() not in data, spelling


def echo(handler) -> None:
    """A server that repeats the key wherever it can, in every spelling, and compresses it."""
    body = gzip.compress("\n".join(SPELLINGS).encode())
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Set-Cookie", f"key={quote(KEY)}")
    handler.send_header("Link", f'<{handler.path}>; rel="self"')
    handler.send_header("Refresh", f"1; url={quote(KEY, safe='')}")
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def secret_request(site, make_request):
    def make(path: str, **fields):
        defaults = {
            "headers": (("X-Api-Key", "${KEY}"),),
            "secrets": (("KEY", Secret(KEY)),),
            "allow_private": True,
        }
        return make_request(f"{site.url}{path}", **(defaults | fields))

    return make


def test_the_key_reaches_the_server_encoded_in_the_url(site, web, secret_request) -> None:
    site.serve("/feed", 200, b"feed")
    request = secret_request("/feed?key=${KEY}", headers=())
    assert web.fetch([request])[0].failure is None
    assert site.urls_asked() == [f"/feed?key={quote(KEY, safe='')}"]


def test_the_key_is_nowhere_in_what_comes_back(site, web, secret_request, tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    site.serve_by("/echo", echo)
    site.serve("/moved", 301, Location=f"/echo?key={quote(KEY, safe='')}")
    site.serve("/circle", 302, Location=f"/circle?key={quote(KEY, safe='')}&again")
    fetched = web.fetch(
        [
            secret_request("/echo?key=${KEY}"),
            secret_request("/moved?key=${KEY}", headers=()),
            secret_request("/circle?key=${KEY}", headers=()),
            secret_request("/gone?key=${KEY}", headers=()),
        ]
    )
    assert [one.failure.reason if one.failure else None for one in fetched] == [
        None,
        None,
        "too_many_redirects",
        "http_404",
    ]
    with Archive(tmp_path).writer("run") as writer:
        writer.write([capture for one in fetched for capture in one.captures])
    archive = b"".join(path.read_bytes() for path in tmp_path.rglob("*.warc"))
    for shown in (everything(fetched), archive, caplog.text.encode()):
        assert_no_key_in(shown)
    assert b"${KEY}" in archive


def test_a_clean_body_says_that_it_was_cleaned(site, web, secret_request) -> None:
    site.serve_by("/echo", echo)
    capture = web.fetch([secret_request("/echo?key=${KEY}", headers=())])[0].capture
    assert capture.header("x-dateline-redacted") == "1"
    assert capture.header("content-encoding") is None
    assert capture.header("content-length") == str(len(capture.body))
    assert capture.wire_body == capture.body == b"\n".join([b"${KEY}"] * len(SPELLINGS))


def test_a_body_without_the_key_is_left_as_it_came(site, web, secret_request) -> None:
    wire = gzip.compress(b"nothing of it here")
    site.serve("/feed", 200, wire, Content_Encoding="gzip")
    capture = web.fetch([secret_request("/feed?key=${KEY}", headers=())])[0].capture
    assert capture.wire_body == wire
    assert capture.header("x-dateline-redacted") is None


def test_a_move_can_be_asked_for_again_with_the_key(site, web, secret_request) -> None:
    site.serve("/old", 301, Location=f"/new?key={quote(KEY, safe='')}")
    site.serve("/new", 200, b"feed")
    fetched = web.fetch([secret_request("/old?key=${KEY}", headers=())])[0]
    assert fetched.moved_to == f"{site.url}/new?key=${{KEY}}"


def test_keys_do_not_follow_a_redirect_to_another_host(site, proxied, make_request) -> None:
    site.serve("http://feed.example/a", 302, Location="http://other.example/a")
    site.serve("http://other.example/a", 200, b"feed")
    request = make_request(
        "http://feed.example/a",
        headers=(("X-Api-Key", "${TOKEN}"), ("Authorization", "Bearer literal"), ("Accept", "application/json")),
        secrets=(("TOKEN", Secret("token-of-the-feed")),),
    )
    proxied.fetch([request])
    own, other = (asked.headers for asked in site.asked)
    assert (own["x-api-key"], own["authorization"]) == ("token-of-the-feed", "Bearer literal")
    assert "x-api-key" not in other
    assert "authorization" not in other
    assert own["accept"] == other["accept"] == "application/json"


def test_user_information_becomes_basic_credentials_that_are_hidden_too(site, web, make_request) -> None:
    token = base64.b64encode(b"editor:p@ss word").decode()
    site.serve("/feed", 200, f"you sent {token}".encode())
    host = site.url.removeprefix("http://")
    request = make_request(
        f"http://${{USER}}:${{PASSWORD}}@{host}/feed",
        secrets=(("USER", Secret("editor")), ("PASSWORD", Secret("p@ss word"))),
        allow_private=True,
    )
    capture = web.fetch([request])[0].capture
    assert site.asked[0].headers["authorization"] == f"Basic {token}"
    assert capture.body == b"you sent ${CREDENTIALS}"
    assert capture.final_url == request.url


def test_a_key_that_is_not_set_is_named_and_nothing_is_asked(site, web, secret_request) -> None:
    for request in (
        secret_request("/feed?key=${KEY}", headers=(), secrets=(("KEY", None),)),
        secret_request("/feed", secrets=(("KEY", None),)),
    ):
        failure = web.fetch([request])[0].failure
        assert failure.reason == "missing_key"
        assert "KEY" in failure.detail
    assert site.asked == []


def test_dollars_in_a_page_of_the_wild_are_no_key(site, web, make_request) -> None:
    site.serve("/a", 200, b"page")
    assert web.fetch([make_request(f"{site.url}/a?x=${{title}}", allow_private=True)])[0].failure is None


def test_a_bad_address_with_a_key_is_told_without_it(web, make_request) -> None:
    fetched = web.fetch([make_request("http://[::1/?key=${KEY}", secrets=(("KEY", Secret(KEY)),))])
    assert fetched[0].failure.reason == "bad_url"
    assert_no_key_in(everything(fetched))
