"""The run context: the date a run speaks about, its id and its settings, handed to every step."""

import re
from dataclasses import dataclass
from datetime import date

from c360.core.errors import ConfigurationError
from c360.core.object_storage import ObjectStorage
from c360.core.settings import Settings

_DATE_IN_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class RunContext:
    """What a step knows about the run it belongs to. No step asks the clock.

    `as_of` is exclusive: the run sees what happened before `as_of` 00:00 UTC.
    """

    as_of: date
    run_id: str
    settings: Settings


def start_run(settings: Settings, as_of: date | None = None, run_id: str | None = None) -> RunContext:
    """The context of a run about `as_of`, or about the newest day landed files name.

    Raises:
        ConfigurationError: no date is given and no landed file carries one.
    """
    day = as_of or newest_landed_date(settings)
    return RunContext(as_of=day, run_id=run_id or f"manual__{day.isoformat()}", settings=settings)


def newest_landed_date(settings: Settings) -> date:
    """The newest `YYYY-MM-DD` in the name of a landed file: the morning on which the source exported it.

    Raises:
        ConfigurationError: no landed file carries a date in its name, or object storage refuses to list them.
        ServiceMissing: object storage cannot be reached.
    """
    names = [path.name for path in settings.landing_dir.glob("*/*") if path.is_file()]
    if settings.landing_url:
        names += [file.name for file in ObjectStorage(settings.landing_url).glob("*/*")]
    days = [_as_date(match.group(1)) for name in names if (match := _DATE_IN_NAME.search(name))]
    found = [day for day in days if day]
    if not found:
        places = " or ".join(map(str, filter(None, (settings.landing_dir, settings.landing_url))))
        raise ConfigurationError(
            f"No landed file under {places} has a date (YYYY-MM-DD) in its name, so the run does not know which "
            "day to speak about. Land files (`c360 sample` writes a shop to try) or pass --as-of YYYY-MM-DD."
        )
    return max(found)


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
