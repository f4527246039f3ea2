"""What dbt said about a layer, without the values that its errors quote."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NAMES_ONLY = ("Binder Error:", "Catalog Error:", "Parser Error:", "IO Error: Could not set lock")
_WRAPPERS = ("Runtime Error", "Database Error", "[ERROR]: ")
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


@dataclass(frozen=True)
class Event:
    """Something dbt said while it ran."""

    at: str
    level: str
    message: str


def read_results(path: Path) -> list[NodeResult]:
    """What dbt wrote about each node into `run_results.json`, which is left without values too."""
    document = json.loads(path.read_text(encoding="utf-8"))
    for result in document["results"]:
        result["message"] = without_values(result["message"] or "")
    path.write_text(json.dumps(document), encoding="utf-8")
    return [_node_result(result) for result in document["results"]]


def read_event(line: str) -> Event | None:
    """A line of dbt's JSON log, or nothing when it says nothing."""
    try:
        info = json.loads(line)["info"]
    except (ValueError, KeyError, TypeError):
        return None
    is_quiet = info["level"] in ("debug", "info")
    message = str(info["msg"]).strip() if is_quiet else without_values(info["msg"])
    return Event(info["ts"][:19], info["level"], message) if message else None


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
    if first.startswith(_WRAPPERS):
        return [first.removesuffix(":"), *(_spoken(lines[1:]) if lines[1:] else [])]
    if first.startswith(_NAMES_ONLY) or _FAILURE_COUNT.fullmatch(first):
        return [first]
    kind = _ENGINE_ERROR.search(first)
    return [f"{kind.group(1) if kind else 'an error'}, withheld because it may quote a row"]


def _node_result(result: dict[str, Any]) -> NodeResult:
    kind, _, name, *_ = result["unique_id"].split(".")
    status = result["status"]
    return NodeResult(kind, name, status, "" if status in ("success", "pass") else result["message"])
