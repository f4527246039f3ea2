"""What dbt said about a layer, without the values that its errors quote."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SPEAKS_OF_NAMES_ONLY = ("Binder Error:", "Catalog Error:", "Parser Error:", "Compilation Error")
_ENGINE_ERROR = re.compile(r"([A-Z]\w*(?: \w+)? (?:Error|Exception)):")
_FAILURE_COUNT = re.compile(r"Got \d+ results?, configured to \w+ if .*")


@dataclass(frozen=True)
class NodeResult:
    """One model or test that dbt ran."""

    kind: str
    name: str
    status: str
    cause: str
    """Empty when all is well; never quotes a value."""


def read_results(path: Path) -> list[NodeResult]:
    """What dbt wrote about each node into `run_results.json`, which is left without values too."""
    document = json.loads(path.read_text(encoding="utf-8"))
    for result in document["results"]:
        result["message"] = without_values(result["message"] or "")
    path.write_text(json.dumps(document), encoding="utf-8")
    return [_node_result(result) for result in document["results"]]


def event_line(line: str) -> str:
    """A line of dbt's JSON log as a line for people, or nothing when it is empty or no event of dbt's."""
    try:
        event = json.loads(line)["info"]
    except (ValueError, KeyError, TypeError):
        return ""
    message = event["msg"] if event["level"] in ("info", "debug") else without_values(event["msg"])
    return f"{event['ts'][:19]} {event['level']:5} {message.strip()}" if message.strip() else ""


def without_values(message: str) -> str:
    """An error of dbt or of the engine, cut to what names models, tables, columns and counts.

    Engines quote the row or value they failed on, so of an unknown error only its kind is kept.
    """
    lines = [line.strip() for line in message.strip().splitlines() if line.strip()]
    return ": ".join(_spoken(lines)) if lines else ""


def _spoken(lines: list[str]) -> list[str]:
    first = lines[0]
    if first.startswith("Compilation Error"):
        return lines
    if " Error in " in first or first in ("Runtime Error", "Database Error"):
        return [first, *(_spoken(lines[1:]) if lines[1:] else [])]
    if first.startswith(_SPEAKS_OF_NAMES_ONLY) or _FAILURE_COUNT.fullmatch(first):
        return [first]
    kind = _ENGINE_ERROR.search(first)
    return [f"{kind.group(1) if kind else 'an error'}, withheld because it may quote a row"]


def _node_result(result: dict[str, Any]) -> NodeResult:
    kind, _, name, *_ = result["unique_id"].split(".")
    status = result["status"]
    return NodeResult(kind, name, status, "" if status in ("success", "pass") else result["message"])
