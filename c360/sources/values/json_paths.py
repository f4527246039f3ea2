"""Where a column stands inside a row: a plain key, or a path such as `$.customer.id`.

A path leads to one place. Where a list holds records by name, as the parameters of analytics events do, one of them is
picked by it: `$.event_params[key=page_location].value.string_value`.
"""

import re
from dataclasses import dataclass

from c360.core.sql import literal, quoted

_STEP = re.compile(
    r'\."(?P<quoted>[^"]+)"|\.(?P<key>[^.\[\]"\s*]+)|\[(?P<index>\d+)\]|\[(?P<field>\w+)=(?P<value>[^\[\]"]+)\]'
)
_TOP_KEY = re.compile(r'\$\.(?:"([^"]+)"|([^.\[\]]+))')


@dataclass(frozen=True)
class Pick:
    """The first record of a list whose `field` is `value`."""

    field: str
    value: str


@dataclass(frozen=True)
class JsonPath:
    """A path from a row to one value in it."""

    steps: tuple[str | int | Pick, ...]
    """A key of an object, a place in a list from 0, or a record picked from a list; only one is picked."""

    @property
    def pick(self) -> Pick | None:
        """The record picked, if any."""
        return next((step for step in self.steps if isinstance(step, Pick)), None)

    @property
    def before_pick(self) -> str:
        """The path to the list from which a record is picked, or the whole path, as the engine writes it."""
        return "$" + "".join(_written(step) for step in self._parts()[0])

    @property
    def inside_record(self) -> list[str]:
        """The keys that lead from the picked record to the value."""
        return [str(step) for step in self._parts()[1]]

    def of_struct(self) -> str:
        """The path as SQL over the columns of a Parquet file."""
        expression = quoted(str(self.steps[0]))
        for step in self.steps[1:]:
            match step:
                case int():
                    expression = f"{expression}[{step + 1}]"
                case Pick():
                    is_it = f"lambda record: record.{quoted(step.field)} = {literal(step.value)}"
                    expression = f"list_filter({expression}, {is_it})[1]"
                case _:
                    expression = f"struct_extract({expression}, {literal(step)})"
        return expression

    def _parts(self) -> tuple[tuple[str | int | Pick, ...], tuple[str | int | Pick, ...]]:
        place = self.steps.index(self.pick) if self.pick else len(self.steps)
        return self.steps[:place], self.steps[place + 1 :]


def parse_path(name: str) -> JsonPath | None:
    """The path that `name` writes, or None when it is a plain key or leads nowhere."""
    steps: list[str | int | Pick] = []
    position = 1
    while match := _STEP.match(name, position):
        steps.append(_step(match))
        position = match.end()
    picks = [place for place, step in enumerate(steps) if isinstance(step, Pick)]
    leads = name.startswith("$") and position == len(name) and steps and isinstance(steps[0], str)
    after_pick = steps[picks[0] + 1 :] if picks else []
    if not leads or not all(isinstance(step, str) for step in after_pick):
        return None
    return JsonPath(tuple(steps))


def is_json_path(name: str) -> bool:
    """Whether `name` is a path that leads to one place: no wildcards."""
    return parse_path(name) is not None


def path_of(name: str) -> JsonPath:
    """The path of a column: the key itself of a plain key."""
    return parse_path(name) or JsonPath((name,))


def top_key(name: str) -> str:
    """The key of the outermost object under which a column stands."""
    if match := _TOP_KEY.match(name):
        return str(match[1] or match[2])
    return name


def _step(match: re.Match[str]) -> str | int | Pick:
    if match["index"]:
        return int(match["index"])
    if match["field"]:
        return Pick(match["field"], match["value"])
    return match["quoted"] or match["key"]


def _written(step: str | int | Pick) -> str:
    return f"[{step}]" if isinstance(step, int) else f'."{step}"'
