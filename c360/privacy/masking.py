"""Personal values as they may be shown: enough to recognise one that is known, not enough to learn one."""

_HIDDEN = "***"
_SHORTEST_SHOWN = 3
_LAST_DIGITS = 2
_LONGEST_ENDING = 4


def masked(value: str) -> str:
    """Return `value` with all but a trace of it hidden: `a***@e***.com`, `+33***78`, `S***`, `***` of a short one.

    Of a number only the last digits are shown, of an address of e-mail how its two parts begin, of words how they
    begin, and of none how long it is.
    """
    if value.count("@") == 1:
        return _masked_email(*value.split("@"))
    digits = sum(map(str.isdigit, value))
    if digits >= len(value) / 2:
        return _masked_number(value, digits)
    return _begin(value)


def _masked_email(local: str, domain: str) -> str:
    name, _, ending = domain.rpartition(".")
    shown = f".{ending}" if len(ending) <= _LONGEST_ENDING else ""
    return f"{_begin(local)}@{_begin(name)}{shown}"


def _masked_number(value: str, digits: int) -> str:
    shown = value[-_LAST_DIGITS:] if digits > 2 * _LAST_DIGITS and "-" not in value[-_LAST_DIGITS:] else ""
    return _HIDDEN + shown


def _begin(words: str) -> str:
    return words[0] + _HIDDEN if len(words) >= _SHORTEST_SHOWN else _HIDDEN
