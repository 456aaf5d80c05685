"""What each command says and how it ends. Where no run is asked for, no server is: its address leads nowhere."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from deployments.sample.site import NIGHTS, SampleWire
from pipeline.cli import app
from pipeline.warehouse.lease import Lease
from tests.rehearsal import Said, by_proxy, dateline


def say(*arguments: str, data, **environ: str) -> Said:
    return dateline(*arguments, data=data, PREFECT_API_URL="http://127.0.0.1:9/api", **environ)


def commands(group, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if hasattr(command, "commands"):
            yield from commands(command, *path, name)


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", [(), *COMMANDS], ids=lambda path: " ".join(path) or "dateline")
def test_every_command_helps(path, tmp_path) -> None:
    said = say(*path, "--help", data=tmp_path)
    assert said.code == 0
    assert "Usage:" in said.out


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_says_what_it_does(path) -> None:
    command = COMMANDS[path]
    assert command.help
    silent = [one.name for one in command.params if not getattr(one, "help", None)]
    assert silent == []


def test_there_are_the_commands_that_people_know() -> None:
    assert {" ".join(path) for path in COMMANDS} >= {
        "nightly", "backfill", "serve", "status", "query", "explain", "report", "sources check", "sources import",
        "sources export", "topics import",
    }  # fmt: skip


def test_the_version_is_said(tmp_path) -> None:
    assert say("--version", data=tmp_path).out.startswith("dateline 0")


# ------------------------------------------------------------------------------------------------ exit codes


@pytest.mark.parametrize("command", [("status",), ("query", "select 1"), ("explain", "x"), ("report",)])
def test_nothing_published_yet_is_said_with_what_to_do(command, tmp_path) -> None:
    said = say(*command, data=tmp_path / "data")
    assert (said.code, said.out) == (2, "")
    assert f"There is no published file {tmp_path / 'data' / 'news.duckdb'} yet. Run `dateline nightly`" in said.err


@pytest.mark.parametrize("command", [("retry",), ("boilerplate", "list", "--source", "one")], ids=" ".join)
def test_no_warehouse_yet_is_said_with_what_to_do(command, tmp_path) -> None:
    said = say(*command, data=tmp_path / "data")
    assert (said.code, said.out) == (2, "")
    assert f"There is no warehouse {tmp_path / 'data' / 'warehouse.duckdb'} yet. Run `dateline nightly`" in said.err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("command", "because"),
    [
        pytest.param(("nightly", "--sample", "--sources", __file__), "--sample or --sources", id="two catalogues"),
        pytest.param(("backfill", "--folder", ".", "--warc", __file__), "--folder or --warc", id="two places"),
        pytest.param(("backfill",), "needs --since", id="no window for the listings"),
        pytest.param(("backfill", "--folder", "nowhere"), "does not exist", id="a folder that is not there"),
        pytest.param(("backfill", "--folder", "."), "There is no file in the folder .", id="a folder without a file"),
        pytest.param(("backfill", "--warc", "nowhere", "--dry-run"), "does not exist", id="a file that is not there"),
        pytest.param(("backfill", "--since", "yesterday"), "does not match the format", id="a day that is none"),
        pytest.param(("sources", "import", "nowhere", "--output", "x.toml"), "no file nowhere", id="no OPML"),
        pytest.param(("topics", "import", "nowhere"), "no file nowhere", id="no vocabulary"),
        pytest.param(("nightly", "--sources", "nowhere"), "does not exist", id="a nightly run without a catalogue"),
        pytest.param(("serve", "--sources", "nowhere"), "does not exist", id="a schedule without a catalogue"),
        pytest.param(("retry", "--sources", "nowhere"), "does not exist", id="a retry without a catalogue"),
        pytest.param(("sources", "check", "--sources", "nowhere"), "does not exist", id="no catalogue to check"),
        pytest.param(("sources", "export", "--sources", "nowhere"), "does not exist", id="no catalogue to export"),
        pytest.param(("fetch",), "No such command", id="no such command"),
    ],
)
def test_what_cannot_be_asked_for_ends_with_2_and_touches_nothing(command, because, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = say(*command, data=tmp_path / "data")
    assert said.code == 2
    assert because in " ".join(said.err.replace("│", " ").split())
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


BROKEN = """
[[source]]
id = "one"
name = "One"
kind = "newspaper"

[[source.feed]]
url = "ftp://one.example/rss"
every = "often"
"""


@pytest.mark.parametrize("command", [("nightly",), ("sources", "check"), ("sources", "export"), ("serve",)])
def test_a_broken_catalogue_ends_with_1_and_a_list_of_all_that_is_wrong(command, tmp_path) -> None:
    catalogue = tmp_path / "broken.toml"
    catalogue.write_text(BROKEN, encoding="utf-8")
    said = say(*command, "--sources", str(catalogue), data=tmp_path / "data")
    assert said.code == 1
    head, *problems = said.err.strip().splitlines()
    assert head == f"error: {catalogue} has 3 errors:"
    for problem, wrong in zip(
        problems, ("url is no web address", "every is 'often'", "kind is 'newspaper'"), strict=True
    ):
        assert problem.startswith("  source 'one'")
        assert wrong in problem
    assert not (tmp_path / "data").exists()


def test_a_run_beside_another_ends_with_75_and_says_who_is_there(prefect_home, tmp_path) -> None:
    lease = Lease(tmp_path / "warehouse.duckdb", "nightly")
    lease.take()
    try:
        with SampleWire() as wire:
            catalogue = tmp_path / "sources.toml"
            wire.write_catalogue(catalogue, tmp_path)
            said = dateline("nightly", "--sources", str(catalogue), data=tmp_path)
    finally:
        lease.release()
    assert said.code == 75
    assert said.err.startswith("busy: another nightly run (pid ")
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_a_setting_that_is_none_ends_with_1_and_names_it(tmp_path) -> None:
    said = say("status", data=tmp_path, DATELINE_NOW="tomorrow")
    assert said.code == 1
    assert "DATELINE_NOW is 'tomorrow', which is no ISO time" in said.err


# ------------------------------------------------------------------------------------------------ the catalogue


@pytest.fixture
def catalogue(tmp_path):
    path = tmp_path / "sources.toml"
    with SampleWire() as wire:
        wire.write_catalogue(path, tmp_path / "wires")
    return path


def test_a_good_catalogue_is_counted_and_folders_that_are_not_there_are_named(catalogue, tmp_path) -> None:
    said = say("sources", "check", "--sources", str(catalogue), data=tmp_path)
    assert said.code == 0
    assert said.out == f"{catalogue}: 15 sources, 16 feeds, no errors.\n"
    assert str(tmp_path / "wires" / "mna") in said.err


def test_feeds_are_checked_by_fetching_them_and_corrections_end_with_1(catalogue, tmp_path) -> None:
    with SampleWire() as wire:
        environ = {**by_proxy(wire), "DATELINE_NOW": NIGHTS[-1].isoformat()}
        said = say("sources", "check", "--sources", str(catalogue), "--fetch", data=tmp_path, **environ)
    assert said.code == 1
    assert "✓ ridgeway-ledger/all: atom, 29 entries" in said.out
    assert "✗ harbour-courier/harbour-radio: The server answered 502." in said.out
    assert "✗ tidewater-post/news: rss" in said.out
    assert 'It has moved for good. Write: url = "http://www.tidewater-post.example/feeds/all.rss"' in said.out
    assert said.out.count("✓") == 11


def test_a_catalogue_goes_out_as_opml_and_comes_back(catalogue, tmp_path) -> None:
    opml, back = tmp_path / "feeds.opml", tmp_path / "back.toml"
    assert say("sources", "export", "--sources", str(catalogue), "--output", str(opml), data=tmp_path).code == 0
    assert "http://lakeside-weekly.example/rss" in opml.read_text("utf-8")
    said = say("sources", "import", str(opml), "--output", str(back), data=tmp_path)
    assert (said.code, said.out.startswith(f"{back}: ")) == (0, True)
    checked = say("sources", "check", "--sources", str(back), data=tmp_path)
    assert "14 feeds, no errors" in checked.out  # all but the two folders, which OPML cannot say
    assert say("sources", "import", str(opml), "--output", str(back), data=tmp_path).code == 2
    assert say("sources", "import", str(opml), "--output", str(back), "--force", data=tmp_path).code == 0


@pytest.mark.parametrize("command", [("export",), ("import", "feeds.opml")], ids=" ".join)
def test_a_file_that_can_t_be_written_is_named(command, catalogue, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    say("sources", "export", "--sources", str(catalogue), "--output", "feeds.opml", data=tmp_path)
    said = say("sources", *command, "--output", "nowhere/x", data=tmp_path)
    assert (said.code, said.err) == (1, "error: nowhere/x: No such file or directory.\n")


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost:9", "10.0.0.5"])
def test_a_list_on_a_private_address_is_to_be_given_as_a_file(host, tmp_path) -> None:
    said = say("sources", "import", f"http://{host}/feeds.opml", "--output", str(tmp_path / "x.toml"), data=tmp_path)
    assert said.code == 1
    assert f"http://{host}/feeds.opml is not on the public web" in said.err
    assert "save it, and give the file" in said.err
    assert "allow_private" not in said.err


def test_an_export_goes_to_standard_output(catalogue, tmp_path) -> None:
    said = say("sources", "export", "--sources", str(catalogue), data=tmp_path)
    assert said.out.startswith("<?xml")
    assert said.out.count("xmlUrl=") == 14


def test_a_vocabulary_is_taken_in(tmp_path) -> None:
    concept = {
        "uri": "http://cv.iptc.org/newscodes/mediatopic/20009999",
        "qcode": "medtop:20009999",
        "prefLabel": {"en-GB": "tea caddies"},
    }
    file = tmp_path / "medtop.json"
    file.write_text(json.dumps({"conceptSet": [concept], "dateReleased": "2026-03-31"}), encoding="utf-8")
    said = say("topics", "import", str(file), data=tmp_path / "data")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("1 topics of medtop.json")


# ------------------------------------------------------------------------------------------------ dry runs


def test_a_dry_run_says_what_it_would_read_and_touches_nothing(catalogue, tmp_path) -> None:
    wires, warc = tmp_path / "wires", tmp_path / "old.warc"
    wires.mkdir()
    (wires / "one.json").write_bytes(b"x" * 250_000)
    warc.write_bytes(b"x" * 1_500_000)
    data = tmp_path / "data"
    window = ("--since", "2026-03-01", "--until", "2026-04-01", "--dry-run")
    folder = say("backfill", "--folder", str(wires), *window, data=data)
    assert f"{wires}: 1 files, 250 kB" in folder.out
    assert "window  2026-03-01 00:00:00+00:00 to 2026-04-01 00:00:00+00:00" in folder.out
    assert f"{warc}: 1,500 kB" in say("backfill", "--warc", str(warc), "--dry-run", data=data).out
    listings = say("backfill", "--sources", str(catalogue), *window, data=data)
    assert "inland-gazette: http://inland-gazette.example/robots.txt" in listings.out
    assert {folder.code, listings.code} == {0}
    reversed_window = say("backfill", "--since", "2026-04-01", "--until", "2026-03-01", data=data)
    assert (reversed_window.code, "is not after --since" in reversed_window.err) == (2, True)
    assert not data.exists()
