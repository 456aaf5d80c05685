"""The sample wire on the command line: its nights, and its data folder, which it shares with no real feed."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pipeline.cli.terminal import err, out
from pipeline.errors import UsageError
from pipeline.publish.query import ask
from pipeline.settings import CATALOGUE, Settings

Night = Callable[[Path, datetime, str], None]  # runs a catalogue, at a time, through a proxy


def rehearse(settings: Settings, run_night: Night) -> None:
    """The nights of the sample wire that were not run yet; the last one again where all were."""
    from deployments.sample.site import NIGHTS, SampleWire

    done = _last_run_at(settings)
    nights = [night for night in NIGHTS if done is None or night > done] or [NIGHTS[-1]]
    with SampleWire() as wire:
        for night in nights:
            wire.set_now(night)
            wire.fill_folders(_home(settings))
            wire.write_catalogue(_home(settings) / "sources.toml", _home(settings))
            out.print(f"\n[bold]The sample wire, as of {night:%A %d %B %Y, %H:%M} UTC[/bold]", highlight=False)
            run_night(_home(settings) / "sources.toml", night, wire.proxy_url)


def _home(settings: Settings) -> Path:
    """Where the sample has its drop folders and its catalogue. That it is there tells whose the data folder is."""
    return settings.data / "sample"


def _last_run_at(settings: Settings) -> datetime | None:
    """The clock of the last snapshot."""
    if not settings.published_path.exists():
        return None
    rows = ask(settings.published_path, "select built_at from meta.snapshot").rows
    return rows[0][0].replace(tzinfo=UTC) if rows else None


# ------------------------------------------------------------------------------------------------ whose folder it is


def catalogue_of(settings: Settings, sources: Path | None) -> Path:
    """The catalogue that was named; else the sample's own, where the data folder is the sample's; else the shipped."""
    own = _home(settings) / "sources.toml"
    return sources or (own if own.is_file() else CATALOGUE)


def refuse_sample(settings: Settings) -> None:
    """Raises `UsageError` where real news would go in beside the sample's."""
    if _home(settings).is_dir():
        raise UsageError(
            f"{settings.data} has the sample wire in it, and its invented papers would be counted with real ones. "
            f"Set DATELINE_DATA to another folder for the real news, or delete {settings.data}."
        )


def warn_of_sample(settings: Settings) -> None:
    """Says that a backfill goes in beside the sample: somebody may want that, to try one."""
    if _home(settings).is_dir():
        told = (
            f"{settings.data} has the sample wire in it: what this brings is counted with its invented papers. "
            "For real news set DATELINE_DATA to another folder."
        )
        err.print(told, soft_wrap=True, highlight=False)


def refuse_other_news(settings: Settings) -> None:
    """Raises `UsageError` where the sample would go in beside other news."""
    has_news = settings.published_path.exists() or settings.archive_path.exists()
    if has_news and not _home(settings).is_dir():
        raise UsageError(
            f"{settings.data} has news in it that is not the sample's, and would be counted with its invented papers. "
            "Give the sample a folder of its own: DATELINE_DATA=sample dateline nightly --sample"
        )
