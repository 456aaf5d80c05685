"""One tree of errors. A bad page or item is never an error: it is a `types.Failure`, kept in quarantine.

DatelineError
├── SettingsError        the environment holds something that can't be used
├── CatalogueError       the catalogue (sources.toml, OPML) can't be used; names file, entry, field and remedy
├── ArchiveError         the WARC archive can't be written or read
├── WarehouseError       the warehouse can't be opened, migrated or written
│   └── WarehouseBusy    another run holds the lease
├── NothingCollected     all that a run asked failed; it went on, and published what stands
├── PublishError         the snapshot was not replaced; the last one stands
│   └── ModelsFailed     the SQL models or their data tests failed
└── UsageError           the command line asked for something that isn't there
"""


class DatelineError(Exception):
    """Anything that stops a run or a command. Its text says what was wrong, where, and what to do."""


class SettingsError(DatelineError):
    """The environment holds something that can't be used."""


class CatalogueError(DatelineError):
    """The catalogue can't be used."""


class ArchiveError(DatelineError):
    """The WARC archive can't be written or read."""


class WarehouseError(DatelineError):
    """The warehouse can't be opened, migrated or written."""


class WarehouseBusy(WarehouseError):
    """Another run holds the lease on the warehouse."""


class NothingCollected(DatelineError):
    """All that a run asked failed. It went on, and published what stands; `report` is its report."""

    def __init__(self, sentence: str, report: object = None) -> None:
        super().__init__(sentence)
        self.report = report


class PublishError(DatelineError):
    """The snapshot was not replaced; the last one stands."""


class ModelsFailed(PublishError):
    """The SQL models or their data tests failed."""


class UsageError(DatelineError):
    """The command line asked for something that isn't there."""
