"""The data dictionary: what a published file says of its own tables and columns, as Markdown.

python -m pipeline.publish.dictionary data/news.duckdb > docs/data-dictionary.md
"""

import sys
from pathlib import Path

import duckdb

TABLES = """
    select schema_name, table_name, comment from duckdb_tables() where schema_name in ('main', 'meta')
    union all
    select schema_name, view_name, comment from duckdb_views() where schema_name in ('main', 'meta') and not internal
    order by all
"""
COLUMNS = "select * from meta.columns order by schema_name, table_name, position"

PREFACE = """# Data dictionary

The public tables of `news.duckdb`, from the comments in the file itself. Tables of schema `main` go by their bare
name. Every instant (`_at`) is a TIMESTAMP in UTC; every day is one by the source's clock.
"""


def data_dictionary(published_path: Path) -> str:
    """Markdown with a section per public table."""
    with duckdb.connect(str(published_path), read_only=True) as connection:
        tables = connection.execute(TABLES).fetchall()
        columns = connection.execute(COLUMNS).fetchall()
    sections = [PREFACE]
    for schema, table, comment in tables:
        name = table if schema == "main" else f"{schema}.{table}"
        rows = [
            f"| `{column}` | {kind} | {_cell(text)} |"
            for s, t, _, column, kind, text in columns
            if (s, t) == (schema, table)
        ]
        sections.append(
            "\n".join([f"## {name}\n", f"{comment}\n", "| column | type | what it holds |", "|---|---|---|", *rows, ""])
        )
    return "\n".join(sections)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(data_dictionary(Path(sys.argv[1])))
