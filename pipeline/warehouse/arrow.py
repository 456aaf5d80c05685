"""Sets in and out: columns of Python values → one Arrow table → one MERGE; and rows back, with aware UTC times.

The warehouse holds times in UTC without a zone. This file is the one place that takes the zone off and puts it on.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pyarrow as pa
from sqlalchemy import ARRAY, BigInteger, Boolean, Connection, Date, DateTime, Double, Table, text

Columns = Mapping[str, Sequence[Any]]

_ARROW_TYPES: dict[type[Any], pa.DataType] = {
    ARRAY: pa.list_(pa.string()),
    BigInteger: pa.int64(),
    Boolean: pa.bool_(),
    Date: pa.date32(),
    DateTime: pa.timestamp("us"),
    Double: pa.float64(),
}
_INT64 = range(-(2**63), 2**63)
_numbers = count(1)


def columns_of(table: Table, rows: Sequence[Any]) -> dict[str, list[Any]]:
    """The fields of the dataclasses `rows` that `table` has a column for; tuples of dataclasses become JSON."""
    names = [f.name for f in fields(rows[0]) if f.name in table.columns] if rows else []
    return {name: [getattr(row, name) for row in rows] for name in names}


def to_arrow(table: Table, columns: Columns) -> pa.Table:
    """An Arrow table of these columns of `table`. A time without a zone is refused: ValueError."""
    return pa.table({name: _array(values, _arrow_type(table, name)) for name, values in columns.items()})


def _arrow_type(table: Table, name: str) -> pa.DataType:
    return _ARROW_TYPES.get(type(table.columns[name].type), pa.string())


def _array(values: Sequence[Any], arrow_type: pa.DataType) -> pa.Array:
    plain = [_plain(value) for value in values]
    if pa.types.is_string(arrow_type):
        plain = [_as_json(value) if isinstance(value, (tuple, list)) else value for value in plain]
    try:
        return pa.array(plain, arrow_type)
    except UnicodeEncodeError:  # half a surrogate pair, as JSON can carry: no UTF-8 has it
        return pa.array([_encodable(value) for value in plain], arrow_type)
    except OverflowError:  # a "version" of thirty digits: as good as none, and no reason to lose the batch
        return pa.array([value if value is None or value in _INT64 else None for value in plain], arrow_type)


def _plain(value: Any) -> Any:
    return naive_utc(value) if isinstance(value, datetime) else value


def _as_json(values: Sequence[Any]) -> str:
    return json.dumps([asdict(value) for value in values], ensure_ascii=False, separators=(",", ":"))


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return [_encodable(item) for item in value] if isinstance(value, (tuple, list)) else value


def naive_utc(at: datetime) -> datetime:
    """The instant as the warehouse holds it."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC).replace(tzinfo=None)


@contextmanager
def _named(conn: Connection, arrow: pa.Table) -> Iterator[str]:
    duck: Any = conn.connection.dbapi_connection
    name = f"given_{next(_numbers)}"
    duck.register(name, arrow)
    try:
        yield name
    finally:
        duck.unregister(name)


@contextmanager
def given(conn: Connection, columns: Columns, table: Table) -> Iterator[str]:
    """A name under which SQL on this connection sees the columns, shaped by `table`."""
    with _named(conn, to_arrow(table, columns)) as name:
        yield name


@contextmanager
def given_texts(conn: Connection, columns: Columns) -> Iterator[str]:
    """A name under which SQL on this connection sees the columns, which are of strings alone."""
    with _named(conn, pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})) as name:
        yield name


@contextmanager
def given_ids(conn: Connection, ids: Iterable[str]) -> Iterator[str]:
    """A name under which SQL on this connection sees the ids, each once, as its column `id`."""
    with _named(conn, pa.table({"id": pa.array(sorted(set(ids)), pa.string())})) as name:
        yield name


def read(conn: Connection, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows that `sql` gives, by column name, times aware UTC and lists as tuples."""
    bound = {name: _plain(value) for name, value in parameters.items()}
    return [{k: _known(v) for k, v in row.items()} for row in conn.execute(text(sql), bound).mappings()]


def _known(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    if isinstance(value, dict):
        return {name: _known(item) for name, item in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _keys_of(table: Table) -> list[str]:
    """The columns that tell its rows apart."""
    return [column.name for column in table.columns if column.info.get("is_key")]


def merge(
    conn: Connection,
    table: Table,
    columns: Columns,
    *,
    update: Sequence[str] | Mapping[str, str] | None = None,
    using: str = "select * from {batch} qualify row_number() over (partition by {keys}) = 1",
    when: str = "true",
    returning: str | None = None,
) -> list[dict[str, Any]]:
    """One MERGE of the columns into `table` on its keys: new rows go in, rows that would change are updated.

    `update` names what is updated: columns, or columns with SQL over `stored` and `given`; None: all that are given.
    `using` is the SQL that makes one row per key of the batch; `when` a condition under which a row is updated.
    Gives what `returning` asks for of the rows that were written, with `merge_action`; a row that is already as it
    should be is not written at all.
    """
    if not any(len(values) for values in columns.values()):
        return []
    with given(conn, columns, table) as batch:
        source = using.format(batch=batch, keys=", ".join(_keys_of(table)))
        return merge_query(conn, table, source, list(columns), update=update, when=when, returning=returning)


def merge_query(
    conn: Connection,
    table: Table,
    source: str,
    names: Sequence[str],
    *,
    update: Sequence[str] | Mapping[str, str] | None = None,
    when: str = "true",
    returning: str | None = None,
) -> list[dict[str, Any]]:
    """Like `merge`, of the columns `names` that the query `source` gives, one row per key."""
    keys = _keys_of(table)
    given_names = [name for name in names if name not in keys] if update is None else update
    setting = given_names if isinstance(given_names, Mapping) else {name: f'given."{name}"' for name in given_names}
    sql = _merge_sql(table, source, keys, names, setting, when)
    result = conn.exec_driver_sql(f"{sql} returning {returning}" if returning else sql)
    return [{k: _known(v) for k, v in row.items()} for row in result.mappings()] if returning else []


def insert(conn: Connection, table: Table, columns: Columns) -> None:
    """Adds the columns as new rows: for rows that are known not to be there."""
    if any(len(values) for values in columns.values()):
        with given(conn, columns, table) as batch:
            names = _listed(columns)
            conn.exec_driver_sql(f"insert into {table.fullname} ({names}) select {names} from {batch}")


def _merge_sql(
    table: Table, source: str, keys: list[str], names: Sequence[str], setting: Mapping[str, str], when: str
) -> str:
    matched = " and ".join(f"stored.{key} = given.{key}" for key in keys)
    updating = ""
    if setting:
        before, after = _listed(setting, "stored."), ", ".join(setting.values())
        assignments = ", ".join(f'"{name}" = {value}' for name, value in setting.items())
        updating = (
            f"when matched and ({when}) and row({before}) is distinct from row({after}) then update set {assignments}"
        )
    return (
        f"merge into {table.fullname} as stored using ({source}) as given on {matched} {updating} "
        f"when not matched then insert ({_listed(names)}) values ({_listed(names, 'given.')})"
    )


def _listed(names: Iterable[str], of: str = "") -> str:
    """The names for SQL, quoted: DuckDB reserves `at`."""
    return ", ".join(f'{of}"{name}"' for name in names)
