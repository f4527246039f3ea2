"""The clocks of a time zone, as SQL: how far they were from UTC at a local time, and whether that time was clear.

An expression over the known changes of the clocks is about ten times as fast as the engine's own time zones, and tells
apart what those pass over: a local time that came twice, and one that never came.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

FIRST_PLAUSIBLE = datetime(1971, 1, 1)  # noqa: DTZ001  UTC, as the lake holds it
"""A timestamp before is a default, not an event: 1970 begins the count of seconds."""
LAST_PLAUSIBLE = datetime(2100, 1, 1)  # noqa: DTZ001  UTC, as the lake holds it
"""From here on a timestamp is a placeholder, such as the year 2999."""

USUAL_YEARS = (datetime(2000, 1, 1), datetime(2040, 1, 1))  # noqa: DTZ001  local times
"""Nearly every event lies here. Their clocks alone make an expression that is planned four times as fast."""

_AMBIGUOUS, _IMPOSSIBLE = 1, 2
_FLAG = 10_000
_STEP = timedelta(days=5)


def clock_at(wall: str, timezone: str, *, is_usual: bool) -> str:
    """SQL for a number that holds the offset of the clock that showed `wall`, and what was wrong with it.

    `offset_minutes` and `is_ambiguous` and `is_impossible` take it apart. It is right for plausible times, and when
    `is_usual` only for the usual years. An ambiguous time is taken for the earlier of
    its two instants, an impossible one for the instant that as many minutes before the change would have led to: both
    by the offset before the change, as Python and Java do.
    """
    changes = _changes(timezone)
    if is_usual:
        first, last = USUAL_YEARS
        known = [(start, number) for start, number in changes if start < first][-1:]
        changes = known + [(start, number) for start, number in changes if first <= start < last]
    return _clock_from(wall, changes)


def has_changes(timezone: str) -> bool:
    """Whether the clocks of a time zone ever change; where they do not, a local time is always clear."""
    return len(_changes(timezone)) > 1


def offset_minutes(clock: str) -> str:
    """SQL for the minutes east of UTC that are in a number of `clock_at`."""
    return f"(({clock} + {_FLAG // 2}) % {_FLAG} - {_FLAG // 2})"


def is_ambiguous(clock: str) -> str:
    """SQL for whether the local time came twice."""
    return f"({clock} // {_FLAG // 2} in ({2 * _AMBIGUOUS - 1}, {2 * _AMBIGUOUS}))"


def is_impossible(clock: str) -> str:
    """SQL for whether the local time never came."""
    return f"({clock} // {_FLAG // 2} in ({2 * _IMPOSSIBLE - 1}, {2 * _IMPOSSIBLE}))"


def _clock_from(wall: str, changes: list[tuple[datetime, int]]) -> str:
    if len(changes) == 1:
        return str(changes[0][1])
    middle = len(changes) // 2
    earlier, later = _clock_from(wall, changes[:middle]), _clock_from(wall, changes[middle:])
    return f"case when {wall} < timestamp '{changes[middle][0]}' then {earlier} else {later} end"


@cache
def _changes(timezone: str) -> list[tuple[datetime, int]]:
    """From which local time on which number holds, in order; the first holds from ever."""
    zone = ZoneInfo(timezone)
    instant = FIRST_PLAUSIBLE.replace(tzinfo=UTC) - timedelta(days=2)
    changes = [(datetime.min, _minutes(zone, instant))]  # noqa: DTZ901  a local time
    while instant < LAST_PLAUSIBLE.replace(tzinfo=UTC):
        before, after = _minutes(zone, instant), _minutes(zone, instant + _STEP)
        if before != after:
            change = _instant_of_change(zone, instant, instant + _STEP).replace(tzinfo=None)
            flag = _AMBIGUOUS if after < before else _IMPOSSIBLE
            changes.append((change + timedelta(minutes=min(before, after)), before + flag * _FLAG))
            changes.append((change + timedelta(minutes=max(before, after)), after))
        instant += _STEP
    return changes


def _instant_of_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (before, middle) if _minutes(zone, middle) != _minutes(zone, before) else (middle, after)
    return after


def _minutes(zone: ZoneInfo, instant: datetime) -> int:
    offset = instant.astimezone(zone).utcoffset()
    return round((offset or timedelta()) / timedelta(minutes=1))
