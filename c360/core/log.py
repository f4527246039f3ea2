"""The log: structured events on standard error. Values are counts, names, paths and dates, never personal data."""

import logging
import sys

import structlog


def configure_log(*, verbose: bool = False) -> None:
    """Send events to standard error, readable in a terminal and one JSON object a line elsewhere."""
    is_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if is_terminal else "iso", utc=not is_terminal),
            structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def get_logger() -> structlog.typing.FilteringBoundLogger:
    """A logger whose events are `<verb>_<object>` names with key-value facts."""
    return structlog.get_logger("c360")  # type: ignore[no-any-return]
