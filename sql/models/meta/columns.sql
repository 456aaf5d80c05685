{#- Out of the YAML, which contracts and persist_docs hold equal to the file: so it names its own columns too. -#}
with

described (schema_name, table_name, position, column_name, data_type, comment) as (
    values
    {{ described_columns() }}
)

select
    schema_name,
    table_name,
    position::bigint as position,
    column_name,
    data_type,
    comment,
from described
