"""What is asked for when, as tables of named cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.captures.due import feeds_due, next_feed_state, page_result
from pipeline.types import (
    CaptureKind,
    CaptureRef,
    Delivery,
    Entry,
    Failure,
    Feed,
    FeedDocument,
    FeedState,
    PageDue,
    PollOutcome,
    Stage,
)

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NIGHT = DAY - 4 * HOUR
FEED = Feed(id="wire/main", source_id="wire", url="https://wire.example/feed", every_s=3600)
FOLDER = replace(FEED, url="/drop", delivery=Delivery.FOLDER)
STATE = FeedState(
    "wire/main", etag='"1"', last_modified="Mon", window_ids=("a", "b"), last_digest="d1", last_ok_at=NOW - DAY
)


def ref(status: int = 200, digest: str = "d2") -> CaptureRef:
    return CaptureRef(
        id="c1",
        kind=CaptureKind.FEED,
        source_id="wire",
        feed_id="wire/main",
        entry_id=None,
        url=FEED.url,
        final_url=FEED.url,
        status=status,
        content_type=None,
        size_bytes=1,
        captured_at=NOW,
        digest=digest,
        warc_path="x.warc",
        warc_offset=0,
    )


def failure(reason: str = "http_500", quiet: timedelta | None = None, stage: Stage = Stage.FETCH) -> Failure:
    return Failure(stage, reason, "in words", FEED.url, "wire", NOW, retry_after_at=NOW + quiet if quiet else None)


def entries(*days_ago: float | None, ids: str = "abcdefgh") -> tuple[Entry, ...]:
    return tuple(
        Entry(id=ids[i], position=i, published_at=None if ago is None else NOW - DAY * ago)
        for i, ago in enumerate(days_ago)
    )


def look(state: FeedState | None = STATE, feed: Feed = FEED, **given):
    defaults = {
        "capture": ref(),
        "validators": ('"2"', "Tue"),
        "failure": None,
        "moved_to": None,
        "fresh_until": None,
        "document": None,
        "now": NOW,
    }
    return next_feed_state(feed, state, **(defaults | given))


def document(*found: Entry, cursor: str | None = None) -> FeedDocument:
    return FeedDocument("rss", found, cursor=cursor)


# ------------------------------------------------------------------------------------------------ which feeds

DUE = {
    "never asked": (FEED, None, True),
    "its time has come": (FEED, NOW, True),
    "its time is a second away": (FEED, NOW + timedelta(seconds=1), False),
    "no time is set": (FEED, "unset", True),
    "it is asked whenever there is a run": (replace(FEED, every_s=0), NOW + DAY, True),
    "a folder": (FOLDER, NOW + DAY, True),
}


@pytest.mark.parametrize(("feed", "next_due_at", "is_due"), DUE.values(), ids=DUE.keys())
def test_a_feed_is_due(feed: Feed, next_due_at, is_due: bool) -> None:
    state = FeedState(feed.id, next_due_at=None if next_due_at == "unset" else next_due_at)
    states = {} if next_due_at is None else {feed.id: state}
    assert feeds_due([feed], states, NOW) == (([feed], []) if is_due else ([], [feed]))


def test_a_daily_feed_is_due_the_next_night_though_the_run_starts_sooner() -> None:
    daily = replace(FEED, every_s=86_400)
    state, _ = look(feed=daily, document=document())
    assert feeds_due([daily], {daily.id: state}, NOW + DAY - 5 * MINUTE) == ([daily], [])
    assert feeds_due([daily], {daily.id: state}, NOW + DAY - HOUR) == ([], [daily])


# ------------------------------------------------------------------------------------------------ a feed's next state


def test_a_cursor_is_that_of_the_last_good_answer() -> None:
    state, _ = look(document=document(*entries(0), cursor="t1"))
    assert state.cursor == "t1"
    assert look(state, failure=failure())[0].cursor == "t1"
    assert look(state, document=None)[0].cursor == "t1"
    assert look(state, document=document(*entries(0)), is_continued=True)[0].cursor is None


CONTINUED = {"with what is new": entries(0, 1, ids="xy"), "with nothing": ()}


@pytest.mark.parametrize("found", CONTINUED.values(), ids=CONTINUED)
def test_between_an_answer_and_the_one_that_goes_on_from_it_nothing_is_missed(found: tuple[Entry, ...]) -> None:
    state, poll = look(document=document(*found, cursor="t2"), is_continued=True)
    assert (poll.is_overlapping, poll.is_overrun, state.cursor) == (True, False, "t2")
    assert state.window_ids == (tuple(entry.id for entry in found) or STATE.window_ids)


def test_a_good_answer_moves_the_state_on() -> None:
    state, poll = look(document=document(*entries(0, 1)), moved_to="https://wire.example/new")
    assert state == FeedState(
        feed_id="wire/main",
        etag='"2"',
        last_modified="Tue",
        moved_to="https://wire.example/new",
        last_polled_at=NOW,
        last_ok_at=NOW,
        next_due_at=NOW + HOUR - 3 * MINUTE,
        window_ids=("a", "b"),
        last_digest="d2",
    )
    assert (poll.outcome, poll.status, poll.entries, poll.capture_id) == (PollOutcome.OK, 200, 2, "c1")


def test_a_good_answer_without_validators_forgets_the_old_ones() -> None:
    state, _ = look(document=document(), validators=(None, None))
    assert (state.etag, state.last_modified) == (None, None)


def test_a_304_proves_that_nothing_was_missed_and_leaves_the_window() -> None:
    state, poll = look(capture=ref(304), validators=(None, None), state=replace(STATE, failures_in_row=3))
    assert (state.etag, state.last_modified, state.window_ids) == ('"1"', "Mon", ("a", "b"))
    assert (state.failures_in_row, state.last_ok_at) == (0, NOW)
    assert (poll.outcome, poll.is_overlapping, poll.is_overrun) == (PollOutcome.NOT_MODIFIED, True, False)


def test_a_failure_of_any_stage_leaves_what_is_known() -> None:
    for stage in (Stage.FETCH, Stage.PARSE):
        state, poll = look(failure=failure(stage=stage))
        kept = ("etag", "last_modified", "window_ids", "last_digest", "last_ok_at")
        assert [getattr(state, name) for name in kept] == [getattr(STATE, name) for name in kept]
        assert (state.failures_in_row, state.last_polled_at) == (1, NOW)
        assert (poll.outcome, poll.reason, poll.detail) == (PollOutcome.FAILED, "http_500", "in words")


PAUSES = {
    "the first failure waits as always": (0, None, HOUR - 3 * MINUTE),
    "the third waits four times as long": (2, None, 4 * HOUR - 10 * MINUTE),
    "none misses the next night": (6, None, DAY - 10 * MINUTE),
    "not even the thousandth": (1000, None, DAY - 10 * MINUTE),
    "Retry-After is honoured": (0, 5 * HOUR, 5 * HOUR),
    "a shorter Retry-After changes nothing": (2, HOUR, 4 * HOUR - 10 * MINUTE),
    "a Retry-After of years is a mistake": (0, 1000 * DAY, 7 * DAY),
}


@pytest.mark.parametrize(("before", "quiet", "pause"), PAUSES.values(), ids=PAUSES.keys())
def test_a_failing_feed_waits(before: int, quiet: timedelta | None, pause: timedelta) -> None:
    state, _ = look(replace(STATE, failures_in_row=before), failure=failure(quiet=quiet))
    assert state.next_due_at == NOW + pause


def test_freshness_is_honoured_for_a_day_at_most() -> None:
    assert look(document=document(), fresh_until=NOW + 5 * HOUR)[0].next_due_at == NOW + 5 * HOUR
    assert look(document=document(), fresh_until=NOW + 500 * HOUR)[0].next_due_at == NOW + DAY
    assert look(document=document(), fresh_until=NOW + MINUTE)[0].next_due_at == NOW + HOUR - 3 * MINUTE


def test_a_move_is_remembered_until_the_new_address_fails_thrice() -> None:
    state = replace(STATE, moved_to="https://wire.example/new")
    assert look(state, document=document())[0].moved_to == "https://wire.example/new"
    for _ in range(2):
        state, _ = look(state, failure=failure())
        assert state.moved_to == "https://wire.example/new"
    assert look(state, failure=failure())[0].moved_to is None


WINDOWS = {
    # (ids before, digest before, entries now): overlapping, overrun, window_since
    "it shares an entry": (("b", "x"), "d1", entries(0, 1), True, False, 1),
    "it shares none": (("x", "y"), "d1", entries(0, 1), False, True, 1),
    "it is the first": ((), None, entries(0, 1), False, False, 1),
    "it is empty now": (("x", "y"), "d1", (), False, False, None),
    "it was empty": ((), "d1", entries(0, 1), False, False, 1),
    "it was empty and is": ((), "d2", (), True, False, None),
    "its bytes are the same": (("x",), "d2", entries(0, 1), True, False, 1),
    "an entry has no date": (("b",), "d1", entries(0, None), True, False, None),
    "it is not newest first": (("b",), "d1", entries(2, 1, 3), True, False, None),
    "two entries are of one moment": (("b",), "d1", entries(1, 1, 3), True, False, 3),
    "it reaches back for years": (("b",), "d1", entries(0, 1, 4000), True, False, 92),
    "one pinned above breaks the claim": (("b",), "d1", entries(9, 0, 1), True, False, None),
}


@pytest.mark.parametrize(
    ("ids", "digest", "found", "is_overlapping", "is_overrun", "days"), WINDOWS.values(), ids=WINDOWS.keys()
)
def test_a_window_proves(ids, digest, found, is_overlapping: bool, is_overrun: bool, days: float | None) -> None:
    state = replace(STATE, window_ids=ids, last_digest=digest)
    _, poll = look(state, document=document(*found))
    assert (poll.is_overlapping, poll.is_overrun) == (is_overlapping, is_overrun)
    assert poll.window_since == (None if days is None else NOW - DAY * days)


def test_a_window_by_updates_is_a_window() -> None:
    found = [replace(entry, published_at=None, updated_at=entry.published_at) for entry in entries(0, 2)]
    assert look(document=document(*found))[1].window_since == NOW - 2 * DAY


def test_a_folder_misses_nothing() -> None:
    _, poll = look(feed=FOLDER, document=document(*entries(0, ids="x")))
    assert (poll.is_overlapping, poll.is_overrun, poll.window_since) == (True, False, None)


# ------------------------------------------------------------------------------------------------ pages


def page(attempts: int = 0, first_at: datetime | None = None) -> PageDue:
    return PageDue(
        "wire", "wire/main", Entry("e", 0), "https://wire.example/a", attempts, first_at, first_at, '"1"', None
    )


def came_of(due: PageDue, failed: Failure | None = None, capture: CaptureRef | None = None):
    return page_result(due, capture=capture, validators=('"2"', None), failure=failed, now=NOW)


REVISITS = {
    "the first time": (None, NOW + NIGHT),
    "a day later": (NOW - DAY, NOW + DAY + NIGHT),
    "earlier in the next night": (NOW - DAY + 3 * HOUR, NOW + DAY + NIGHT + 3 * HOUR),
    "three days later": (NOW - 3 * DAY, NOW + 3 * DAY + NIGHT),
    "a week later": (NOW - 7 * DAY, None),
    "months later": (NOW - 90 * DAY, None),
}


@pytest.mark.parametrize(("first_at", "next_due_at"), REVISITS.values(), ids=REVISITS.keys())
def test_a_page_that_landed_is_seen_again(first_at: datetime | None, next_due_at: datetime | None) -> None:
    result = came_of(page(first_at=first_at), capture=ref())
    assert (result.state, result.capture_id, result.etag, result.next_due_at) == ("landed", "c1", '"2"', next_due_at)


def test_a_page_that_has_not_changed_keeps_its_capture() -> None:
    result = page_result(page(first_at=NOW - DAY), capture=ref(304), validators=(None, None), failure=None, now=NOW)
    assert (result.state, result.capture_id, result.etag) == ("landed", None, '"1"')
    assert result.next_due_at == NOW + DAY + NIGHT


FAILED = {
    "once": (0, failure("timeout"), "failed", HOUR),
    "four times": (3, failure("timeout"), "failed", 8 * HOUR),
    "none misses the next night": (6, failure("timeout"), "failed", NIGHT),
    "eight times": (7, failure("timeout"), "gone", None),
    "it asked for quiet": (0, failure("http_503", 3 * HOUR), "failed", 3 * HOUR),
    "not there once": (0, failure("http_404"), "failed", HOUR),
    "not there thrice": (2, failure("http_404"), "gone", None),
    "gone": (0, failure("http_410"), "gone", None),
    "robots": (0, failure("robots_disallowed"), "failed", 6 * DAY + NIGHT),
    "robots for ever": (50, failure("robots_disallowed"), "failed", 6 * DAY + NIGHT),
}


@pytest.mark.parametrize(("attempts", "failed", "state", "pause"), FAILED.values(), ids=FAILED.keys())
def test_a_page_that_failed_waits(attempts: int, failed: Failure, state: str, pause: timedelta | None) -> None:
    result = came_of(page(attempts), failed, ref(404))
    assert (result.state, result.reason, result.capture_id) == (state, failed.reason, None)
    assert result.next_due_at == (None if pause is None else NOW + pause)
    assert result.etag == '"1"'
