"""What the README says can be typed, and what it points to is there. Its SQL runs in tests/nights/test_published.py."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from pipeline.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
LINES = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]
COMMANDS = [line for line in LINES if line.removeprefix(".venv/bin/").startswith("dateline ")]
LINKS = [link for link in re.findall(r"\]\(([^)#\s]+)", README) if "://" not in link]
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_there_are_commands_and_links() -> None:
    assert len(COMMANDS) > 8
    assert len(LINKS) > 3


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_readme_is_understood(line, tmp_path, monkeypatch) -> None:
    """Parsed to the last option, without being run. The files that it names are there."""
    _, *arguments = shlex.split(line, comments=True)
    monkeypatch.chdir(tmp_path)
    for argument in arguments:
        if argument.endswith("/"):
            (tmp_path / argument).mkdir()
        elif argument.endswith((".toml", ".opml", ".warc.gz")):
            (tmp_path / argument).touch()
    command = typer.main.get_command(app)
    context = command.make_context("dateline", arguments)
    while hasattr(command, "commands"):
        name, command, arguments = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, arguments, parent=context)
    assert not context.args


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("make ")])
def test_every_make_target_of_the_readme_is_there(line) -> None:
    assert shlex.split(line, comments=True)[1] in TARGETS


def test_every_line_of_the_readme_is_one_that_is_tested() -> None:
    assert [line for line in LINES if line.strip() and line not in COMMANDS and not line.startswith("make ")] == []


@pytest.mark.parametrize("link", sorted(set(LINKS)))
def test_every_file_that_the_readme_links_is_there(link) -> None:
    assert (ROOT / link).exists()
