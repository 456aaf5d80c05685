"""The published file, opened to be asked by our own verbs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """A read-only connection to a published file; runs and readers do not disturb each other."""
    engine = create_engine(f"duckdb:///{path}", connect_args={"read_only": True})
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()
