"""A question to the published file, read-only: it can stop no run, and no run can stop it."""

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import PublishError, UsageError
from pipeline.fingerprints import fingerprint_query

NOT_UNDERSTOOD = "The query was not understood."
_OF_MACRO = re.compile(  # what the public macros say of a mistake
    r"Invalid Input Error: ((?:attention|story|explain_date)\(\)\W.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query, columns named."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def ask(published: Path, sql: str) -> Answer:
    """What `sql` answers from the published file. Raises `UsageError` where there is none yet or the SQL is wrong, and
    `PublishError` where it is damaged.
    """
    if not published.is_file():
        raise UsageError(f"There is no published file {published} yet. Run `dateline nightly` first.")
    if not sql.strip(" \n\t;"):
        raise UsageError("There is no statement in the query.")
    with opened(published) as connection:
        try:
            cursor = connection.execute(sql)
            columns = tuple(column[0] for column in cursor.description or ())
            return Answer(columns, tuple(cursor.fetchall()))
        except duckdb.Error as error:
            raise UsageError(_told(error)) from error


def _told(error: duckdb.Error) -> str:
    if "read-only mode" in str(error):
        return f"The published file is read-only: a query can't change it.\n{error}"
    macros_own = _OF_MACRO.match(str(error))
    return macros_own[1] if macros_own else f"{NOT_UNDERSTOOD}\n{error}"


def opened(published: Path) -> duckdb.DuckDBPyConnection:
    """The published file, read-only. Raises `PublishError` where it is no DuckDB file."""
    try:
        return duckdb.connect(str(published), read_only=True)
    except duckdb.Error as error:
        raise PublishError(
            f"The published file {published} can't be read as DuckDB's; the next nightly run makes it again.\n{error}"
        ) from error


def as_csv(answer: Answer) -> str:
    """RFC 4180 with a header line, but for the ends of lines, which are the shell's; every figure whole."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([[_as_field(value) for value in row] for row in answer.rows])
    return out.getvalue()


def _as_field(value: Any) -> str:
    """A value for another program: numbers with all their digits, times in ISO 8601, a list or a struct as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_as_json)
    return str(value)


def as_json(answer: Answer) -> str:
    """An array of objects; times in ISO 8601."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2, default=_as_json)


def _as_json(value: Any) -> Any:
    """A sum of integers is a decimal to DuckDB, and a number to a reader of JSON."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def as_markdown(answer: Answer) -> str:
    """A table for a document."""
    lines = [answer.columns, tuple("---" for _ in answer.columns)]
    lines += [tuple(plain(value).replace("|", "\\|").replace("\n", " ") for value in row) for row in answer.rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def plain(value: Any) -> str:
    """A value as a person reads it: no microseconds, a null as nothing, a list without brackets."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    return str(value)


# What a second run over the same news must leave the same, row by row, without the columns that tell of the run.
COMPARED = {
    "articles": ("last_seen_at",),
    "article_versions": (),
    "stories": (),
    "article_topics": (),
    "article_names": (),
    "lineage": (),
    "recalls": (),
    "topic_daily": (),
    "topic_weekly": (),
    "topic_trends": (),
    "topic_pairs": (),
}


def fingerprints(published: Path) -> dict[str, tuple[int, int]]:
    """Rows and fingerprint of each table of `COMPARED` that the file has: an older release's may lack one."""
    with opened(published) as connection:
        there = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'main'"
        ).fetchall()
        return {
            table: (rows, fingerprint)
            for table, left_out in COMPARED.items()
            if (table,) in there
            for rows, fingerprint in connection.execute(fingerprint_query(table, left_out)).fetchall()
        }
