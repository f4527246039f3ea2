"""What dbt says about a layer, without the values that its errors quote."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

_NAMES_ONLY = ("Binder Error:", "Catalog Error:", "Parser Error:", "IO Error: Could not set lock")
_WRAPPERS = ("Runtime Error", "Database Error", "[ERROR]: ")
_FAILURE_COUNT = re.compile(r"(\[WARNING\]: )?Got \d+ results?, configured to \w+ if .*")
_ENGINE_ERROR = re.compile(r"([A-Z]\w*(?: \w+)? (?:Error|Exception)):")


@dataclass(frozen=True)
class Event:
    """Something dbt said while it ran."""

    at: str
    level: str
    message: str
    """Never quotes a value."""
    node: str
    """The model or test it is about, as `model.c360.<name>` or `test.c360.<name>`, or empty."""
    status: str
    """How the node ended, where the event says it."""


@dataclass(frozen=True)
class NodeResult:
    """How one model or test ended."""

    kind: str
    name: str
    status: str
    cause: str
    """Empty when all is well."""


def read_event(line: str) -> Event | None:
    """A line of dbt's JSON log, or nothing when it says nothing."""
    try:
        event = json.loads(line)
        info, data = event["info"], event["data"]
    except (ValueError, KeyError, TypeError):
        return None
    node = data.get("node_info") or {}
    status = str(data.get("status") or "") and str(node.get("node_status") or "")
    is_progress = info["level"] in ("debug", "info") or status
    message = str(info["msg"]).strip() if is_progress else without_values(info["msg"])
    return Event(info["ts"][:19], info["level"], message, node.get("unique_id", ""), status) if message else None


def node_results(events: Iterable[Event]) -> list[NodeResult]:
    """How every model and test ended, in the order in which they did."""
    statuses: dict[str, str] = {}
    causes: dict[str, str] = {}
    for event in events:
        if event.status:
            statuses[event.node] = event.status
        elif event.level in ("warn", "error"):
            causes[event.node] = event.message
    return [_result(node, status, causes.get(node, "")) for node, status in statuses.items()]


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


def _result(node: str, status: str, cause: str) -> NodeResult:
    kind, _, name, *_ = node.split(".")
    return NodeResult(kind, name, status, cause)
