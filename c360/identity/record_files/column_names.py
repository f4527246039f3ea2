"""Rules for a table that comes without any, from the names its columns usually have."""

import re
from collections.abc import Iterable

import yaml

from c360.core.errors import ConfigurationError
from c360.identity.rules import AttributeKind, Rules

RECORD_IDS = ("record_id", "unique_id", "rec_id", "id")
"""What the column that names a record is usually called, the surest first."""
USUAL_NAMES: dict[AttributeKind, str] = {
    "first_name": "first_name given_name forename fname christian_name prenom vorname nombre",
    "last_name": "last_name surname family_name lname nom nom_de_famille nachname familienname apellido",
    "full_name": "full_name name person_name",
    "birth_date": "birth_date date_of_birth dob birthdate birthday born date_naissance geburtsdatum",
    "street": "street address address_1 address1 address_line_1 street_address street_name rue strasse",
    "house_number": "house_number street_number house_no",
    "city": "city town suburb locality municipality birth_place place_of_birth ville stadt ort",
    "postal_code": "postal_code postcode post_code zip zip_code zipcode postcode_fake code_postal plz",
    "region": "region state province county",
    "country": "country country_code pays land",
    "gender": "gender sex sexe geschlecht",
    "email": "email e_mail email_address mail",
    "phone": "phone phone_number telephone tel mobile mobile_phone cell_phone telefon",
    "text": "occupation middle_name address_2 address2 address_line_2 ssn soc_sec_id national_id tax_id",
}
"""What the column of each kind is usually called."""

_KINDS = {name: kind for kind, names in USUAL_NAMES.items() for name in names.split()}
_TYING: tuple[AttributeKind, ...] = ("email", "phone")
_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


def assume_rules(columns: Iterable[str]) -> Rules:
    """Rules for a table with these columns: what is usually called so is compared, addresses and numbers also tie.

    Raises:
        ConfigurationError: no column is called like the id of a record, or none like anything about a person.
    """
    usual = {name: "_".join(_BETWEEN_WORDS.split(name.strip())).strip("_").lower() for name in columns}
    attributes = {name: _KINDS[called] for name, called in usual.items() if called in _KINDS}
    record_id = next((name for called in RECORD_IDS for name in usual if usual[name] == called), None)
    if record_id is None or not attributes:
        what = "none is usually called like the id of a record" if attributes else "none is known as one of a person"
        raise ConfigurationError(
            f"Without --rules the columns must speak for themselves, and of {', '.join(usual)} {what}. Write a rules "
            "file, as docs/identity.md shows."
        )
    tying = {kind: {"column": name} for name, kind in reversed(attributes.items()) if kind in _TYING}
    return Rules.model_validate({"record_id": record_id, "attributes": attributes, "identifiers": tying})


def as_yaml(rules: Rules) -> str:
    """Rules as the file that says the same."""
    told = rules.model_dump(include={"record_id", "identifiers", "attributes"}, exclude_defaults=True)
    return yaml.safe_dump({"record_id": rules.record_id} | told, sort_keys=False, allow_unicode=True)
