"""The dbt project by its files alone.

python -m tests.sql.test_project > sql/models/staging/ingest.yml      makes the source file again
"""

import json
import sys
from pathlib import Path

import yaml

from pipeline.warehouse.tables import metadata

MODELS = Path(__file__).parents[2] / "sql" / "models"


def source_file() -> str:
    """dbt's description of the private schema, out of its one definition."""
    lines = [
        "# Made of pipeline/warehouse/tables.py by tests/sql/test_project.py, which compares the two.",
        "sources:",
        "  - name: ingest",
        "    schema: ingest",
        "    description: The private schema, which Python alone writes; dbt only reads it.",
        "    tables:",
    ]
    for table in metadata.sorted_tables:
        lines += [
            f"      - name: {table.name}",
            f"        description: {json.dumps(table.comment)}",
            "        columns:",
        ]
        lines += [f"          - {{name: {c.name}, description: {json.dumps(c.comment)}}}" for c in table.columns]
    return "\n".join([*lines, ""])


def test_the_source_file_says_what_tables_py_says():
    assert (MODELS / "staging" / "ingest.yml").read_text() == source_file()


def test_every_public_model_has_its_description_beside_it():
    for room in ("marts", "meta"):
        for path in (MODELS / room).glob("*.sql"):
            [model] = yaml.safe_load(path.with_suffix(".yml").read_text())["models"]
            assert model["name"] == path.stem
            assert model["description"].startswith("One row per "), path
            assert all(column["description"] for column in model["columns"]), path


if __name__ == "__main__":
    sys.stdout.write(source_file())
