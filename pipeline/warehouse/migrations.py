"""The private schema, brought up to the version that this code knows: plain SQL steps, one row each."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from pipeline.errors import WarehouseError
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import merge, read

Migrations = Sequence[tuple[int, Sequence[str]]]

MIGRATIONS: Migrations = ()  # (version, the statements that lead to it from the version before)


def migrate(
    conn: Connection,
    now: datetime | None,
    *,
    migrations: Migrations = MIGRATIONS,
    version: int = tables.SCHEMA_VERSION,
) -> None:
    """Makes or upgrades the schema `ingest`. Raises `WarehouseError` where a newer Dateline has upgraded it."""
    found = schema_version(conn)
    if found is not None and found > version:
        raise WarehouseError(
            f"the warehouse has schema version {found} and this Dateline knows versions up to {version}: "
            "run the newer Dateline that wrote it, or give this one a data folder of its own (DATELINE_DATA)"
        )
    conn.exec_driver_sql("create schema if not exists ingest")
    for step, statements in migrations:
        if found is not None and found < step <= version:
            for statement in statements:
                conn.exec_driver_sql(statement)
    if found != version:
        tables.metadata.create_all(conn)
        merge(conn, tables.schema_version, {"version": [version], "applied_at": [now]}, update=())


def schema_version(conn: Connection) -> int | None:
    """The version that the file has; None where it has no schema yet."""
    if not read(conn, "select 1 from duckdb_tables() where schema_name = 'ingest' and table_name = 'schema_version'"):
        return None
    version: int | None = read(conn, "select max(version) as version from ingest.schema_version")[0]["version"]
    return version
