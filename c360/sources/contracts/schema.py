"""The JSON Schema of contract files, made from the model, so that editors complete and check what is written."""

import json
from pathlib import Path

from c360.core.files import appearing
from c360.sources.contracts.contract import Contract

SCHEMA_NAME = "contract.schema.json"
"""The file beside the contracts that their first line points to."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """The schema as it is committed."""
    schema = {"$schema": _DIALECT} | Contract.model_json_schema() | {"title": "A c360 contract: contracts/<source>.yml"}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schema(folder: Path) -> Path:
    """Write the schema beside the contracts and say where."""
    path = folder / SCHEMA_NAME
    with appearing(path) as part:
        part.write_text(schema_text(), "utf-8")
    return path
