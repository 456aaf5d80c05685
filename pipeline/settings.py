"""The environment, read once at the edge (cli, flows) and passed on as arguments.

DATELINE_DATA      folder of all state (default ./data)
DATELINE_NOW       ISO time that the run believes in, for rehearsals and tests; a stamp without a zone is UTC
DATELINE_CONTACT   an address or page for the User-Agent, so that a webmaster can reach you
DATELINE_WORKERS   processes that extract (default: the cores of the machine)
HTTP_PROXY, …      as httpx reads them
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.dates import parse_stamp
from pipeline.errors import SettingsError

Clock = Callable[[], datetime]

PROJECT = Path(__file__).resolve().parents[1]  # where sql/ and deployments/ lie, in a checkout as in an installed wheel
CATALOGUE = PROJECT / "deployments" / "sources.toml"  # the shipped one


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path
    now: datetime | None = None
    contact: str | None = None
    workers: int = 2
    proxy: str | None = None  # of the sample wire; others come from the environment

    @property
    def warehouse_path(self) -> Path:
        return self.data / "warehouse.duckdb"

    @property
    def published_path(self) -> Path:
        return self.data / "news.duckdb"

    @property
    def report_path(self) -> Path:
        return self.data / "report.html"

    @property
    def archive_path(self) -> Path:
        return self.data / "archive"

    @property
    def clock(self) -> Clock:
        """A rehearsal's clock stands still at `now`."""
        fixed = self.now
        return (lambda: fixed) if fixed else (lambda: datetime.now(UTC))


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that `environ` asks for. Raises `SettingsError` naming the variable."""
    now = None
    if raw := environ.get("DATELINE_NOW"):
        now = parse_stamp(raw)
        if now is None:
            raise SettingsError(
                f"DATELINE_NOW is {raw!r}, which is no ISO time; write for example 2026-04-13T02:00:00Z"
            )
    workers = environ.get("DATELINE_WORKERS") or str(os.cpu_count() or 2)
    if not workers.isdigit() or not int(workers):
        raise SettingsError(f"DATELINE_WORKERS is {workers!r}; write a whole number of processes, for example 2")
    return Settings(
        data=Path(environ.get("DATELINE_DATA") or "data").absolute(),
        now=now,
        contact=environ.get("DATELINE_CONTACT") or None,
        workers=int(workers),
    )
