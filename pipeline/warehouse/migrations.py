"""The private schema, brought up to the version that this code knows: plain SQL steps, one row each."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.schema import SetColumnComment, SetTableComment

from pipeline.errors import WarehouseError
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import merge, read

Migrations = Sequence[tuple[int, Sequence[str]]]

# (version, the statements that lead to it from the version before); new tables are made by themselves.
MIGRATIONS: Migrations = (
    (
        2,
        (
            "alter table ingest.feeds add column cursor varchar",
            "alter table ingest.polls add column repair_attempts bigint",
            "alter table ingest.polls add column repair_due_at timestamp",
            "alter table ingest.entries add column version_at timestamp",
            "alter table ingest.entries add column kind varchar default 'text'",
            "alter table ingest.entries add column replaces varchar[]",
            "alter table ingest.article_versions add column slugline varchar",
            "alter table ingest.article_versions add column urgency bigint",
            "alter table ingest.article_versions add column genre varchar",
            "alter table ingest.article_versions add column credit varchar",
            "alter table ingest.article_versions add column rights varchar",
            "alter table ingest.article_versions add column signal varchar",
            "alter table ingest.article_versions add column assumed_timezone varchar",
            "alter table ingest.article_versions add column revision_id varchar",
            "alter table ingest.article_versions add column last_made_at timestamp",
            "alter table ingest.article_versions add column kicker varchar",
            "update ingest.article_versions set revision_id = wire_id, "
            "last_made_at = coalesce(version_at, captured_at) where wire_id is not null",
            # a code that came bare had stood for its own label
            "update ingest.topics set label = null where release is null and topic_id not like 'tag:%' "
            "and topic_id = split_part(topic_id, ':', 1) || ':' || label",
            "alter table ingest.captions add column slug varchar",
            "alter table ingest.held add column version bigint",
            "alter table ingest.held add column version_at timestamp",
        ),
    ),
)


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
        if found is not None:
            _comment(conn)
        merge(conn, tables.schema_version, {"version": [version], "applied_at": [now]}, update=())


def _comment(conn: Connection) -> None:
    """Says of every table and column what it is, as `tables` has it now: an added column comes without a comment."""
    for table in tables.metadata.sorted_tables:
        conn.execute(SetTableComment(table))
        for column in table.columns:
            conn.execute(SetColumnComment(column))


def schema_version(conn: Connection) -> int | None:
    """The version that the file has; None where it has no schema yet."""
    if not read(conn, "select 1 from duckdb_tables() where schema_name = 'ingest' and table_name = 'schema_version'"):
        return None
    version: int | None = read(conn, "select max(version) as version from ingest.schema_version")[0]["version"]
    return version
