"""One landed file into the lake: every row accepted, a duplicate, or in quarantine with its line and reason."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from c360.core.errors import C360Error
from c360.core.files import appearing
from c360.sources.accounts import FileAccount
from c360.sources.casting import literal, quoted
from c360.sources.identifiers import count_not_normalised, normalise_identifiers, select_normalised
from c360.sources.judge import (
    find_duplicates,
    find_duplicates_of_lake,
    has_seen_any,
    judge_rows,
    remember_rows,
    show_accepted,
)
from c360.sources.lake import TableLake, appearing_privately, lake_columns
from c360.sources.quarantine import count_by_reason
from c360.sources.readers import READERS
from c360.sources.refusal import FileRefused
from c360.sources.rows_as_text import Reading, count

_PARQUET = "(format parquet, compression zstd)"


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
        try:
            account, refusal = self._read_file(account, path)
        except FileRefused as unreadable:
            refusal = unreadable
        if refusal:
            self.lake.keep_refused_bytes(path, digest)
            account = _refuse(account, refusal, refused_on or self.as_of)
        else:
            account = self._accept_rows(account)
        _check_balance(account)
        self.lake.commit(account)
        return account

    def _read_file(self, account: FileAccount, path: Path) -> tuple[FileAccount, FileRefused | None]:
        reading = self._judge(path)
        account = self._quarantine_rows(account, reading)
        return account, _too_many_quarantined(account, self.lake)

    def _judge(self, path: Path) -> Reading:
        terms = self.lake.table.terms
        try:
            reading = READERS[terms.format](self.engine, path, terms)
            judge_rows(self.engine, terms)
        except (duckdb.DataError, duckdb.InvalidInputException, duckdb.IOException) as error:
            # The engine's own message quotes the row.
            raise FileRefused(
                "unreadable",
                f"The engine stumbles over it ({type(error).__name__}), while reading or while weighing a refuse rule.",
                "See whether the contract's refuse rules hold for any value, and ask for the export again.",
            ) from None
        return reading

    def _quarantine_rows(self, account: FileAccount, reading: Reading) -> FileAccount:
        """Write the refused rows, if there are any, and account for them as the written file tells it."""
        found = {"read_count": reading.row_count, "unknown_columns": reading.unknown_columns}
        names = {
            "source_name": account.source_name,
            "table_name": account.table_name,
            "file_digest": account.file_digest,
            "run_id": account.run_id,
        }
        self.engine.execute(f"""
            create or replace temp view refused_rows as
            select {", ".join(f"{literal(value)} as {name}" for name, value in names.items())}, _line as line,
                _reason as reason, _row as row_as_text, is_readable
            from (
                select _line, _reason, _row, false as is_readable from unreadable_rows
                union all
                select _line, _reason, {reading.row} as _row, true as is_readable
                from rows_as_text join (select _line, _reason from judged_rows where _reason is not null) using (_line)
            )
        """)
        if not count(self.engine, "unreadable_rows") + count(self.engine, "judged_rows where _reason is not null"):
            return account.model_copy(update=found)
        path = self.lake.quarantine_path(account.file_digest)
        with appearing_privately(path, self.lake.settings.quarantine_dir) as part:
            self.engine.execute(f"copy (from refused_rows order by line) to {literal(str(part))} {_PARQUET}")
        by_reason = count_by_reason(self.engine, path)
        total = sum(rows.count for rows in by_reason.values())
        return account.model_copy(update=found | {"quarantined_count": total, "quarantined": by_reason})

    def _accept_rows(self, account: FileAccount) -> FileAccount:
        terms = self.lake.table.terms
        self._find_duplicates()
        show_accepted(self.engine, terms)
        normalise_identifiers(self.engine, terms)
        account = account.model_copy(
            update={
                "accepted_count": self._write_accepted(account),
                "duplicate_count": count(self.engine, "duplicate_rows"),
                "not_normalised": count_not_normalised(self.engine, terms),
            }
        )
        self.engine.execute("insert into seen_rows select _hash from accepted_rows")
        return account

    def _find_duplicates(self) -> None:
        terms = self.lake.table.terms
        if not self._remembers_lake:
            remember_rows(self.engine, terms, self.lake.relation())
            self._remembers_lake = True
        find_duplicates(self.engine, terms)
        if has_seen_any(self.engine):
            find_duplicates_of_lake(self.engine, terms, self.lake.relation())

    def _write_accepted(self, account: FileAccount) -> int:
        if not count(self.engine, "accepted_rows"):
            return 0
        path = self.lake.rows_path(account)
        columns = ", ".join(quoted(name) for name in lake_columns(self.lake.table.terms))
        with appearing(path) as part:
            self.engine.execute(f"""
                copy (
                    select {columns} from (
                        select *, {literal(account.file_digest)} as _file_digest,
                            {literal(str(account.load_date))}::DATE as _load_date
                        from ({select_normalised(self.lake.table.terms)})
                    ) order by _line
                ) to {literal(str(part))} {_PARQUET}
            """)
        return count(self.engine, f"read_parquet({literal(str(path))})")


def _too_many_quarantined(account: FileAccount, lake: TableLake) -> FileRefused | None:
    allowed = lake.table.terms.max_quarantined_rate
    if account.quarantined_count <= allowed * account.read_count:
        return None
    rate = account.quarantined_count / account.read_count
    reasons = "; ".join(
        f"{reason} {rows.count} (line {', '.join(map(str, rows.lines))}{', …' if rows.count > len(rows.lines) else ''})"
        for reason, rows in account.quarantined.items()
    )
    return FileRefused(
        "too_many_quarantined",
        f"{account.quarantined_count} of its {account.read_count} rows are refused ({rate:.1%}, allowed "
        f"{allowed:.1%}): {reasons}.",
        "Ask for a correct export, or raise max_quarantined_rate in the contract.",
    )


def _refuse(account: FileAccount, refusal: FileRefused, load_date: date) -> FileAccount:
    return account.model_copy(
        update={
            "status": "refused",
            "load_date": load_date,
            "reason": refusal.reason,
            "explanation": str(refusal),
            "quarantined_count": account.read_count,
        }
    )


def _check_balance(account: FileAccount) -> None:
    if not account.is_balanced:
        raise C360Error(
            f"{account.source_name}/{account.file_name}: read {account.read_count} rows, but accepted "
            f"{account.accepted_count}, dropped {account.duplicate_count} duplicates and quarantined "
            f"{account.quarantined_count}. The file was not loaded. Keep it and report this: it is a fault of c360."
        )
