"""Which driver opens which of the environment's connections."""

from contextlib import AbstractContextManager

from c360.core.errors import ConfigurationError
from c360.core.settings import Settings
from c360.sources.databases.database import Database, variable_of


def open_database(settings: Settings, name: str) -> AbstractContextManager[Database]:
    """Connect to what the environment calls `C360_CONNECTION_<NAME>`.

    Raises:
        ConfigurationError: there is no such connection, it is none of a database c360 reads, its driver is not
            installed, or the server refuses it.
        ServiceMissing: the server cannot be reached.
    """
    variable = variable_of(name)
    if name not in settings.connections:
        raise ConfigurationError(
            f"The environment has no {variable}. Set it to postgresql://user:password@host/database or "
            "mysql://user:password@host/database."
        )
    url = settings.connections[name].get_secret_value()
    try:
        match url.partition("://")[0]:
            case "postgresql" | "postgres":
                from c360.sources.databases.postgresql import open_postgresql

                return open_postgresql(url, name)
            case "mysql" | "mariadb":
                from c360.sources.databases.mysql import open_mysql

                return open_mysql(url, name)
    except ImportError:
        raise ConfigurationError(
            f"{variable} names a database, but its driver is not installed. Install it: uv sync --extra databases."
        ) from None
    raise ConfigurationError(f"{variable} begins neither with postgresql:// nor with mysql://.")
