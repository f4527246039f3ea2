-- Whatever tells something about a person is taken in for a purpose.
select
    source_name,
    table_name,
    column_name
from {{ source('pipeline', 'source_columns') }}
where personal_class is not null and coalesce(purposes, '') = ''
