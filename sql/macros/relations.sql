{#-
    Relations without the name of the database. A view keeps the text that made it, and `warehouse.ingest.articles`
    means nothing in the published copy, whose name is `news`.
-#}
{% macro ref() -%}
    {%- do return(builtins.ref(*varargs, **kwargs).include(database=false)) -%}
{%- endmacro %}

{% macro source() -%}
    {%- do return(builtins.source(*varargs, **kwargs).include(database=false)) -%}
{%- endmacro %}
