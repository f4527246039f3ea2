"""Where a column stands in a JSON object: a plain key, or a path such as `$.customer.id`."""

import re

_KEY = r'\.(?:"[^"]+"|[^.\[\]"\s*]+)'
_PATH = re.compile(rf"\$(?:{_KEY})(?:{_KEY}|\[\d+\])*")
_TOP_KEY = re.compile(r'\$\.(?:"([^"]+)"|([^.\[\]]+))')


def is_json_path(name: str) -> bool:
    """Whether `name` is a path that leads to one place: no wildcards."""
    return bool(_PATH.fullmatch(name))


def json_path(name: str) -> str:
    """The path of a column: `$."name"` of a plain key."""
    return name if name.startswith("$") else f'$."{name}"'


def top_key(name: str) -> str:
    """The key of the outermost object under which a column stands."""
    if match := _TOP_KEY.match(name):
        return str(match[1] or match[2])
    return name
