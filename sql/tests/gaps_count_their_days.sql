-- A gap's days are those from its first to its last. No check constraint says so: DuckDB 1.5.5 can't replay the log of
-- a column's comment on a table whose check does arithmetic or calls a function; a build that is killed would leave a
-- file that does not open.
select
    source_id,
    first_date,
    last_date,
    days,
from {{ ref('gaps') }}
where days <> last_date - first_date + 1
