"""Two tables have one fingerprint when they hold the same rows, and else not."""

import duckdb
import pytest

from pipeline.fingerprints import fingerprint_query


def fingerprint(*rows: str, left_out: tuple[str, ...] = ()) -> tuple[int, int]:
    with duckdb.connect() as connection:
        connection.execute("create table kept (id varchar, seen integer)")
        for row in rows:
            connection.execute(f"insert into kept values {row}")
        [(count, found)] = connection.execute(fingerprint_query("kept", left_out)).fetchall()
        return count, found


A, B, AGAIN = "('a', 1)", "('b', 1)", "('a', 2)"


def test_no_order_of_rows_changes_it():
    assert fingerprint(A, B) == fingerprint(B, A)


@pytest.mark.parametrize(
    ("one", "other"),
    [((A,), (B,)), ((A,), (AGAIN,)), ((A, A), (B, B)), ((A, A, B), (B, B, B)), ((), (A,))],
    ids=["another row", "another value", "a pair for another pair", "a pair for its neighbour", "no row at all"],
)
def test_other_rows_change_it(one, other):
    assert fingerprint(*one)[1] != fingerprint(*other)[1]


def test_a_column_that_is_left_out_does_not_count():
    assert fingerprint(A, B, left_out=("seen",)) == fingerprint(AGAIN, B, left_out=("seen",))
    assert fingerprint(A, B) != fingerprint(AGAIN, B)
