"""What was learned of a source's recurring lines: look at it, and correct it."""

from typing import Annotated

import typer

from pipeline.cli.terminal import err, out, show_answer
from pipeline.publish.query import Answer
from pipeline.settings import read_settings

app = typer.Typer(
    help="Lines that recur over a source's pages and are no text: look at them, correct them.", no_args_is_help=True
)

SourceOption = Annotated[str, typer.Option("--source", help="Id of the source.")]
LineArgument = Annotated[str, typer.Argument(help="The line as it stands on the page, or the beginning of its id.")]
NEXT_RUN = "The next run makes the source's texts accordingly."


@app.command("list")
def list_lines(
    source: SourceOption,
    all_lines: Annotated[
        bool, typer.Option("--all", help="Also the lines that recur and are text all the same.")
    ] = False,
) -> None:
    """Show the lines that are left out of a source's texts, and why."""
    from pipeline.steps.boilerplate import lines_of

    lines = lines_of(read_settings(), source)
    shown = [line for line in lines if all_lines or line.place or line.said]
    rows = tuple(
        (line.line_id[:8], line.text, line.place or "text", line.said, line.stories, line.days, line.reason)
        for line in shown
    )
    show_answer(Answer(("id", "line", "left out", "said", "stories", "days", "evidence"), rows), title=source)
    if hidden := len(lines) - len(shown):
        out.print(f"{hidden} more lines recur and are text; --all shows them.", highlight=False)


@app.command()
def keep(line: LineArgument, source: SourceOption) -> None:
    """Say that a line is text, however often it recurs; also one that no page has yet."""
    correct(line, source, "keep", "Kept from now on")


@app.command()
def drop(line: LineArgument, source: SourceOption) -> None:
    """Say that a line is no text, wherever it stands; also one that no page has yet."""
    correct(line, source, "drop", "Left out from now on")


def correct(line: str, source: str, verdict: str, told: str) -> None:
    """Keeps the word, and says where it changes nothing as things are: it may be misspelt."""
    from pipeline.steps.boilerplate import say

    word = say(read_settings(), source, line, verdict)
    out.print(f"{told}: {word.text}\n{NEXT_RUN}", markup=False, soft_wrap=True)
    if not word.is_seen:
        near = f"Did you mean this one? {word.near}\n" if word.near else ""
        err.print(
            f"But no page of {source} that was read has this line, so nothing changes as yet. Is it spelt so there?\n"
            f"{near}"
            "`dateline boilerplate undo` takes the word back.",
            markup=False,
            soft_wrap=True,
        )


@app.command()
def undo(line: LineArgument, source: SourceOption) -> None:
    """Take back what was said of a line: the evidence decides again."""
    from pipeline.steps.boilerplate import unsay

    out.print(f"Left to the evidence: {unsay(read_settings(), source, line)}\n{NEXT_RUN}", markup=False, soft_wrap=True)
