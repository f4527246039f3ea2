with

invoice_lines as (
    select * from {{ ref('stg_online_retail__invoice_lines') }}
),

invoices as (
    select distinct
        customer_number,
        country_name,
        ordered_at
    from invoice_lines
    where customer_number is not null
),

renamed as (
    select
        -- ids
        'online_retail:customer:' || customer_number as record_id,
        'online_retail' as source_name,

        -- identifiers
        -- The shop's numbers would meet another shop's, so they carry the shop in front.
        'or-' || customer_number as web_user_id,

        -- strings
        -- ISO 3166-1; a place without a code of its own (Channel Islands, West Indies, European Community,
        -- Unspecified) has none.
        case country_name
            when 'Australia' then 'AU'
            when 'Austria' then 'AT'
            when 'Bahrain' then 'BH'
            when 'Belgium' then 'BE'
            when 'Bermuda' then 'BM'
            when 'Brazil' then 'BR'
            when 'Canada' then 'CA'
            when 'Cyprus' then 'CY'
            when 'Czech Republic' then 'CZ'
            when 'Denmark' then 'DK'
            when 'EIRE' then 'IE'
            when 'Finland' then 'FI'
            when 'France' then 'FR'
            when 'Germany' then 'DE'
            when 'Greece' then 'GR'
            when 'Hong Kong' then 'HK'
            when 'Iceland' then 'IS'
            when 'Israel' then 'IL'
            when 'Italy' then 'IT'
            when 'Japan' then 'JP'
            when 'Korea' then 'KR'
            when 'Lebanon' then 'LB'
            when 'Lithuania' then 'LT'
            when 'Malta' then 'MT'
            when 'Netherlands' then 'NL'
            when 'Nigeria' then 'NG'
            when 'Norway' then 'NO'
            when 'Poland' then 'PL'
            when 'Portugal' then 'PT'
            when 'RSA' then 'ZA'
            when 'Saudi Arabia' then 'SA'
            when 'Singapore' then 'SG'
            when 'Spain' then 'ES'
            when 'Sweden' then 'SE'
            when 'Switzerland' then 'CH'
            when 'Thailand' then 'TH'
            when 'USA' then 'US'
            when 'United Arab Emirates' then 'AE'
            when 'United Kingdom' then 'GB'
        end as country_code,

        -- what this source does not tell
        {{ unknown('records', [
            'email', 'email_normalised', 'phone_normalised', 'loyalty_number', 'first_name', 'last_name',
            'first_name_folded', 'last_name_folded', 'street', 'city', 'postal_code', 'birth_date'
        ]) }},

        -- timestamps
        ordered_at as updated_at
    from invoices
)

select * from renamed
