"""Every destination by name. A new one is one line here."""

from c360.core.errors import ConfigurationError
from c360.destinations.destination import Destination
from c360.destinations.google_ads import payload as google_ads
from c360.destinations.meta import payload as meta

DESTINATIONS: dict[str, Destination] = {
    "google_ads": google_ads,
    "meta": meta,
}


def find_destination(name: str) -> Destination:
    """Return the destination called `name`.

    Raises:
        ConfigurationError: there is none; the message names those there are.
    """
    if name not in DESTINATIONS:
        raise ConfigurationError(
            f"There is no destination `{name}`; there are {', '.join(sorted(DESTINATIONS))}. "
            "docs/adding-a-destination.md shows how to add one."
        )
    return DESTINATIONS[name]
