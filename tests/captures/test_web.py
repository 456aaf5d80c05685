"""Exchanges: conditions, redirects, retries, limits, decoding, addresses. All over real HTTP on loopback."""

import gzip
import socket
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.captures.web import Web, user_agent
from pipeline.types import CaptureKind

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)


def test_an_answer_is_kept_as_it_came(site, ask) -> None:
    body = b"<rss/>" * 100
    wire = gzip.compress(body, mtime=0)
    url = site.serve(
        "/feed.xml", 200, wire, Content_Type="application/rss+xml", Content_Encoding="gzip", X_Odd="caf\xe9"
    )
    fetched = ask(url, feed_id="wire/main", entry_id=None)
    assert fetched.failure is None
    capture = fetched.capture
    assert (capture.status, capture.wire_body, capture.body) == (200, wire, body)
    assert (capture.url, capture.final_url, capture.captured_at) == (url, url, NOW)
    assert (capture.source_id, capture.feed_id) == ("wire", "wire/main")
    assert ("X-Odd", "café") in capture.headers
    assert capture.header("content-type") == "application/rss+xml"


def test_it_says_who_asks(site, ask) -> None:
    ask(site.serve("/feed.xml"))
    assert site.asked[0].headers["user-agent"] == "Dateline/0.1.0 (+mailto:desk@wire.example)"
    assert site.asked[0].headers["accept-encoding"] == "gzip, deflate"
    assert user_agent("https://wire.example/about") == "Dateline/0.1.0 (+https://wire.example/about)"
    assert user_agent(None) == "Dateline/0.1.0"


def test_cookies_are_not_carried_along(site, ask) -> None:
    url = site.serve("/feed.xml", 200, b"x", Set_Cookie="session=abcdef; Path=/")
    capture = ask(url).capture
    ask(url)
    assert "cookie" not in site.asked[1].headers
    assert capture.header("set-cookie") == "***"


# ------------------------------------------------------------------------------------------------ conditions


def test_validators_are_sent_and_a_304_is_an_answer(site, ask) -> None:
    url = site.serve("/feed.xml", 304, ETag='"2"')
    fetched = ask(url, etag='"1"', last_modified="Mon, 13 Apr 2026 00:00:00 GMT")
    assert site.asked[0].headers["if-none-match"] == '"1"'
    assert site.asked[0].headers["if-modified-since"] == "Mon, 13 Apr 2026 00:00:00 GMT"
    assert fetched.failure is None
    assert (fetched.capture.status, fetched.capture.body) == (304, b"")
    assert fetched.capture.header("etag") == '"2"'


def test_a_304_that_nobody_asked_for_is_a_failure(site, ask) -> None:
    assert ask(site.serve("/feed.xml", 304)).failure.reason == "http_304"


def test_freshness_is_told(site, ask) -> None:
    assert ask(site.serve("/feed.xml", Cache_Control="public, max-age=600", Age="60")).fresh_until == NOW + timedelta(
        seconds=540
    )


# ------------------------------------------------------------------------------------------------ redirects


def test_a_permanent_move_is_told_and_each_hop_is_a_capture(site, ask) -> None:
    first = site.serve("/old", 301, b"moved", Location="/newer")
    second = site.serve("/newer", 308, b"", Location=f"{site.url}/new#top")
    last = site.serve("/new", 200, b"feed")
    fetched = ask(first)
    assert fetched.failure is None
    assert fetched.moved_to == last
    assert [(c.url, c.final_url, c.status) for c in fetched.captures] == [
        (first, first, 301),
        (second, second, 308),
        (first, last, 200),
    ]
    assert fetched.captures[0].body == b"moved"


def test_one_temporary_hop_makes_it_no_move(site, ask) -> None:
    first = site.serve("/old", 301, Location="/newer")
    site.serve("/newer", 302, Location="/new")
    site.serve("/new", 200, b"feed")
    fetched = ask(first)
    assert (fetched.failure, fetched.moved_to) == (None, None)
    assert fetched.capture.final_url == f"{site.url}/new"


def test_a_move_to_a_dead_address_is_no_move(site, ask) -> None:
    fetched = ask(site.serve("/old", 301, Location="/gone"))
    assert (fetched.failure.reason, fetched.moved_to) == ("http_404", None)
    assert fetched.capture.body == b"nothing here"


def test_five_redirects_are_followed_and_no_more(site, ask) -> None:
    for hop in range(10):
        site.serve(f"/{hop}", 302, Location=f"/{hop + 1}")
    site.serve("/10", 200, b"end")
    assert ask(f"{site.url}/5").failure is None
    too_far = ask(f"{site.url}/4")
    assert too_far.failure.reason == "too_many_redirects"
    assert len(too_far.captures) == 6


def test_a_circle_is_told(site, ask) -> None:
    site.serve("/a", 302, Location="/b")
    site.serve("/b", 302, Location="/a")
    failure = ask(f"{site.url}/a").failure
    assert failure.reason == "too_many_redirects"
    assert "circle" in failure.detail
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    "target", ["ftp://files.example/a", "file:///etc/passwd", "data:text/html,hello", "http://[::1"]
)
def test_a_redirect_out_of_the_web_is_not_followed(site, ask, target: str) -> None:
    fetched = ask(site.serve("/a", 302, Location=target))
    assert fetched.failure.reason == "bad_url"
    assert [capture.status for capture in fetched.captures] == [302]


def test_a_redirect_without_a_target_is_a_failure(site, ask) -> None:
    assert ask(site.serve("/a", 301)).failure.reason == "http_301"


# ------------------------------------------------------------------------------------------------ retries


def test_a_busy_server_is_asked_again_and_every_answer_is_kept(site, ask) -> None:
    fetched = ask(site.serve_in_turn("/a", (503, {}), (429, {}), (200, {})))
    assert fetched.failure is None
    assert [capture.status for capture in fetched.captures] == [503, 429, 200]


def test_three_attempts_are_the_most(site, ask) -> None:
    fetched = ask(site.serve("/a", 502))
    assert fetched.failure.reason == "http_502"
    assert len(site.asked) == 3
    assert [capture.status for capture in fetched.captures] == [502]  # one and the same, by a clock that stands still


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 500])
def test_an_answer_that_stands_is_not_asked_for_again(site, ask, status: int) -> None:
    fetched = ask(site.serve("/a", status, b"sorry"))
    assert fetched.failure.reason == f"http_{status}"
    assert fetched.failure.capture_id == fetched.capture.id
    assert fetched.capture.body == b"sorry"
    assert len(site.asked) == 1


def test_a_short_retry_after_is_waited_for(site, ask) -> None:
    assert ask(site.serve_in_turn("/a", (429, {"Retry_After": "1"}), (200, {}))).failure is None
    assert site.asked[1].at - site.asked[0].at >= 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "3600"},
        {"Retry_After": "Mon, 13 Apr 2026 03:00:00 GMT", "Date": "Mon, 13 Apr 2026 02:00:00 GMT"},
    ],
    ids=["seconds", "date"],
)
def test_a_long_retry_after_is_for_the_next_run(site, ask, headers: dict[str, str]) -> None:
    def answer(handler) -> None:
        handler.send_response_only(503)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    failure = ask(site.serve_by("/a", answer)).failure
    assert (failure.reason, failure.retry_after_at) == ("http_503", NOW + timedelta(hours=1))
    assert len(site.asked) == 1


def test_a_connection_that_breaks_is_made_again(site, ask) -> None:
    def breaks_once(handler) -> None:
        if len(site.asked) == 1:
            handler.close_connection = True
        else:
            handler.answer(200, b"whole")

    assert ask(site.serve_by("/a", breaks_once)).capture.body == b"whole"


# ------------------------------------------------------------------------------------------------ limits


def chunked(pieces, pause_s: float = 0.0, **headers: str):
    def answer(handler) -> None:
        handler.send_response(200)
        for name, value in {"Transfer_Encoding": "chunked", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            time.sleep(pause_s)
        handler.wfile.write(b"0\r\n\r\n")

    return answer


def bomb(size: int) -> bytes:
    return gzip.compress(bytes(size), mtime=0)


TOO_LARGE = {
    "it says so": lambda h: h.answer(200, b"x" * 100_001),
    "it says nothing": chunked([b"x" * 50_000] * 3),
    "a bomb": lambda h: h.answer(200, bomb(5_000_000), Content_Encoding="gzip"),
    "a bomb in a bomb": lambda h: h.answer(200, gzip.compress(bomb(5_000_000)), Content_Encoding="gzip, gzip"),
    "many small members": lambda h: h.answer(200, bomb(50_000) * 5, Content_Encoding="gzip"),
    "a deflate bomb": lambda h: h.answer(200, zlib.compress(bytes(5_000_000)), Content_Encoding="deflate"),
}


@pytest.mark.parametrize("answer", TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_a_body_that_is_too_large_is_stopped(site, ask, answer) -> None:
    fetched = ask(site.serve_by("/a", answer))
    assert fetched.failure.reason == "too_large"
    assert fetched.captures == ()


def test_a_body_of_just_the_limit_is_taken(site, ask) -> None:
    assert len(ask(site.serve("/a", 200, b"x" * 100_000)).capture.body) == 100_000
    assert len(ask(site.serve("/b", 200, bomb(200_000), Content_Encoding="gzip")).capture.body) == 200_000


def test_a_slow_drip_meets_the_deadline(site, hasty_ask) -> None:
    started_at = time.monotonic()
    failure = hasty_ask(site.serve_by("/a", chunked([b"."] * 40, pause_s=0.1))).failure
    assert failure.reason == "timeout"
    assert time.monotonic() - started_at < 3
    assert len(site.asked) == 1


def test_silence_is_a_timeout(site, hasty_ask) -> None:
    failure = hasty_ask(site.serve_by("/a", lambda handler: time.sleep(0.3))).failure
    assert failure.reason == "timeout"
    assert len(site.asked) == 3


CODINGS = {
    "gzip": ("gzip", gzip.compress(b"content" * 9)),
    "its old name": ("X-GZIP", gzip.compress(b"content" * 9)),
    "two members": ("gzip", gzip.compress(b"content" * 4) + gzip.compress(b"content" * 5)),
    "garbage behind": ("gzip", gzip.compress(b"content" * 9) + b"\0\0\0"),
    "deflate": ("deflate", zlib.compress(b"content" * 9)),
    "deflate without its head": ("deflate", zlib.compress(b"content" * 9)[2:-4]),
    "twice": ("deflate, gzip", gzip.compress(zlib.compress(b"content" * 9))),
    "none": ("identity", b"content" * 9),
}


@pytest.mark.parametrize(("coding", "wire"), CODINGS.values(), ids=CODINGS.keys())
def test_bodies_are_decoded(site, ask, coding: str, wire: bytes) -> None:
    capture = ask(site.serve("/a", 200, wire, Content_Encoding=coding)).capture
    assert (capture.wire_body, capture.body) == (wire, b"content" * 9)


UNDECODABLE = {
    "a coding that was not asked for": ("br", b"\x0b\x02\x80content\x03"),
    "it is no gzip": ("gzip", b"<html>plain</html>"),
    "it is cut off": ("gzip", gzip.compress(bytes(range(256)) * 9)[:-20]),
}


@pytest.mark.parametrize(("coding", "wire"), UNDECODABLE.values(), ids=UNDECODABLE.keys())
def test_what_cannot_be_decoded_is_kept_as_it_came(site, ask, coding: str, wire: bytes) -> None:
    fetched = ask(site.serve("/a", 200, wire, Content_Encoding=coding))
    assert fetched.failure.reason == "not_decodable"
    assert fetched.capture.wire_body == wire


def test_what_cannot_be_decoded_and_is_not_there_is_not_there(site, ask) -> None:
    assert ask(site.serve("/a", 404, b"plain", Content_Encoding="gzip")).failure.reason == "http_404"


def test_a_body_in_chunks_does_not_claim_to_be_one_in_the_archive(site, ask) -> None:
    capture = ask(site.serve_by("/a", chunked([b"one ", b"two"]))).capture
    assert capture.body == b"one two"
    assert capture.header("transfer-encoding") is None
    assert capture.header("x-archive-orig-transfer-encoding") == "chunked"


# ------------------------------------------------------------------------------------------------ addresses


def test_a_port_where_nobody_listens_is_connect(ask) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert ask(f"http://127.0.0.1:{closed.getsockname()[1]}/").failure.reason == "connect"


def test_a_server_without_tls_is_tls(site, ask) -> None:
    assert ask(site.url.replace("http:", "https:")).failure.reason == "tls"


@pytest.mark.parametrize(
    "url", ["ftp://news.example/", "news.example/a", "http://", "http://a b/", "http://x:99999/", ""]
)
def test_what_is_no_web_address_is_not_asked_for(ask, url: str) -> None:
    assert ask(url).failure.reason == "bad_url"


PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://10.1.2.3/",
    "http://192.168.0.1:8080/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://168.63.129.16/",
    "http://0.0.0.0/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://localhost/",
    "http://api.localhost./",
]


def test_an_address_that_is_not_public_is_refused_even_by_proxy(site, proxied, make_request) -> None:
    fetched = proxied.fetch([make_request(url) for url in PRIVATE])
    assert {one.request.url: one.failure.reason for one in fetched} == dict.fromkeys(PRIVATE, "private_address")
    assert site.asked == []


def test_a_redirect_to_a_private_address_is_refused(site, proxied, make_request) -> None:
    site.serve("/a", 302, Location="http://169.254.169.254/latest/")
    fetched = proxied.fetch([make_request("http://news.example/a")])[0]
    assert fetched.failure.reason == "private_address"
    assert site.urls_asked() == ["http://news.example/a"]


@pytest.fixture
def names(monkeypatch):
    """Names and their addresses, and which were looked up."""
    real, known, looked_up = socket.getaddrinfo, {}, []

    def getaddrinfo(host, port, *args, **more):
        name = host.decode() if isinstance(host, bytes) else host
        if not name.endswith(".example"):
            return real(host, port, *args, **more)
        looked_up.append(name)
        if name not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[name]]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    known["looked up"] = looked_up
    return known


@pytest.mark.parametrize("kind", [CaptureKind.FEED, CaptureKind.PAGE])
def test_a_name_that_leads_to_a_private_address_is_refused(site, web, make_request, names, kind: CaptureKind) -> None:
    names["inner.example"] = ["127.0.0.1", "10.0.0.1"]
    port = site.url.rpartition(":")[2]
    assert web.fetch([make_request(f"http://inner.example:{port}/", kind)])[0].failure.reason == "private_address"
    assert names["looked up"] == ["inner.example"]
    assert site.asked == []


def test_a_source_that_may_be_private_is_fetched(site, web, make_request, names) -> None:
    names["inner.example"] = ["127.0.0.1"]
    port = site.url.rpartition(":")[2]
    site.serve("/a", 200, b"inside")
    request = make_request(f"http://inner.example:{port}/a", allow_private=True)
    assert web.fetch([request])[0].capture.body == b"inside"


@pytest.mark.parametrize("kind", [CaptureKind.FEED, CaptureKind.PAGE])
@pytest.mark.parametrize("allow_private", [False, True])
def test_an_unknown_host_is_dns(web, make_request, names, kind: CaptureKind, allow_private: bool) -> None:
    request = make_request("http://nowhere.example/", kind, allow_private=allow_private)
    assert web.fetch([request])[0].failure.reason == "dns"


# ------------------------------------------------------------------------------------------------ ways


def test_the_proxy_of_the_environment_is_used(site, make_request, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", site.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,straight.example")
    site.serve("/a", 200, b"by proxy")
    site.serve("/b", 200, b"straight")
    with Web(user_agent="Dateline", clock=lambda: NOW) as web:
        by_proxy, straight = web.fetch(
            [make_request("http://news.example/a"), make_request(f"{site.url}/b", allow_private=True)]
        )
    assert by_proxy.capture.body == b"by proxy"
    assert straight.capture.body == b"straight"
    assert sorted(site.urls_asked()) == ["/b", "http://news.example/a"]


def test_answers_come_in_the_order_of_their_requests(site, web, make_request) -> None:
    urls = [site.serve(f"/{number}", 200, str(number).encode()) for number in range(20)]
    fetched = web.fetch([make_request(url, allow_private=True) for url in urls])
    assert [one.capture.body for one in fetched] == [str(number).encode() for number in range(20)]
