"""Child processes that do not outlive their parent, however that ends: nobody is left to stop an orphan."""

import os
import sys
import threading


def end_with_parent() -> None:
    """From now on this process ends as soon as the other end of its standard input is gone, even if by `kill -9`.

    The parent starts it with a pipe as its standard input, and never writes to that.
    """
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)
