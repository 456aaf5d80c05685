{#- The rows of `model` whose `columns` are null or are had by another row too: its grain is not what it says. -#}
{% test unique_grain(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as rows
from {{ model }}
group by all
having count(*) > 1{% for column in columns %} or {{ column }} is null{% endfor %}

{% endtest %}
