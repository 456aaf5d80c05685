"""What a list names further: where the keys go, what is asked for, and when again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.captures.links import (
    document_request,
    link_missed,
    links_of,
    may_have_keys,
    names_version,
    next_address,
    refuses_cursor,
    with_keys,
)
from pipeline.types import CaptureKind, CaptureRef, Failure, Feed, FeedDocument, Link, Secret, Source, Stage

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)
URL = "https://api.tidewire.example/items?channel=a&token=${TIDE}"
FEED = Feed(
    "tidewire/all",
    "tidewire",
    URL,
    headers=(("X-Api-Key", "${TIDE}"), ("Accept", "text/xml")),
    secrets=(("TIDE", Secret("low-water-81")),),
    cursor_parameter="pollToken",
)
SOURCE = Source("tidewire", "Tidewire", "agency", allow_private=True, feeds=(FEED,))


# ------------------------------------------------------------------------------------------------ keys

ADDRESSES = {
    "its own host": ("https://api.tidewire.example/item?id=1", True),
    "its own host, written in another way": ("https://API.TIDEWIRE.EXAMPLE./item?id=1", True),
    "below its own host": ("https://content.api.tidewire.example/1", True),
    "beside it": ("https://www.tidewire.example/1", False),
    "above it": ("https://tidewire.example/1", False),
    "a host that only ends alike": ("https://notapi.tidewire.example/1", False),
    "a host that begins alike": ("https://api.tidewire.example.evil.example/1", False),
    "a user of that name": ("https://api.tidewire.example@evil.example/1", False),
    "a backslash": ("https://evil.example\\@api.tidewire.example/1", False),
    "without encryption": ("http://api.tidewire.example/1", False),
    "another port": ("https://api.tidewire.example:8443/1", False),
    "no web address": ("urn:newsml:tidewire.example:20260413:a:1", False),
}


@pytest.mark.parametrize(("url", "may"), ADDRESSES.values(), ids=ADDRESSES)
def test_keys_go_to_the_feeds_own_host_alone(url: str, may: bool) -> None:
    assert may_have_keys(url, URL) is may
    request = document_request(SOURCE, FEED, url)
    assert (request.headers, request.secrets) == ((FEED.headers, FEED.secrets) if may else ((), ()))


def test_an_unencrypted_feed_may_send_its_keys_over_an_encrypted_connection() -> None:
    assert may_have_keys("https://wire.example/1", "http://wire.example/feed?key=${K}")


KEYED = {
    "one that lacks it": ("https://api.tidewire.example/item?id=1", "https://api.tidewire.example/item?id=1&token=${TIDE}"),
    "one without parameters": ("https://api.tidewire.example/item", "https://api.tidewire.example/item?token=${TIDE}"),
    "one that has it": ("https://api.tidewire.example/item?token=${TIDE}", "https://api.tidewire.example/item?token=${TIDE}"),
    "one that has another": ("https://api.tidewire.example/item?token=abc", "https://api.tidewire.example/item?token=abc"),
    "a stranger's": ("https://cdn.example/item?id=1", "https://cdn.example/item?id=1"),
}  # fmt: skip


@pytest.mark.parametrize(("url", "keyed"), KEYED.values(), ids=KEYED)
def test_an_address_gets_the_keys_of_the_feeds_address(url: str, keyed: str) -> None:
    assert with_keys(url, FEED) == keyed


def test_a_user_and_password_are_keys() -> None:
    feed = replace(FEED, url="https://${USER}:${PASSWORD}@api.tidewire.example/feed")
    assert with_keys("https://api.tidewire.example/1", feed) == "https://${USER}:${PASSWORD}@api.tidewire.example/1"


def test_private_addresses_stay_refused_for_hosts_that_the_catalogue_does_not_name() -> None:
    assert document_request(SOURCE, FEED, "https://api.tidewire.example/1").allow_private
    assert not document_request(SOURCE, FEED, "http://169.254.169.254/latest/meta-data").allow_private
    assert not document_request(SOURCE, FEED, "http://localhost/admin").allow_private


# ------------------------------------------------------------------------------------------------ where it goes on

CURSORS = {
    "none": (None, None),
    "a next page": ("https://api.tidewire.example/p?seq=7&token=${TIDE}", "https://api.tidewire.example/p?seq=7&token=${TIDE}"),
    "a next page without the key": ("https://api.tidewire.example/p?seq=7", "https://api.tidewire.example/p?seq=7&token=${TIDE}"),
    "a next page of a stranger": ("https://other.example/p?seq=7", "https://other.example/p?seq=7"),
    "a token": ("Exw+Y/=", URL + "&pollToken=Exw%2BY%2F%3D"),
    "a token with the key in it": ("a ${TIDE}", URL + "&pollToken=a%20${TIDE}"),
}  # fmt: skip


@pytest.mark.parametrize(("cursor", "address"), CURSORS.values(), ids=CURSORS)
def test_a_cursor_is_an_address_or_a_token(cursor: str | None, address: str | None) -> None:
    assert next_address(FEED, cursor) == address


def test_a_token_takes_the_place_of_the_one_before() -> None:
    feed = replace(FEED, url="https://a.example/?pollToken=old&x=1")
    assert next_address(feed, "new") == "https://a.example/?x=1&pollToken=new"
    assert next_address(feed, "new", "https://b.example/items") == "https://b.example/items?pollToken=new"


def test_a_token_is_of_no_use_without_its_parameter() -> None:
    assert next_address(replace(FEED, cursor_parameter=None), "token") is None


REASONS = {"http_400": True, "http_404": True, "http_410": True, "http_403": True, "http_401": False, "http_429": False,
           "http_408": False, "http_500": False, "timeout": False}  # fmt: skip


@pytest.mark.parametrize(("reason", "refuses"), REASONS.items())
def test_a_server_refuses_a_cursor_with_what_is_our_fault_but_the_key(reason: str, refuses: bool) -> None:
    assert refuses_cursor(failure(reason)) is refuses


def test_an_answer_refuses_nothing() -> None:
    assert not refuses_cursor(None)


# ------------------------------------------------------------------------------------------------ documents


def ref(url: str) -> CaptureRef:
    return CaptureRef(
        "c", CaptureKind.FEED, "tidewire", FEED.id, None, url, url, 200, "text/xml", 1, NOW, "d", "a.warc", 0
    )


def test_each_document_is_named_once_and_none_names_itself() -> None:
    named = (
        "https://a.example/1#top",
        "https://a.example/1",
        URL,
        "urn:x",
        "file:///etc/passwd",
        "https://a.example/2",
    )
    assert links_of(FeedDocument("reuters", (), links=named), ref(URL)) == [
        "https://a.example/1",
        "https://a.example/2",
    ]


def test_a_sitemap_index_is_not_followed() -> None:
    assert links_of(FeedDocument("sitemap", (), links=("https://a.example/sitemap-1.xml",)), ref(URL)) == []


VERSIONS = {
    "https://api.example/item?id=tag:wire.example,2026:story_K1:1147689808": True,
    "https://api.example/item?id=tag%3Awire.example%2C2026%3Astory_K1%3A11&token=${K}": True,
    "https://api.example/item?id=tag:wire.example,2026:1147689808": False,
    "https://api.example/item?id=tag:wire.example,2026:story_K1": False,
    "https://api.example/urn:newsml:wire.example:20260413:story-1:3N": True,
    "https://api.example/urn:newsml:wire.example:20260413:story-1": False,
    "https://api.example/story/1?version=3": True,
    "https://api.example/story/1.3/download?etag=1_0a1": True,
    "https://api.example/story/2026": False,
    "https://api.example/latest.xml": False,
}


@pytest.mark.parametrize(("url", "does"), VERSIONS.items())
def test_an_address_may_name_a_version(url: str, does: bool) -> None:
    assert names_version(url) is does


# ------------------------------------------------------------------------------------------------ again


def failure(reason: str, **fields: object) -> Failure:
    return Failure(Stage.FETCH, reason, "", "https://a.example/1", "tidewire", NOW, **fields)  # type: ignore[arg-type]


def test_a_document_that_did_not_come_is_asked_for_again_and_again_with_growing_pauses() -> None:
    pauses = []
    for attempts in range(7):
        link = link_missed(FEED, "https://a.example/1", attempts, failure("timeout"), NOW)
        assert isinstance(link, Link)
        assert link.next_due_at is not None
        assert link.attempts == attempts + 1
        pauses.append(link.next_due_at - NOW)
    assert pauses[:3] == [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)]
    assert link_missed(FEED, "https://a.example/1", 7, failure("timeout"), NOW) is None


def test_what_is_gone_is_not_asked_for_for_long() -> None:
    assert link_missed(FEED, "https://a.example/1", 0, failure("http_410"), NOW) is None
    assert link_missed(FEED, "https://a.example/1", 1, failure("http_404"), NOW) is not None
    assert link_missed(FEED, "https://a.example/1", 2, failure("http_404"), NOW) is None


def test_a_server_that_asks_for_quiet_has_it() -> None:
    quiet = failure("http_429", retry_after_at=NOW + timedelta(hours=5))
    link = link_missed(FEED, "https://a.example/1", 0, quiet, NOW)
    assert link is not None
    assert link.next_due_at == NOW + timedelta(hours=5)
