"""The vocabularies of topics on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.terminal import out
from pipeline.errors import UsageError
from pipeline.settings import read_settings

app = typer.Typer(help="The vocabularies of topics.", no_args_is_help=True)


@app.command("import")
def import_topics(
    file: Annotated[Path, typer.Argument(help="IPTC Media Topics in JSON (SKOS), as the IPTC offers it.")],
) -> None:
    """Take a vocabulary in: labels, hierarchy and older codes; the next run tags by it."""
    from pipeline.steps.look import import_vocabulary

    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    count = import_vocabulary(read_settings(), file.read_bytes())
    out.print(f"{count:,} topics of {file.name}. The next run tags all articles by them.", highlight=False)
