"""Each format, damaged: the result is a document, or a reason in words; never an exception, never a hang."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.entries.detect import parse_document
from pipeline.types import BadItem, Entry, FeedDocument

_GOLDEN = Path(__file__).parent.parent / "golden"
_XML = ("newsml_g2", "nitf", "newsml1", "ritzau", "reuters_list")
_BOUND_MS = 20_000  # of wall time, also on a machine that is busy with other things
_JSON = ("ninjs", "ap_media", "jsonfeed")
_TELEPRINTER = ("anpa", "iptc7901", "zczc")
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.sampled_from(
        [10**400, -1, "", "9999-12-31T23:59:60-23:59", "usable", "KILL", "\ud800", "\x00", "http://[", "<p>" * 99]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["name", "value", "code", "uri", "href", "type", "item", "items", "altids", "itemid", "version", "nitf"]
    ), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
_TAG = re.compile(rb"<[^<>]*>")
_ATTRIBUTE = re.compile(rb"""(?<=[="'])[^"'<>=]{1,80}(?=["'])""")
_ELEMENT = re.compile(rb"<([A-Za-z][\w.:-]*)\b[^<>]*(?:/>|>[^<>]*</\1>)")
_WORDS = re.compile(rb"(?<=>)[^<>]+(?=<)")
_JUNK = (
    b"", b" ", b"\x00", b"\xff\xfe", b"&", b"&nbsp;", b"&#0;", b"]]>", b"<![CDATA[", b"<x>", b"0", b"-1", b"9" * 40,
    b"9999-12-31T23:59:60-23:59", b"00000000T000000Z", b"usable", b"canceled", b"embargoed", b":::", b"urn:newsml:::::",
    b"http://[", b"KILL", b"\xed\xa0\x80", b"\xf0\x9f\x92\xa9", b"../../../etc/passwd",
)  # fmt: skip


def seeds(format: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((_GOLDEN / format).iterdir()) if ".expected." not in path.name]


def damaged(body: bytes, seed: int, wounds: int) -> bytes:
    """The file with elements and attributes removed, doubled, renamed, emptied or filled with junk, bytes flipped, and
    cut off: the same for the same seed.
    """
    chance = random.Random(seed)
    for _ in range(wounds):
        pattern = chance.choice((_TAG, _ATTRIBUTE, _ELEMENT, _WORDS, None))
        found = list(pattern.finditer(body)) if pattern else []
        if found:
            start, end = chance.choice(found).span()
            own, other = body[start:end], chance.choice(found)[0]
            body = body[:start] + chance.choice((b"", own + own, other, other + own, chance.choice(_JUNK))) + body[end:]
        elif body:
            at = chance.randrange(len(body))
            cut = chance.choice((bytes([chance.randrange(256)]) + body[at + 1 :], body[at:], b""))
            body = body[:at] + cut if chance.random() < 0.7 else body
    return body


def places_in(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each value of a JSON document, that to the whole first."""
    yield place
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from places_in(member, (*place, name))


def with_value(document: Any, place: tuple[str | int, ...], value: Any) -> Any:
    """The document with another value at that place."""
    if not place:
        return value
    changed = document.copy()
    changed[place[0]] = with_value(document[place[0]], place[1:], value)
    return changed


def assert_told(found: FeedDocument | BadItem) -> None:
    """It is a document or a reason; what it says is of the right types, and text that a database takes."""
    bad_items = [found] if isinstance(found, BadItem) else found.bad_items
    assert all(bad.reason and bad.detail for bad in bad_items)
    assert not [bad for bad in bad_items if bad.reason.startswith("raised:")]  # kept and told, and a fault all the same
    repr(found).encode()
    for entry in found.entries if isinstance(found, FeedDocument) else ():
        assert_sound(entry)


def assert_sound(entry: Entry) -> None:
    assert entry.id
    assert entry.version is None or 0 <= entry.version < 2**63
    assert entry.urgency is None or 1 <= entry.urgency <= 9
    assert entry.kind in ("text", "picture", "graphic", "video", "audio", "composite")
    assert entry.kind == "text" or entry.body is None
    assert entry.wire_id not in entry.replaces
    stamps = (entry.published_at, entry.updated_at, entry.version_at, entry.embargo_until)
    assert all(stamp.utcoffset() is not None for stamp in stamps if stamp)
    assert all(block.text.strip() == block.text != "" for block in entry.body or ())
    assert all(subject.name or subject.code for subject in entry.subjects)


@pytest.mark.parametrize("format", _XML)
@settings(max_examples=60, deadline=_BOUND_MS, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.data())
def test_a_damaged_wire_file_is_read_or_told(format: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(seeds(format)))
    wounds = damaged(body, data.draw(st.integers(0, 2**32)), data.draw(st.integers(1, 8)))
    assert_told(parse_document(wounds, url="https://feeds.example/wire?token=${KEY}", format=format))


@pytest.mark.parametrize("format", _JSON)
@settings(max_examples=150, deadline=_BOUND_MS, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.data())
def test_any_value_may_stand_anywhere_in_a_json_file(format: str, data: st.DataObject) -> None:
    document = json.loads(
        data.draw(st.sampled_from([body for body in seeds(format) if not body.startswith(b'{"uri": "n')]))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.sampled_from(list(places_in(document))))
        document = with_value(document, place, data.draw(_VALUES))
    body = json.dumps(document).encode("utf-8", "surrogatepass")
    assert_told(parse_document(body, url="https://feeds.example/wire?token=${KEY}", format=format))


@pytest.mark.parametrize("format", _TELEPRINTER)
@settings(max_examples=100, deadline=_BOUND_MS, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.data())
def test_a_damaged_teleprinter_file_is_read_or_told(format: str, data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from(seeds(format))))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(body)))
        end = min(len(body), at + data.draw(st.integers(0, 60)))
        marks = [bytes([code]) for code in range(32)] + [b"\n", b"^", b"<", b"=", b"-", b"KILL", b"99", b"By ", b"("]
        body[at:end] = data.draw(st.sampled_from(marks) | st.binary(max_size=6) | st.just(bytes(body[end : end + 90])))
    assert_told(parse_document(bytes(body), url="https://feeds.example/", format=format))


@given(st.text(max_size=300))
@example("<nitf>" * 300)
@example("<NewsML><NewsItem>" + "<NewsComponent>" * 200 + "</NewsComponent>" * 200 + "</NewsItem></NewsML>")
@settings(max_examples=60, deadline=_BOUND_MS, derandomize=True)
def test_any_text_is_read_or_told(text: str) -> None:
    assert_told(parse_document(text.encode("utf-8", "surrogatepass"), url="https://feeds.example/"))


@pytest.mark.parametrize("root", ["nitf", "newsMessage", "NewsML", "RBNews", "results"])
def test_a_billion_laughs_are_not_laughed(root: str) -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(10))
    body = f"<!DOCTYPE {root} [{laughs}]><{root}><body><body.content><p>&l9;</p></body.content></body></{root}>"
    found = parse_document(body.encode(), url="https://feeds.example/")
    assert isinstance(found, BadItem)
    assert found.reason == "entity_bomb"
