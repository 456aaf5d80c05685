"""`dateline`: the command line.

exits.py        how a command ends: errors as sentences and exit codes
runs.py         nightly, retry, serve
sample.py       the sample wire, and whose a data folder is
backfill.py     backfill, and its dry run
terminal.py     tables, progress bars and findings, drawn
results.py      what a run shows while it goes on and when it is done
looking.py      status, query, explain, report
sources.py      sources check, import, export; the option that names a catalogue
topics.py       topics import
boilerplate.py  boilerplate list, keep, drop, undo
"""

from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import backfill, boilerplate, looking, runs, sources, topics
from pipeline.cli.exits import EXIT_CODES, telling_errors
from pipeline.cli.terminal import out

app = typer.Typer(
    name="dateline",
    help="Feeds go in; clean, dated, de-duplicated articles and topic series come out, in one DuckDB file.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    if show:
        out.print(f"dateline {__version__}", highlight=False)
        raise typer.Exit


# In the order in which --help lists them.
app.command()(runs.nightly)
app.command()(backfill.backfill)
app.command()(runs.retry)
app.command()(runs.serve)
app.command()(looking.status)
app.command()(looking.query)
app.command()(looking.explain)
app.command()(looking.report)
app.add_typer(sources.app, name="sources")
app.add_typer(topics.app, name="topics")
app.add_typer(boilerplate.app, name="boilerplate")


def main() -> None:
    """The entry point."""
    with telling_errors():
        app()
