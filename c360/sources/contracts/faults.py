"""What a contract says that does not agree with itself, each fault in words that name the columns."""

from typing import TYPE_CHECKING, Any

from c360.sources.contracts.feeds import MAPPED
from c360.sources.values.json_paths import is_json_path

if TYPE_CHECKING:
    from c360.sources.contracts.contract import Contract, Table

_CLASSES_OF_A_COUNTRY = ("phone", "postal_code", "address")
_DATE_AND_NUMBER = "????-??-??_??????"
"""What ends the names c360 gives: narrow, so that `customers` does not claim the files of `customers_old`."""
_CURSOR_TYPES = ("integer", "date", "timestamp")


def with_files_of_database(terms: dict[str, Any]) -> dict[str, Any]:
    """A table's terms with the `files` that c360 lands itself, if the table lies in a database.

    Raises:
        ValueError: neither files nor a database are named, or both.
    """
    if terms.get("database") is None:
        if "files" not in terms:
            raise ValueError("files: say which files are of the table, or `database` if its rows lie in one")
        return terms
    if given := [name for name in ("files", "format", "encoding", "delimiter") if name in terms]:
        raise ValueError(f"{given[0]} is for files that others land; those of a `database` are landed by c360")
    database = terms["database"] if isinstance(terms["database"], dict) else {}
    return terms | {
        "files": f"{database.get('connection')}.{database.get('table')}_{_DATE_AND_NUMBER}.parquet",
        "format": "parquet",
    }


def table_faults(table: "Table") -> list[str]:
    """Everything about one table that cannot be meant."""
    if unknown := _unknown_names(table):
        return unknown
    return [
        *_faults_of_time(table),
        *_faults_of_keys(table),
        *_faults_of_format(table),
        *_faults_of_database(table),
        *_faults_of_names(table),
        *_faults_of_countries(table),
    ]


def contract_faults(contract: "Contract") -> list[str]:
    """Everything about a source as a whole that cannot be meant."""
    return [*_faults_of_feeds(contract), *_faults_of_purposes(contract)]


def _faults_of_feeds(contract: "Contract") -> list[str]:
    faults = [
        f"feeds: a table maps {feed}, which is not among them"
        for feed in sorted(contract.mapped_feeds - set(contract.feeds))
    ]
    if contract.source == MAPPED:
        faults.append(f"source: {MAPPED} is the name of all mapped tables together; call the source differently")
    return faults


def _faults_of_purposes(contract: "Contract") -> list[str]:
    columns = {
        f"tables.{table_name}.columns.{name}": column
        for table_name, table in contract.tables.items()
        for name, column in table.columns.items()
    }
    personal = [place for place, column in columns.items() if column.personal]
    if personal and not contract.purposes:
        return [f"purposes: none is declared, but {personal[0]} is personal; say what the data may be used for"]
    return [
        f"{place}: its purpose {purpose} is not among the purposes of the source"
        for place, column in columns.items()
        for purpose in column.purposes or []
        if purpose not in contract.purposes
    ]


def _unknown_names(table: "Table") -> list[str]:
    used = [("key", name) for name in table.key]
    used += [("event_time", table.event_time)] if table.event_time else []
    used += [("version", table.version)] if table.version else []
    used += [("database.cursor", table.database.cursor)] if table.database else []
    used += [
        (f"country_column of {name}", column.country_column)
        for name, column in table.columns.items()
        if column.country_column
    ]
    return [
        f"{what} names the column {name}, which is not among the columns"
        for what, name in used
        if name not in table.columns
    ]


def _faults_of_time(table: "Table") -> list[str]:
    faults = []
    if table.event_time and table.columns[table.event_time].type not in ("date", "timestamp"):
        faults.append(f"event_time is the column {table.event_time}, which is neither a date nor a timestamp")
    if table.freshness and not table.event_time:
        faults.append("freshness is the age of the newest event, but no event_time says which column tells it")
    if table.freshness and table.freshness.warn_after_hours >= table.freshness.error_after_hours:
        faults.append("freshness: warn_after_hours must be less than error_after_hours")
    return faults


def _faults_of_keys(table: "Table") -> list[str]:
    faults = [f"key names the column {name} twice" for name in sorted(set(table.key)) if table.key.count(name) > 1]
    used = {"key": table.key, "version": [table.version] if table.version else []}
    return faults + [
        f"{what} names the column {name}, whose values (json) cannot be compared"
        for what, names in used.items()
        for name in names
        if table.columns[name].type == "json"
    ]


def _faults_of_format(table: "Table") -> list[str]:
    faults = []
    if table.format == "parquet" and table.encoding != "utf-8":
        faults.append("encoding is for text; a Parquet file has none to choose")
    if table.format in ("jsonl", "parquet") and table.delimiter != ",":
        faults.append("delimiter is for CSV files")
    return faults


def _faults_of_database(table: "Table") -> list[str]:
    cursor = table.columns[table.database.cursor] if table.database else None
    if cursor and cursor.type not in _CURSOR_TYPES:
        return [f"database.cursor is a {cursor.type}; it must be an integer, a date or a timestamp"]
    return []


def _faults_of_names(table: "Table") -> list[str]:
    names = [column.source_name or name for name, column in table.columns.items()]
    faults = [f"two columns are read from {name!r} in the file" for name in sorted(set(names)) if names.count(name) > 1]
    faults += [
        f"{added} is the name of a column that c360 adds; call the source's own differently"
        for names in table.added_columns.values()
        for added in names
        if added in table.columns
    ]
    faults += [
        f"{name}_offset_minutes is the name of a column that c360 adds; call the source's own differently"
        for name, column in table.columns.items()
        if column.type == "timestamp" and f"{name}_offset_minutes" in table.columns
    ]
    if table.format != "csv":
        paths = [name for name in names if name.startswith("$") and not is_json_path(name)]
        faults += [f"source_name {name!r} is not a JSON path such as $.customer.id" for name in paths]
    return faults


def _faults_of_countries(table: "Table") -> list[str]:
    return [
        f"country_column of {name}: only a phone, an address or a postal code is read by its country"
        for name, column in table.columns.items()
        if column.country_column and column.personal not in _CLASSES_OF_A_COUNTRY
    ]
