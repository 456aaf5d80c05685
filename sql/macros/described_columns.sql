{#- One row of values per column of a public model, in the order of the file. -#}
{% macro described_columns() -%}
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name') -%}
            {%- if node.schema in ('main', 'meta') -%}
                {%- for column in node.columns.values() -%}
                    {%- set cells = [node.schema, node.name, loop.index, column.name, column.data_type, column.description] -%}
                    {%- do rows.append("('" ~ cells | map('string') | map('replace', "'", "''") | join("', '") ~ "')") -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ rows | join(',\n    ') if rows else "('', '', '0', '', '', '')" }}
{%- endmacro %}
