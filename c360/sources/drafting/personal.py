"""Which columns seem to tell something about a person, by their names and by what their values look like."""

import re

import duckdb

from c360.core.sql import quoted
from c360.sources.contracts.contract import PersonalClass

_BY_NAME: dict[PersonalClass, str] = {
    "email": r"e_?mail(_address)?|courriel",
    "phone": r"(mobile_?|home_?)?phone(_number)?|mobile|telephone|tel|gsm|portable",
    "birth_date": r"birth_?(date|day)?|birthday|dob|date_of_birth|date_naissance",
    "postal_code": r"postal_?code|post_?code|zip(_?code)?|code_postal|plz",
    "address": r"street|address(_?line)?_?\d?|address1|address2|city|town|ville|adresse|rue|(mailing_)?(street|city)",
    "name": r"(first|last|given|family|full|sur|maiden)?_?name|nom|prenom|vorname|nachname",
    "demographic": r"gender|sex|age(_band)?|income|marital_status|nationality|household_size",
    "device": r"device_id|advertising_id|user_pseudo_id|anonymous_id|idfa|idfv|gaid|cookie(_id)?|ip(_address)?",
    "online_identifier": r"user_?id|account_?id|login|user_?name|visitor_id|g?clid|fbclid|ttclid|avatar_id",
    "customer_number": r"(customer|client|contact|member|loyalty|card|household)_?(id|number|no|key|code)",
    "free_text": r"comment|note|message|feedback|verbatim|remark|question|answer_text",
}
"""The last words of a column's name that speak for a class, the more telling first."""
_NO_PERSONS_NAME = re.compile(r"(product|event|campaign|page|screen|form|segment|store|file|item|category|brand)_")
NAMES_NOT_NUMBERS: tuple[PersonalClass, ...] = (
    "email", "phone", "name", "address", "postal_code", "customer_number", "online_identifier", "device", "free_text",
)  # fmt: skip
"""Classes whose values are text even where all of them are digits."""
_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_PHONE = r"(\+|00|0)[\d .()/-]{8,18}\d"
_IP = r"\d{1,3}(\.\d{1,3}){3}"
_LONG_TEXT_LETTERS = 60
_MOST = 0.8


def class_of_name(name: str) -> PersonalClass | None:
    """The class a column's name speaks for, if it does."""
    if _NO_PERSONS_NAME.match(name):
        return None
    for personal, words in _BY_NAME.items():
        if re.search(rf"(^|_)({words})$", name):
            return personal
    return None


def classes_of_values(engine: duckdb.DuckDBPyConnection, relation: str, columns: list[str]) -> dict[str, PersonalClass]:
    """The class most values of a column look like, of the columns (texts) whose values do."""
    looks: dict[PersonalClass, str] = {
        "email": "regexp_full_match({}, '" + _EMAIL + "')",
        "phone": "regexp_full_match({}, '" + _PHONE + "')",
        "device": "regexp_full_match({}, '" + _IP + "')",
        "free_text": f"length({{}}) > {_LONG_TEXT_LETTERS} and contains({{}}, ' ')",
    }
    found: dict[str, PersonalClass] = {}
    if not columns:
        return found
    for personal, look in looks.items():
        shares = [f"avg(({look.replace('{}', quoted(name))})::int)" for name in columns]
        [row] = engine.execute(f"select {', '.join(shares)} from ({relation})").fetchall()
        found = {name: personal for name, share in zip(columns, row, strict=True) if (share or 0) >= _MOST} | found
    return found
