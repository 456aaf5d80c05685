"""Whether two tables hold the same rows, told by a number for each; the warehouse and the published file share it."""

from collections.abc import Sequence


def fingerprint_query(table: str, left_out: Sequence[str] = ()) -> str:
    """SQL for DuckDB: the rows of `table` and their fingerprint, which no order of rows changes, without the columns
    `left_out`.

    The fingerprint is the sum of the rows' hashes: in an exclusive or, two equal rows would cancel each other out.
    """
    columns = f"* exclude ({', '.join(left_out)})" if left_out else "*"
    return f"select count(*), coalesce(sum(hash(kept)::hugeint), 0) from (select {columns} from {table}) as kept"
