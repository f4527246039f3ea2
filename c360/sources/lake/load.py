"""One landed file into the lake: every row accepted, a duplicate, or in quarantine with its line and reason."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from c360.core.errors import C360Error
from c360.core.files import appearing
from c360.core.sql import literal, quoted
from c360.sources.contracts.lake_columns import lake_columns
from c360.sources.lake.accounts import FileAccount, add_counts
from c360.sources.lake.identifiers import count_not_normalised, normalise_identifiers, select_normalised
from c360.sources.lake.lake import PARQUET, TableLake, appearing_privately, make_private
from c360.sources.lake.quarantine import count_by_reason
from c360.sources.reading.judge import (
    find_duplicates,
    find_duplicates_of_lake,
    has_seen_any,
    remember_rows,
    show_accepted,
)
from c360.sources.reading.readers import reader_of
from c360.sources.reading.refusal import FileRefused
from c360.sources.reading.rows_as_text import MALFORMED_JSON, NUL_CHARACTER, Slice, count


@dataclass
class TableLoad:
    """Loads the files of one table, one after the other.

    Args:
        engine: An in-memory engine that nobody else uses.
        lake: Where the table's rows go.
        as_of: The load date of files that are new.
        run_id: The run that loads them.
    """

    engine: duckdb.DuckDBPyConnection
    lake: TableLake
    as_of: date
    run_id: str = ""
    _remembers_lake: bool = field(default=False, init=False)

    def load(self, path: Path, digest: str, refused_on: date | None = None) -> FileAccount:
        """Load one file whose bytes are not in the lake yet, and commit its account. A refused file's says why.

        Args:
            path: The landed file.
            digest: The digest of its bytes.
            refused_on: The load date of its account when these bytes were refused before.

        Raises:
            C360Error: a row was lost on the way; the file is not committed.
        """
        self.lake.remove_leftovers(digest)
        account = FileAccount(
            source_name=self.lake.table.source_name,
            table_name=self.lake.table.table_name,
            file_name=path.name,
            file_digest=digest,
            load_date=self.as_of,
            run_id=self.run_id,
            status="loaded",
        )
        refusal: FileRefused | None
        try:
            account = self._quarantine_rows(self._take_slices(account, path))
            refusal = _too_many_quarantined(account, self.lake)
        except FileRefused as unreadable:
            refusal = unreadable
        _check_balance(account)
        if refusal:
            self.lake.remove_rows(digest)
            self.lake.keep_refused_bytes(path, digest)
            account = _refuse(account, refusal, refused_on or self.as_of, self.lake)
        self.lake.commit(account)
        return account

    def _take_slices(self, account: FileAccount, path: Path) -> FileAccount:
        self.engine.execute(
            "create or replace temp table refused_rows "
            "(line BIGINT, reason VARCHAR, row_as_text VARCHAR, is_readable BOOLEAN)"
        )
        terms = self.lake.table.terms
        try:
            for number, piece in enumerate(reader_of(path, terms)(self.engine, path, terms, self._spill(account))):
                self._keep_refused_rows()
                account = self._accept_rows(_add(account, piece), number)
        except (duckdb.DataError, duckdb.InvalidInputException, duckdb.IOException) as error:
            # The engine's own message quotes the row.
            if "not valid UTF8" in str(error):
                raise FileRefused("bad_encoding", "It has text that is not UTF-8.", "Ask for a sound export.") from None
            raise FileRefused(
                "unreadable",
                f"The engine stumbles over it ({type(error).__name__}), while reading or while weighing a refuse rule.",
                "See whether the contract's refuse rules hold for any value, and ask for the export again.",
            ) from None
        return account

    def _spill(self, account: FileAccount) -> Path:
        """Where slices of a file may be written: they hold raw personal data, so it is in quarantine."""
        folder = self.lake.settings.quarantine_dir / ".spill"
        make_private(folder, self.lake.settings.quarantine_dir)
        return folder / f"{account.file_digest}.slice"

    def _keep_refused_rows(self) -> None:
        self.engine.execute(f"""
            insert into refused_rows
            select _line, _reason, _row, false from unreadable_rows
            union all
            select _line, _reason, _row, _reason not in ({literal(MALFORMED_JSON)}, {literal(NUL_CHARACTER)})
            from marked_rows where _reason is not null
        """)

    def _quarantine_rows(self, account: FileAccount) -> FileAccount:
        """Write the refused rows, if there are any, and account for them as the written file tells it."""
        if not count(self.engine, "refused_rows"):
            return account
        names = {
            "source_name": account.source_name,
            "table_name": account.table_name,
            "file_digest": account.file_digest,
            "run_id": account.run_id,
        }
        columns = ", ".join(f"{literal(value)} as {name}" for name, value in names.items())
        path = self.lake.quarantine_path(account.file_digest)
        with appearing_privately(path, self.lake.settings.quarantine_dir) as part:
            self.engine.execute(f"""
                copy (select {columns}, refused_rows.* from refused_rows order by line)
                to {literal(str(part))} {PARQUET}
            """)
        by_reason = count_by_reason(self.engine, path)
        total = sum(rows.count for rows in by_reason.values())
        return account.model_copy(update={"quarantined_count": total, "quarantined": by_reason})

    def _accept_rows(self, account: FileAccount, number: int) -> FileAccount:
        """Write the sound rows of the slice that the engine holds."""
        terms = self.lake.table.terms
        self._find_duplicates(account)
        show_accepted(self.engine)
        normalise_identifiers(self.engine, terms)
        accepted = self._write_accepted(account, number)
        self.engine.execute("insert into seen_rows select _hash from accepted_marks")
        return account.model_copy(
            update={
                "accepted_count": account.accepted_count + accepted,
                "duplicate_count": account.duplicate_count + count(self.engine, "duplicate_rows"),
                "not_normalised": add_counts(account.not_normalised, count_not_normalised(self.engine, terms)),
                "parts": account.parts + ([number] if accepted else []),
            }
        )

    def _find_duplicates(self, account: FileAccount) -> None:
        terms = self.lake.table.terms
        if not self._remembers_lake:
            remember_rows(self.engine, terms, self.lake.relation())
            self._remembers_lake = True
        find_duplicates(self.engine, terms)
        if has_seen_any(self.engine):
            there = f"({self.lake.relation()}) union all by name ({self.lake.relation_of([account])})"
            find_duplicates_of_lake(self.engine, terms, there)

    def _write_accepted(self, account: FileAccount, number: int) -> int:
        if not count(self.engine, "accepted_marks"):
            return 0
        path = self.lake.rows_path(account, number)
        terms = self.lake.table.terms
        columns = ", ".join(quoted(name) for name in lake_columns(terms))
        # The rows lie in order already; only a join may change it.
        order = " order by _line" if terms.identifiers or count(self.engine, "duplicate_rows") else ""
        with appearing(path) as part:
            self.engine.execute(f"""
                copy (
                    select {columns} from (
                        select *, {literal(account.file_digest)} as _file_digest,
                            {literal(str(account.load_date))}::DATE as _load_date
                        from ({select_normalised(terms)})
                    ){order}
                ) to {literal(str(part))} {PARQUET}
            """)
        return count(self.engine, f"read_parquet({literal(str(path))})")


def _add(account: FileAccount, piece: Slice) -> FileAccount:
    return account.model_copy(
        update={
            "read_count": account.read_count + piece.row_count,
            "unknown_columns": add_counts(account.unknown_columns, piece.unknown_columns),
            "missing_columns": list(piece.missing_columns),
        }
    )


def _too_many_quarantined(account: FileAccount, lake: TableLake) -> FileRefused | None:
    allowed = lake.table.terms.max_quarantined_rate
    if account.quarantined_count <= allowed * account.read_count:
        return None
    rate = account.quarantined_count / account.read_count
    reasons = "; ".join(
        f"{reason} {rows.count} (line {', '.join(map(str, rows.lines))}{', …' if rows.count > len(rows.lines) else ''})"
        for reason, rows in account.quarantined.items()
    )
    encoding = "" if "bad_encoding" not in account.quarantined else " If it is Latin-1, declare `encoding: latin-1`."
    return FileRefused(
        "too_many_quarantined",
        f"{account.quarantined_count} of its {account.read_count} rows are refused ({rate:.1%}, allowed "
        f"{allowed:.1%}): {reasons}.",
        f"Ask for a correct export, or raise max_quarantined_rate in the contract.{encoding}",
    )


def _refuse(account: FileAccount, refusal: FileRefused, load_date: date, lake: TableLake) -> FileAccount:
    is_let_pass = lake.table.terms.drift == "quarantine" and refusal.reason == "columns_differ"
    return account.model_copy(
        update={
            "status": "refused",
            "load_date": load_date,
            "reason": refusal.reason,
            "explanation": str(refusal),
            "stops_run": not is_let_pass,
            "accepted_count": 0,
            "duplicate_count": 0,
            "quarantined_count": account.read_count,
            "not_normalised": {},
            "parts": [],
        }
    )


def _check_balance(account: FileAccount) -> None:
    if not account.is_balanced:
        raise C360Error(
            f"{account.source_name}/{account.file_name}: read {account.read_count} rows, but accepted "
            f"{account.accepted_count}, dropped {account.duplicate_count} duplicates and quarantined "
            f"{account.quarantined_count}. The file was not loaded. Keep it and report this: it is a fault of c360."
        )
