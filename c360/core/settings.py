"""Every setting of c360: one class, read from `C360_<SETTING>` environment variables."""

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parents[2]
_CONNECTION_PREFIX = "C360_CONNECTION_"


def _connections_of_environment() -> dict[str, SecretStr]:
    named = {name.upper(): url for name, url in os.environ.items()}
    return {
        name.removeprefix(_CONNECTION_PREFIX).lower(): SecretStr(url)
        for name, url in named.items()
        if name.startswith(_CONNECTION_PREFIX) and url
    }


class Settings(BaseSettings):
    """Where things lie and the few choices a deployment makes.

    Everything a run writes lies under `data_dir`; deleting that folder leaves a clean checkout.
    """

    model_config = SettingsConfigDict(env_prefix="C360_", frozen=True)

    project_dir: Path = PROJECT_DIR
    """The checkout that holds `dbt_project/`, `contracts/` and `audiences/`."""
    data_dir: Path = PROJECT_DIR / "data"
    """Where every run reads landed files and writes everything else."""
    contracts_dir: Path = PROJECT_DIR / "contracts"
    """One `<source>.yml` per source this deployment takes in."""
    audiences_dir: Path = PROJECT_DIR / "audiences"
    """One `<audience>.yml` per audience."""
    identity_rules_path: Path = PROJECT_DIR / "identity.yml"
    """Which identifiers tie records into customers, and what is compared when none does."""
    landing_url: str | None = None
    """Object storage whose `<source>/<file>` are read as if they lay in `landing_dir`, which is read as well:
    `s3://bucket/prefix`, `gs://bucket/prefix` or any other URL fsspec knows. Keys come from where the store's own
    library looks for them."""
    connections: dict[str, SecretStr] = Field(default_factory=_connections_of_environment)
    """The databases that contracts name: `C360_CONNECTION_ERP=postgresql://user:password@host/database` is `erp`."""
    kept_versions: int = Field(default=5, ge=1)
    """How many published versions stay for rollback."""
    warehouse_threads: int = Field(default=2, ge=1)
    """Threads DuckDB may use."""
    warehouse_memory_limit: str = "4GB"
    """Memory DuckDB may use before it spills to disk."""

    @property
    def landing_dir(self) -> Path:
        """Raw files as the source systems wrote them, `landing/<source>/<file>`, and what was read of databases."""
        return self.data_dir / "landing"

    @property
    def fetched_path(self) -> Path:
        """The digests of files fetched from object storage. Without it, they are all fetched once more."""
        return self.data_dir / "fetched.json"

    @property
    def lake_dir(self) -> Path:
        """Accepted rows as Parquet: `lake/<source>/<table>/load_date=<date>/<file digest>.parquet`."""
        return self.data_dir / "lake"

    @property
    def quarantine_dir(self) -> Path:
        """Refused rows and files with line and reason. Holds raw personal data: readable by its owner only."""
        return self.data_dir / "quarantine"

    @property
    def warehouse_path(self) -> Path:
        """The working DuckDB file. Only the pipeline opens it."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def published_dir(self) -> Path:
        """`c360.duckdb`, the version consumers read, and `versions/`, the ones kept for rollback."""
        return self.data_dir / "published"

    @property
    def published_path(self) -> Path:
        """The file consumers open. It is replaced, never written to."""
        return self.published_dir / "c360.duckdb"

    @property
    def identity_dir(self) -> Path:
        """What identity remembers from run to run: ids, their log, decisions, and the trained model of matching."""
        return self.data_dir / "identity"

    @property
    def artifacts_dir(self) -> Path:
        """Trained models."""
        return self.data_dir / "artifacts"

    @property
    def exports_dir(self) -> Path:
        """Payloads for destinations: `exports/<as_of>/<destination>/<audience>/`."""
        return self.data_dir / "exports"

    @property
    def reports_dir(self) -> Path:
        """HTML reports, one per `as_of`."""
        return self.data_dir / "reports"
