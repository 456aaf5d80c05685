"""How a command ends.

The codes between 64 and 78 are those of sysexits.h. One table holds for every command; `dateline --help` shows it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.cli.terminal import err
from pipeline.errors import DatelineError, NothingCollected, UsageError, WarehouseBusy

EXIT_FAILED, EXIT_USAGE, EXIT_NOTHING, EXIT_BUSY, EXIT_STOPPED = 1, 2, 69, 75, 130

EXIT_CODES = """Exit codes:

0 done, also where some feeds failed (the run names them);
1 failed: something that is there can't be used, or a run stopped;
2 what was asked for is not there, or can't be asked for in this way;
69 the run is done, but all that it asked failed;
75 busy: another run has the warehouse, try later;
130 stopped by hand.
"""


@contextmanager
def telling_errors() -> Iterator[None]:
    """While it is open, an error of ours is a sentence and an exit code, never a traceback."""
    try:
        yield
    except WarehouseBusy as error:
        err.print(f"[yellow]busy:[/yellow] {error}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_BUSY)
    except NothingCollected as error:
        err.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_NOTHING)
    except UsageError as error:
        err.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_USAGE)
    except DatelineError as error:
        err.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        sys.exit(EXIT_FAILED)
    except OSError as error:
        if error.filename is None:  # not of a file that somebody could mend: a bug
            raise
        err.print(f"[red]error:[/red] {error.filename}: {error.strerror}.", highlight=False, soft_wrap=True)
        sys.exit(EXIT_FAILED)
