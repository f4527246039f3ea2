"""What lies in quarantine, judged again under today's contract.

The refused rows of a loaded file, or the bytes of a refused one, are loaded for trial into a private folder, by the
same code that loads landed files and against the rows of the real lake. What passes is written beside the file's other
rows, what does not stays; then the manifest is replaced, which makes both count in one moment. A run that is killed
before has changed nothing, one that is killed after leaves only files to be removed by the next.
"""

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from c360.core.errors import C360Error
from c360.core.files import appearing
from c360.core.settings import Settings
from c360.core.sql import literal, quoted
from c360.sources.contracts.contract import Column, SourceTable, Table
from c360.sources.contracts.lake_columns import lake_columns
from c360.sources.lake.accounts import FileAccount, Replay, add_counts
from c360.sources.lake.lake import PARQUET, TableLake, appearing_privately, make_private
from c360.sources.lake.load import TableLoad
from c360.sources.lake.quarantine import REFUSED_COLUMNS, count_by_reason, refused_rows
from c360.sources.reading.formats import format_of
from c360.sources.reading.refusal import may_differ
from c360.sources.reading.rows_as_text import count
from c360.sources.values.json_paths import top_key


@dataclass(frozen=True)
class ReplayedFile:
    """What a replay changed about one file."""

    account: FileAccount
    """The file's account after the replay."""
    accepted_count: int
    duplicate_count: int


@dataclass
class TableReplay:
    """Replays what one table has in quarantine.

    Args:
        engine: An in-memory engine that nobody else uses.
        lake: Where the table's rows go.
        as_of: The load date of the rows that pass now.
        run_id: The run that replays.
    """

    engine: duckdb.DuckDBPyConnection
    lake: TableLake
    as_of: date
    run_id: str
    _trial_dir: Path = field(init=False)

    def __post_init__(self) -> None:
        self._trial_dir = self.lake.settings.quarantine_dir / ".replay"

    def replay(self) -> Iterator[ReplayedFile]:
        """Take out of quarantine what passes now, file by file, and say which accounts changed.

        Raises:
            C360Error: a row was lost on the way; the account of its file stays as it was.
        """
        accounts = self.lake.accounts().values()
        for account in accounts:
            if account.replays:
                self.lake.remove_superseded(account)
        make_private(self._trial_dir, self.lake.settings.quarantine_dir)
        try:
            yield from self._replay_all([one for one in accounts if one.status == "refused"], self.lake.table.terms)
            for name, terms in _trial_terms(self.lake.table.terms).items():
                loaded = [one for one in accounts if one.status == "loaded" and one.quarantined]
                yield from self._replay_all([one for one in loaded if _written_as(one, self.lake) == name], terms)
        finally:
            shutil.rmtree(self._trial_dir)

    def _replay_all(self, accounts: Iterable[FileAccount], terms: Table) -> Iterator[ReplayedFile]:
        trial = TableLoad(self.engine, _trial_lake(self.lake, self._trial_dir, terms), self.as_of, self.run_id)
        for account in accounts:
            changed = (
                self._retry_file(account, trial) if account.status == "refused" else self._retry_rows(account, trial)
            )
            if changed:
                yield changed
            shutil.rmtree(self._trial_dir)
            make_private(self._trial_dir, self.lake.settings.quarantine_dir)

    def _retry_file(self, account: FileAccount, trial: TableLoad) -> ReplayedFile | None:
        path = self._trial_dir / account.file_name
        path.hardlink_to(self.lake.refused_bytes(account))
        tried = trial.load(path, account.file_digest)
        if tried.status == "refused":
            return None
        self.engine.execute(f"create or replace temp view passing_rows as {_accepted(trial.lake, tried)}")
        self.engine.execute(f"create or replace temp view remaining_rows as {_refused(trial.lake, tried)}")
        # Its rows go where those of replays lie.
        moved = tried.model_copy(update={"parts": []})
        return self._keep(moved, accepted_count=tried.accepted_count, duplicate_count=tried.duplicate_count)

    def _retry_rows(self, account: FileAccount, trial: TableLoad) -> ReplayedFile | None:
        self._remember(account, trial.lake.table.terms)
        path = self._trial_dir / f"{account.file_digest}.{trial.lake.table.terms.format}"
        self._write_readable(path, trial.lake.table.terms)
        tried = trial.load(path, account.file_digest)
        if tried.status == "refused":
            return None
        self._compare(trial.lake, tried)
        accepted = count(self.engine, "passing_rows")
        duplicates = tried.duplicate_count - self._added_duplicates(trial.lake, tried)
        if not accepted + duplicates and not count(self.engine, "remaining_rows where is_changed"):
            return None
        merged = account.model_copy(
            update={
                "accepted_count": account.accepted_count + accepted,
                "duplicate_count": account.duplicate_count + duplicates,
                "not_normalised": add_counts(account.not_normalised, tried.not_normalised),
            }
        )
        return self._keep(merged, accepted_count=accepted, duplicate_count=duplicates)

    def _remember(self, account: FileAccount, terms: Table) -> None:
        """Write `old_rows`, everything of a file that lies in quarantine; `trial_line` numbers what is tried.

        What cannot be read is not tried. A row with a column that the contract no longer knows stays there, as a file
        with one would be refused, unless its table lets files differ: its value would be lost.
        """
        path = self.lake.quarantined_path(account)
        may_lose = terms.format == "jsonl" or may_differ(self.lake.table.terms)
        known = ["_extra", *(_written(name, column) for name, column in self.lake.table.terms.columns.items())]
        loses_nothing = "true" if may_lose else f"json_keys(row_as_text) <@ [{', '.join(map(literal, known))}]"
        self.engine.execute(f"""
            create or replace temp table old_rows as
            select *, case when is_tried then row_number() over (partition by is_tried order by line) end as trial_line
            from (
                select *, case when is_readable then {loses_nothing} else false end as is_tried
                from ({refused_rows([path])})
            )
        """)

    def _write_readable(self, path: Path, terms: Table) -> None:
        """Write a file with the rows to try at their trial lines."""
        if terms.format == "jsonl":
            self._write_json_lines(path, terms)
            return
        columns = self.lake.table.terms.columns.items()
        values = [
            f"{_value('json_extract_string', _written(name, column))} as {quoted(name)}" for name, column in columns
        ]
        values += [f"{_value('json_extract', name)} as {quoted(name)}" for name in self._extra_columns()]
        self.engine.execute(f"""
            copy (select {", ".join(values)} from old_rows where is_tried order by trial_line)
            to {literal(str(path))} {PARQUET}
        """)

    def _extra_columns(self) -> list[str]:
        """The columns beyond today's contract that were kept with the rows of a file, in the file's order."""
        found = self.engine.execute("""
            select list_concat(json_keys(row_as_text), json_keys(row_as_text, '$._extra'))
            from old_rows where is_tried limit 1
        """).fetchall()
        known = {"_extra", *(_written(name, column) for name, column in self.lake.table.terms.columns.items())}
        return [name for name in (found[0][0] if found else []) if name not in known]

    def _write_json_lines(self, path: Path, terms: Table) -> None:
        rows = self.engine.sql("select row_as_text from old_rows where is_tried order by trial_line")
        # A last line with every key and no value: few rows alone would pass for a file of other columns. It is at no
        # trial line, so it is dropped again.
        keys = dict.fromkeys(top_key(column.source_name or name) for name, column in terms.columns.items())
        with path.open("w", encoding="utf-8", newline="") as stream:
            for batch in rows.to_arrow_reader():
                stream.writelines(f"{row}\n" for row in batch.column(0).to_pylist())
            stream.write(json.dumps(keys) + "\n")

    def _compare(self, trial_lake: TableLake, tried: FileAccount) -> None:
        """Define `passing_rows`, accepted under their own lines, and `remaining_rows`, with today's reasons."""
        columns = ", ".join("line as _line" if name == "_line" else quoted(name) for name in _columns(self.lake))
        self.engine.execute(f"""
            create or replace temp view passing_rows as
            select {columns} from ({_accepted(trial_lake, tried)}) as passing
            join (select line, trial_line from old_rows) as old on passing._line = old.trial_line
        """)
        self.engine.execute(f"""
            create or replace temp view remaining_rows as
            select old_rows.* replace (
                    coalesce(refused.reason, old_rows.reason) as reason,
                    case when refused.reason is distinct from old_rows.reason and old_rows.is_tried
                        then refused.run_id else old_rows.run_id end as run_id
                ), old_rows.is_tried and refused.reason is distinct from old_rows.reason as is_changed
            from old_rows left join ({_refused(trial_lake, tried)}) as refused on old_rows.trial_line = refused.line
            where not old_rows.is_tried or refused.line is not null
        """)

    def _added_duplicates(self, trial_lake: TableLake, tried: FileAccount) -> int:
        """How many of the trial's duplicates are the line that was added to it and is no row."""
        row_count = count(self.engine, "old_rows where is_tried")
        accepted = count(self.engine, f"({_accepted(trial_lake, tried)}) where _line > {row_count}")
        refused = count(self.engine, f"({_refused(trial_lake, tried)}) where line > {row_count}")
        return tried.read_count - row_count - accepted - refused

    def _keep(self, account: FileAccount, accepted_count: int, duplicate_count: int) -> ReplayedFile:
        """Make `passing_rows` and `remaining_rows` count."""
        replay = Replay(
            load_date=self.as_of, run_id=self.run_id, accepted_count=accepted_count, duplicate_count=duplicate_count
        )
        account = account.model_copy(update={"replays": [*account.replays, replay]})
        if accepted_count:
            self._write("passing_rows", _columns(self.lake), self.lake.replayed_path(account, len(account.replays)))
        account = self._write_remaining(account)
        if not account.is_balanced:
            raise C360Error(
                f"{account.source_name}/{account.file_name}: a replay lost or doubled rows, so its account stays as it "
                "was. Keep the quarantine and report this: it is a fault of c360."
            )
        self.lake.commit(account)
        self.lake.remove_superseded(account)
        return ReplayedFile(account, accepted_count, duplicate_count)

    def _write(self, relation: str, columns: Iterable[str], path: Path) -> None:
        with appearing(path) as part:
            self.engine.execute(f"""
                copy (select {", ".join(map(quoted, columns))} from {relation} order by _line)
                to {literal(str(part))} {PARQUET}
            """)

    def _write_remaining(self, account: FileAccount) -> FileAccount:
        remaining = count(self.engine, "remaining_rows")
        path = self.lake.quarantine_path(account.file_digest, len(account.replays))
        by_reason = {}
        if remaining:
            with appearing_privately(path, self.lake.settings.quarantine_dir) as part:
                self.engine.execute(f"""
                    copy (select {", ".join(REFUSED_COLUMNS)} from remaining_rows order by line)
                    to {literal(str(part))} {PARQUET}
                """)
            by_reason = count_by_reason(self.engine, path)
        return account.model_copy(update={"quarantined_count": remaining, "quarantined": by_reason})


@dataclass(frozen=True)
class _TrialLake(TableLake):
    """A lake for trial, whose rows are compared with those of the real one."""

    real: TableLake

    def relation(self) -> str:
        return self.real.relation()


def _trial_lake(lake: TableLake, folder: Path, terms: Table) -> _TrialLake:
    settings: Settings = lake.settings.model_copy(update={"data_dir": folder})
    table = lake.table
    trial_table = SourceTable(table.source_name, table.table_name, table.owner, terms, table.purposes)
    return _TrialLake(settings, trial_table, lake)


def _trial_terms(terms: Table) -> dict[str, Table]:
    """What the trial files of refused rows promise, by how their rows lie in quarantine.

    Rows of JSON lines lie there as they came, all others as texts under the contract's names. A trial file is never
    refused for the share of rows that fail.
    """
    drift = "evolve" if terms.drift == "evolve" else "warn"
    lenient = terms.model_copy(update={"max_quarantined_rate": 1.0, "drift": drift, "encoding": "utf-8"})
    own_names = {name: column.model_copy(update={"source_name": None}) for name, column in terms.columns.items()}
    return {
        "jsonl": lenient.model_copy(update={"format": "jsonl"}),
        "parquet": lenient.model_copy(update={"format": "parquet", "columns": own_names}),
    }


def _written_as(account: FileAccount, lake: TableLake) -> str:
    written_as = lake.table.terms.format or format_of(Path(account.file_name))
    return "jsonl" if written_as == "jsonl" else "parquet"


def _accepted(lake: TableLake, account: FileAccount) -> str:
    return lake.relation_of([account])


def _written(name: str, column: Column) -> str:
    return column.source_name or name


def _value(extract: str, written: str) -> str:
    """A value by its column's name in the file, as SQL, whether the contract of its day knew the column or not."""
    return f"coalesce({extract}(row_as_text, {_path(written)}), {extract}(row_as_text, {_path('_extra', written)}))"


def _path(*keys: str) -> str:
    """The place of a value in a JSON object, as SQL."""
    return literal("$" + "".join(f".{json.dumps(key, ensure_ascii=False)}" for key in keys))


def _refused(lake: TableLake, account: FileAccount) -> str:
    return refused_rows([lake.quarantine_path(account.file_digest)] if account.quarantined else [])


def _columns(lake: TableLake) -> list[str]:
    return list(lake_columns(lake.table.terms))
