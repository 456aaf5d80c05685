"""The catalogue on the command line: the option that names it, and what checks, imports and exports it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.catalogue import (
    export_opml,
    import_opml,
    load_catalogue,
    missing_folders,
    skipped_outlines,
    write_toml,
)
from pipeline.cli.exits import EXIT_FAILED
from pipeline.cli.terminal import err, out, show_findings
from pipeline.errors import UsageError
from pipeline.settings import CATALOGUE, read_settings

SourcesOption = Annotated[
    Path | None,
    typer.Option("--sources", help="The catalogue.", show_default="the shipped one", exists=True, dir_okay=False),
]

app = typer.Typer(help="The catalogue: check it, import it, export it.", no_args_is_help=True)


@app.command()
def check(
    sources: SourcesOption = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Fetch each feed once and say what it found.")] = False,
) -> None:
    """Say whether the catalogue can be used; with --fetch, also what each feed answers and what to correct."""
    path = sources or CATALOGUE
    catalogue = load_catalogue(path, os.environ)
    feeds = sum(len(source.feeds) for source in catalogue)
    out.print(f"{path}: {len(catalogue)} sources, {feeds} feeds, no errors.", soft_wrap=True, highlight=False)
    for problem in missing_folders(catalogue):
        err.print(problem, soft_wrap=True, highlight=False)
    if fetch:
        from pipeline.steps.check import check_feeds

        found = check_feeds(read_settings(), catalogue)
        show_findings(found)
        if any(finding.corrections for finding in found):
            raise typer.Exit(EXIT_FAILED)


@app.command("import")
def import_sources(
    opml: Annotated[str, typer.Argument(help="An OPML file, or its http address.")],
    output: Annotated[Path, typer.Option("--output", help="The catalogue to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite the catalogue.")] = False,
) -> None:
    """Make a catalogue of an OPML list of feeds."""
    if output.exists() and not force:
        raise UsageError(f"{output} exists. Give another --output, or --force.")
    body = read_opml(opml)
    catalogue = import_opml(body)
    output.write_text(write_toml(catalogue), "utf-8")
    for skipped in skipped_outlines(body):
        err.print(skipped, soft_wrap=True, highlight=False)
    say = f"{output}: {len(catalogue)} sources. Look at it with `dateline sources check --sources {output}`."
    out.print(say, soft_wrap=True, highlight=False)


def read_opml(opml: str) -> bytes:
    """The list's bytes, from a file or an address."""
    if opml.startswith(("http://", "https://")):
        from pipeline.steps.look import fetch_once

        return fetch_once(read_settings(), opml)
    if not Path(opml).is_file():
        raise UsageError(f"There is no file {opml}.")
    return Path(opml).read_bytes()


@app.command("export")
def export_sources(
    sources: SourcesOption = None,
    output: Annotated[Path | None, typer.Option("--output", help="The OPML file to write.")] = None,
) -> None:
    """Write the catalogue's feeds as OPML, keys left out."""
    body = export_opml(load_catalogue(sources or CATALOGUE, os.environ))
    if output:
        output.write_bytes(body)
    else:
        typer.echo(body.decode())
