"""How a command ends.

Exit codes: 0 done, 1 failed, 2 asked for something that isn't there, 75 busy (try later), 130 stopped by hand.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.cli.terminal import err
from pipeline.errors import DatelineError, UsageError, WarehouseBusy

EXIT_FAILED, EXIT_USAGE, EXIT_BUSY, EXIT_STOPPED = 1, 2, 75, 130


@contextmanager
def telling_errors() -> Iterator[None]:
    """While it is open, an error of ours is a sentence and an exit code, never a traceback."""
    try:
        yield
    except WarehouseBusy as error:
        err.print(f"[yellow]busy:[/yellow] {error}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_BUSY)
    except UsageError as error:
        err.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_USAGE)
    except DatelineError as error:
        err.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_FAILED)
