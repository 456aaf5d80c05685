"""How wires are delivered: lists, their items, tokens and pages, keys, what fails, what is killed; drop folders."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from pipeline.captures import folder as folder_room
from pipeline.catalogue import folder_source, load_catalogue
from pipeline.settings import Settings
from pipeline.steps import collect, folders, follow, polls
from pipeline.steps.run import PAGE_LIMIT_S, Run, open_run
from pipeline.types import Delivery, SourceReport, Window
from pipeline.warehouse.engine import Warehouse
from pipeline.warehouse.publishing import fingerprints
from pipeline.warehouse.reading import reading
from pipeline.workers import Workers
from tests.agency import CATALOGUE, ENVIRONMENT, ITEM, KEY, Agency, serving
from tests.nights.test_keys import spellings

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)
A, B, C, D = (letter * 32 for letter in "abcd")

COMPARED = {
    f"ingest.{name}": left_out
    for name, left_out in {
        "articles": (),
        "article_versions": (),
        "captures": ("run_id", "warc_path", "warc_offset"),
        "entries": (),
        "feeds": (),
        "files": (),
        "links": (),
        "quarantine": (),
    }.items()
}


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """All nights share them: starting some for each costs seconds."""
    with Workers(1, PAGE_LIMIT_S, warm=("pipeline.steps.work",)) as workers:
        yield workers


@dataclass
class Office:
    """A data folder and its catalogue, in which nights are run: feeds and folders alone, without pages and topics."""

    folder: Path
    workers: Workers
    template: Path  # a warehouse file with its tables and nothing in them

    def __post_init__(self) -> None:
        self.data.mkdir(parents=True)
        shutil.copy(self.template, self.data / "warehouse.duckdb")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def subscribe(self, catalogue: str) -> None:
        (self.folder / "sources.toml").write_text(catalogue, "utf-8")

    def night(self, hours: float = 0) -> SourceReport:
        settings = Settings(self.data, now=NOW + timedelta(hours=hours), workers=1)
        sources = load_catalogue(self.folder / "sources.toml", ENVIRONMENT)
        with open_run(settings, "nightly", sources) as run:
            run.workers = self.workers
            read_feeds(run)
            [report] = run.tally.reports()
            return report

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with reading(self.data / "warehouse.duckdb") as conn:
            return [tuple(row) for row in conn.exec_driver_sql(sql)]

    def titles(self) -> list[str]:
        return [str(title) for (title,) in self.rows("select title from ingest.article_versions order by title")]

    def cursor(self, feed: str) -> object:
        return dict(self.rows("select feed_id, cursor from ingest.feeds")).get(f"tidewire/{feed}")

    def state(self) -> dict[str, tuple[int, str]]:
        with reading(self.data / "warehouse.duckdb") as conn:
            return fingerprints(conn, COMPARED)


def read_feeds(run: Run) -> None:
    due = collect.due_feeds(run)
    web = [feed for feed in due if feed.delivery is Delivery.HTTP]
    follow.follow(run, web, polls.derive_feeds(run, collect.collect_feeds(run, web)))
    for feed in due:
        if feed.delivery is Delivery.FOLDER:
            for files in folders.collect_folder(run, feed):
                polls.derive_feeds(run, files)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "warehouse.duckdb"
    with Warehouse(path, "nightly", now=NOW):
        return path


@pytest.fixture
def office(tmp_path: Path, workers: Workers, template: Path) -> Office:
    return Office(tmp_path, workers, template)


@pytest.fixture
def agency(office: Office) -> Iterator[Agency]:
    with serving(Agency()) as agency:
        office.subscribe(CATALOGUE.replace("SITE", agency.url))
        yield agency


def stories(*names: str) -> list[str]:
    return [f"Story {name}, told 1 times" for name in names]


# ------------------------------------------------------------------------------------------------ lists and items


def test_the_items_of_a_list_are_taken_in_and_the_next_night_goes_on_after_them(office: Office, agency: Agency) -> None:
    agency.channel = [("K1", 1), ("K2", 1)]
    report = office.night()
    assert office.titles() == stories("K1", "K2")
    assert (office.cursor("channel"), report.entries_new, report.failed) == ("at=2", 2, 0)
    assert office.rows(
        "select feed_id, kind, count(*) from ingest.captures where url like '%/item?%' group by all"
    ) == [("tidewire/channel", "feed", 2)]
    agency.paths()

    agency.channel += [("K1", 2), ("K3", 1)]
    office.night(24)
    first, *items, last = (path for path in agency.paths() if path.startswith("/rest"))
    assert (first, last) == ("/rest/items?channel=all&pollToken=at=2", "/rest/items?channel=all&pollToken=at=4")
    assert sorted(items) == [  # two are asked for at once
        "/rest/item?id=tag:tidewire.example,2026:story_K1:2",
        "/rest/item?id=tag:tidewire.example,2026:story_K3:1",
    ]
    assert office.titles() == ["Story K1, told 1 times", "Story K1, told 2 times", *stories("K2", "K3")]
    assert office.rows("select count(*) from ingest.articles") == [(3,)]
    polls = office.rows(
        "select entries, new_entries, is_overrun from ingest.polls where feed_id like '%channel' order by polled_at"
    )
    assert polls == [(2, 2, False), (2, 1, False)]


def test_the_text_of_an_embargoed_item_is_fetched_once_its_embargo_has_passed(office: Office, agency: Agency) -> None:
    agency.pages, agency.embargoes = [[A, B]], {B: "2026-04-14T01:59:00Z"}
    office.night()
    assert office.titles() == [f"Story {A}"]
    assert not [path for path in agency.paths() if B in path]
    office.night(23)
    assert office.titles() == [f"Story {A}"]
    office.night(24)
    assert office.titles() == [f"Story {A}", f"Story {B}"]
    assert office.rows("select count(*) from ingest.links") == [(0,)]


def test_a_version_that_the_archive_has_is_not_fetched_again(office: Office, agency: Agency) -> None:
    agency.channel = [("K1", 1), ("K2", 1)]
    office.night()
    agency.oldest_token = 99  # so that the whole list is asked for again
    agency.channel += [("K3", 1)]
    agency.paths()
    report = office.night(24)
    assert [path for path in agency.paths() if "/item?" in path] == [
        "/rest/item?id=tag:tidewire.example,2026:story_K3:1"
    ]
    assert report.notes == ("tidewire/channel: its server refused to go on from the last answer; asked afresh",)
    assert (office.cursor("channel"), office.titles()) == ("at=3", stories("K1", "K2", "K3"))
    assert office.rows("select count(*) from ingest.quarantine") == [(0,)]


def test_an_item_that_can_not_be_read_holds_nothing_up_and_is_kept_with_its_bytes(
    office: Office, agency: Agency
) -> None:
    agency.channel, agency.broken = [("K1", 1), ("K2", 1), ("K3", 1)], {"K2"}
    report = office.night()
    assert office.titles() == stories("K1", "K3")
    assert (office.cursor("channel"), report.quarantined) == ("at=3", 1)
    [(stage, url, size)] = office.rows(
        "select stage, quarantine.url, size_bytes from ingest.quarantine join ingest.captures using (capture_id)"
    )
    assert (stage, size) == ("parse", len("<newsItem"))
    assert str(url).endswith("/rest/item?id=tag:tidewire.example,2026:story_K2:1&token=${TIDE_KEY}")


def test_an_item_that_did_not_come_is_asked_for_in_the_next_night_though_no_list_names_it(
    office: Office, agency: Agency
) -> None:
    agency.channel, agency.failing = [("K1", 1), ("K2", 1)], {"K2"}
    office.night()
    assert (office.cursor("channel"), office.titles()) == ("at=2", stories("K1"))
    assert office.rows("select stage, reason, times from ingest.quarantine where resolved_at is null") == [
        ("fetch", "http_500", 1)
    ]
    agency.failing = set()
    office.night(24)
    assert office.titles() == stories("K1", "K2")
    assert office.rows("select count(*) from ingest.links") == [(0,)]
    assert office.rows("select count(*) from ingest.quarantine where resolved_at is null") == [(0,)]


def test_a_list_that_is_too_long_is_taken_in_over_several_nights(
    office: Office, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "DOCUMENTS_AT_MOST", 3)
    agency.channel = [(f"K{n}", 1) for n in range(5)]
    report = office.night()
    assert (len(office.titles()), office.cursor("channel")) == (3, "at=5")
    assert report.notes == ("tidewire/channel: 2 of its documents wait for the next run",)
    office.night(24)
    assert office.titles() == stories(*(f"K{n}" for n in range(5)))


# ------------------------------------------------------------------------------------------------ pages


def test_pages_are_asked_for_until_one_is_empty(office: Office, agency: Agency) -> None:
    agency.pages = [[A, B], [C]]
    office.night()
    assert office.titles() == [f"Story {name}" for name in (A, B, C)]
    assert office.cursor("stream") == f"{agency.url}/media/feed?seq=2"
    asked = [path for path in agency.paths() if path.startswith("/media/feed")]
    assert asked == ["/media/feed", "/media/feed?seq=1", "/media/feed?seq=2"]

    agency.pages += [[D]]
    office.night(24)
    assert [path for path in agency.paths() if path.startswith("/media")] == [
        "/media/feed?seq=2", f"/media/content/{D}", "/media/feed?seq=3"
    ]  # fmt: skip
    assert len(office.titles()) == 4
    assert office.rows("select count(*) from ingest.polls where is_overrun or outcome = 'failed'") == [(0,)]


def test_a_stranger_is_asked_without_the_key(office: Office, agency: Agency) -> None:
    with serving(Agency()) as stranger:
        agency.pages, agency.texts_at = [[A]], f"{stranger.url}/open"
        office.night()
        assert (stranger.paths(), stranger.keys_given) == ([f"/open/{A}"], 0)
    assert office.titles() == [f"Story {A}"]


def test_the_key_is_given_to_the_agency_and_kept_nowhere(office: Office, agency: Agency) -> None:
    agency.channel, agency.pages, agency.failing = [("K1", 1), ("K2", 1)], [[A], [B]], {"K2"}
    office.night()
    assert agency.keys_given == len(agency.paths())
    files = [path for path in office.data.rglob("*") if path.is_file()]
    assert {".warc", ".duckdb"} <= {path.suffix for path in files}
    assert [path for path in files for key in spellings(KEY) if key in path.read_bytes()] == []
    assert office.rows("select count(*) from ingest.links where url like '%story_K2:1'") == [(1,)]
    agency.keys_given = 0
    office.night(24)
    assert agency.keys_given == len(agency.paths()) > 0  # what waited is asked for with the key too


# ------------------------------------------------------------------------------------------------ killed


class Killed(BaseException):
    """Stands for a SIGKILL: all that is not committed is gone, and no handler of ours takes it for a failure."""


@contextmanager
def killed_before(number: int) -> Iterator[None]:
    """The transaction of that number, and those after it, do not come to their end."""
    commits = 0

    def before_commit(_: object) -> None:
        nonlocal commits
        commits += 1
        if commits >= number:
            raise Killed

    event.listen(Engine, "commit", before_commit)
    try:
        yield
    finally:
        event.remove(Engine, "commit", before_commit)


def test_a_night_that_is_killed_again_and_again_asks_from_the_old_cursor_and_ends_as_an_undisturbed_one(
    office: Office, agency: Agency, tmp_path: Path, template: Path
) -> None:
    agency.channel, agency.broken, agency.pages = [("K1", 1), ("K2", 1), ("K3", 1)], {"K2"}, [[A, B], [C]]
    for moment in (3, 5, 6, 8):
        with pytest.raises(Killed), killed_before(moment):
            office.night()
        if office.cursor("channel"):
            assert set(stories("K1", "K3")) <= set(office.titles())
    office.night()
    undisturbed = Office(tmp_path / "undisturbed", office.workers, template)
    undisturbed.subscribe(CATALOGUE.replace("SITE", agency.url))
    undisturbed.night()
    wanted, found = undisturbed.state(), office.state()
    assert [table for table in wanted if found[table] != wanted[table]] == []
    assert wanted["ingest.articles"][0] == 5


# ------------------------------------------------------------------------------------------------ drop folders

INBOX = """
[[source]]
id = "tidewire"
name = "Tidewire"
kind = "agency"

[[source.feed]]
name = "drop"
folder = "inbox"
"""


@pytest.fixture
def inbox(office: Office) -> Path:
    office.subscribe(INBOX)
    folder = office.folder / "inbox"
    drop(folder, "K1", "K2")
    return folder


def drop(folder: Path, *names: str, version: int = 1) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        path = folder / f"{name}.xml"
        path.write_text(ITEM.format(name=name, version=version), "utf-8")
        settle(path)


def settle(path: Path) -> None:
    os.utime(path, (time.time() - 60, time.time() - 60))


def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are opened from now on."""
    names: list[str] = []
    read = folder_room.read_file

    def noted(found: folder_room.FoundFile, *rest: object) -> object:
        names.append(found.path.name)
        return read(found, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(folders, "read_file", noted)
    return names


def test_a_file_is_read_once_unless_its_bytes_change(
    office: Office, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ctime_ns) for path in inbox.iterdir()}
    office.night()
    names = opened(monkeypatch)
    report = office.night(24)
    assert (names, office.titles()) == ([], stories("K1", "K2"))
    assert (report.polled, report.failed) == (1, 0)
    polls = office.rows("select outcome, entries from ingest.polls order by polled_at")
    assert polls == [("ok", 2), ("not_modified", 0)]  # it has looked all the same
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ctime_ns) for path in inbox.iterdir()} == before

    settle(inbox / "K1.xml")  # touched alone
    drop(inbox, "K2", version=2)
    office.night(48)
    assert (sorted(names), office.titles()) == (["K1.xml", "K2.xml"], [*stories("K1", "K2"), "Story K2, told 2 times"])
    assert office.rows("select count(*) from ingest.captures") == [(3,)]


@pytest.mark.parametrize(
    ("names", "window", "note"),
    [
        pytest.param((), Window(), "there is no file to read in", id="an empty folder"),
        pytest.param(
            ("K1", "K2"),
            Window(datetime(2025, 1, 1, tzinfo=UTC)),
            None,
            id="items of the window",
        ),
        pytest.param(
            ("K1", "K2"),
            Window(None, datetime(2025, 1, 1, tzinfo=UTC)),
            "no item was found in its 2 files, none of the window from the beginning to 2025-01-01 00:00 UTC",
            id="items of another time",
        ),
    ],
)
def test_a_backfill_of_a_folder_says_why_it_brought_nothing(
    office: Office, names: tuple[str, ...], window: Window, note: str | None
) -> None:
    folder = office.folder / "inbox"
    drop(folder, *names)
    source = folder_source(folder, ())
    with open_run(Settings(office.data, now=NOW, workers=1), "backfill", (source,), window=window) as run:
        run.workers = office.workers
        files = 0
        for polled in folders.collect_folder(run, source.feeds[0]):
            polls.derive_feeds(run, polled)
            files += sum(1 for one in polled if one.ref)
        folders.note_nothing(run, source.feeds[0], files)
        [report] = run.tally.reports()
    assert (files, report.entries) == (len(names), 2 if note is None else 0)
    assert [note is not None and note in told for told in report.notes] == ([True] if note else [])


def test_a_file_that_can_not_be_read_is_a_failure_and_the_rest_goes_on(
    office: Office, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(folder_room, "FILE_BYTES_AT_MOST", 2000)
        (inbox / "large.xml").write_text(" " * 2001 + "<newsItem")
        settle(inbox / "large.xml")
        report = office.night()
    assert (office.titles(), report.quarantined, report.failed) == (stories("K1", "K2"), 1, 0)
    assert office.rows("select stage, reason, url like '%/inbox/large.xml' from ingest.quarantine") == [
        ("fetch", "too_large", True)
    ]
    office.night(24)
    assert office.rows("select stage, resolved_at is null from ingest.quarantine order by stage") == [
        ("fetch", False),
        ("parse", True),
    ]


def test_a_file_that_was_archived_and_not_taken_in_is_taken_in_without_being_read(
    office: Office, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments: Sequence[int] = (5, 6)
    names = opened(monkeypatch)
    for moment in moments:
        with pytest.raises(Killed), killed_before(moment):
            office.night()
    office.night()
    assert len(names) < 2 * len(moments)
    assert office.titles() == stories("K1", "K2")
    assert office.rows("select count(*) from ingest.captures") == [(2,)]
