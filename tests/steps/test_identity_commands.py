"""What a person does about identity by hand: explain, look ahead, decide and take back, on the command line."""

import shutil
import sys
from dataclasses import dataclass

import pytest
from identified import PEOPLE, RULES, People

from c360.cli import main
from c360.core.warehouse import open_warehouse

ANNS_ADDRESS = "ann@example.com"
NAMED = [
    f"ann email:{ANNS_ADDRESS} name:ann",
    f"ann_again email:{ANNS_ADDRESS} phone:+33600000001 name:ann",
    "anns_card phone:+33600000001",
]
WITHOUT_PHONE = RULES.replace("phone: {}", "phone: {blocked: ['1']}")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    exit_code: int
    output: str
    error: str

    @property
    def words(self) -> str:
        """What was printed, without lines and frames."""
        return " ".join(self.output.replace("│", " ").split())


@dataclass(frozen=True)
class Terminal:
    """The command line, in the data folder of some people."""

    people: People
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def call(self, *arguments: str) -> Ended:
        """Run `c360 <arguments>`, in an evening of July."""
        settings = self.people.settings
        self.monkeypatch.setenv("C360_DATA_DIR", str(settings.data_dir))
        self.monkeypatch.setenv("C360_IDENTITY_RULES_PATH", str(settings.identity_rules_path))
        as_of = () if arguments[1] == "decisions" else ("--as-of", "2026-07-03")
        self.monkeypatch.setattr(sys, "argv", ["c360", *arguments, *as_of])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ended(int(ended.value.code or 0), *self.capsys.readouterr())


@pytest.fixture
def terminal(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    return Terminal(People(tmp_path_factory.mktemp("people")), monkeypatch, capsys)


def test_explain_prints_the_shortest_evidence_masked(terminal: Terminal) -> None:
    """Record by record, with rule, source and score; values are a trace unless somebody asks to see them."""
    terminal.people.run(NAMED)
    ann = terminal.people.customers()["ann"]

    told = terminal.call("explain", ann)
    assert told.exit_code == 0
    assert f"{ann} has 3 records. Every path begins at ann." in told.words
    assert "ann ann_again s email exact 1.000 a***@e***.com" in told.words
    assert "ann_again anns_card s phone exact 1.000 ***01" in told.words
    assert ANNS_ADDRESS not in told.output + told.error
    shown = terminal.call("explain", ann, "--other", "anns_card", "--show-values").words
    assert f"email exact 1.000 {ANNS_ADDRESS} " in shown
    assert "ann_again anns_card s phone exact 1.000 +33600000001" in shown


def test_explain_says_why_a_record_is_somebody_else_s(terminal: Terminal) -> None:
    """Another customer's record: whose it is, and the evidence that was not followed; or that there is none."""
    terminal.people.run([*NAMED, f"zoe email:{ANNS_ADDRESS} name:zoe", "lone card:5"])
    customers = terminal.people.customers()
    assert customers["zoe"] != customers["ann"]

    told = terminal.call("explain", customers["ann"], "--other", "zoe").words
    assert f"The record is not {customers['ann']}'s, it belongs to {customers['zoe']}" in told
    assert "email name_conflict 1.000 a***@e***.com" in told
    assert "nothing ties them" in terminal.call("explain", customers["ann"], "--other", "lone").words
    assert f"{customers['lone']} has one record, lone." in terminal.call("explain", customers["lone"]).words


def test_explain_masks_what_matching_compared_whatever_its_type(terminal: Terminal) -> None:
    """A birth date is a date in the warehouse, and a trace of it in the terminal."""
    terminal.people.run([*NAMED, "zoe card:5 name:zoe"])
    ann = terminal.people.customers()["ann"]
    with open_warehouse(terminal.people.settings) as warehouse:
        warehouse.execute("update pipeline.staged_records set birth_date = date '1990-02-03'")
        warehouse.execute("insert into pipeline.identity_pairs values ('ann', 'zoe', 0.5)")

    told = terminal.call("explain", ann, "--other", "zoe")
    assert (told.exit_code, told.error) == (0, "")
    assert "matching below_link_probability 0.500 first_name a*** ~ z***, birth_date = ***03" in told.words
    shown = terminal.call("explain", ann, "--other", "zoe", "--show-values").words
    assert "birth_date = 1990-02-03" in shown


def test_explain_of_who_is_not_there_says_what_to_do(terminal: Terminal) -> None:
    """Before the first run, of an unknown customer or record, and of one merged away: exit code 2 and a way out."""
    assert "c360 identify" in terminal.call("explain", "c_x").error
    terminal.people.run(["ann email:a", "cy email:c"])
    before = terminal.people.customers()
    terminal.people.run(["ann email:a", "cy email:c", "both email:a", "both_again email:c", "tie phone:1"], 2)
    terminal.people.decide("link", "ann", "cy", 2)
    terminal.people.run(["ann email:a", "cy email:c"], 3)
    [left] = set(terminal.people.customers().values())
    [gone] = set(before.values()) - {left}

    ended = terminal.call("explain", gone)
    assert ended.exit_code == 2
    assert f"{gone} is no more: they were merged into {left}" in ended.error
    assert "There is no customer c_x" in terminal.call("explain", "c_x").error
    assert "--other is not there" in terminal.call("explain", left, "--other", "somebody").error
    assert "decision" in terminal.call("explain", left).words


def test_a_split_holds_whatever_happens_and_can_be_taken_back(terminal: Terminal) -> None:
    """The next run parts them, later evidence does not join them again, a link needs --force and then does."""
    people = terminal.people
    people.run(PEOPLE)
    ann = people.customers()["ann"]
    assert terminal.call("identity", "split", ann, "--record", "anns_card", "--reason", "her sister").exit_code == 0
    people.run(PEOPLE, 2)
    parted = people.customers()
    assert parted["ann"] == parted["ann_again"] == ann
    assert parted["anns_card"] not in {ann, *(parted[one] for one in ("ben", "cy", "dee"))}

    people.run([*PEOPLE, "new email:a phone:1", "newer email:a card:9 phone:1"], 3)
    assert people.customers()["anns_card"] == parted["anns_card"]
    assert people.customers()["ann"] == ann

    refused = terminal.call("identity", "link", "ann", "anns_card")
    listed = terminal.call("identity", "decisions").words
    assert refused.exit_code == 2
    assert "contradicts what was decided before: d_" in refused.error
    assert "her sister" in listed
    assert listed.count("d_") == 1
    assert terminal.call("identity", "link", "ann", "anns_card", "--force").exit_code == 0
    people.run(PEOPLE, 4)
    assert people.customers()["anns_card"] == ann
    assert terminal.call("identity", "decisions").words.count("d_") == 2


def test_a_split_names_records_that_may_be_the_other_one_s_too(terminal: Terminal) -> None:
    """Records left with the customer that share an identifier with those split off are listed; others are not."""
    people = terminal.people
    people.run([*PEOPLE, "anns_other phone:1"])
    told = terminal.call("identity", "split", people.customers()["ann"], "--record", "anns_card").words

    assert "anns_other phone" in told
    assert "ann_again phone" in told
    assert "ann email" not in told


@pytest.mark.parametrize(
    ("records", "told"),
    [
        (["anns_card", "ben"], "Record number 2 is not one of"),
        (["nobody"], "Record number 1 of those named is not there"),
        (["ann", "ann_again", "anns_card"], "All 3 records of"),
    ],
)
def test_a_split_that_cannot_be_writes_nothing(terminal: Terminal, records: list[str], told: str) -> None:
    """Exit code 2, the reason, and no decision."""
    terminal.people.run(PEOPLE)
    named = [part for record in records for part in ("--record", record)]
    ended = terminal.call("identity", "split", terminal.people.customers()["ann"], *named)

    assert (ended.exit_code, told in ended.error) == (2, True), ended.error
    assert "decisions.jsonl" not in terminal.people.remembered()


def test_a_plan_says_who_would_change_and_writes_nothing(terminal: Terminal) -> None:
    """Counts, share, the evidence that would go, masked; exit code 5 above the share, and no byte written."""
    people = terminal.people
    people.run(NAMED)
    written, remembered = people.written(), people.remembered()
    changed = people.settings.data_dir / "changed.yml"
    changed.write_text(RULES.replace("phone: {}", "phone: {blocked: ['+336*']}"), encoding="utf-8")

    planned = terminal.call("identity", "plan", "--rules", str(changed))
    assert planned.exit_code == 5
    assert "would merge or split 100.00% of the customers, more than the 20.00%" in planned.error
    assert "customers today 1 customers under these rules 2" in planned.words
    assert "2 + 1 phone ***01 (1.00): no evidence any more" in planned.words
    assert ANNS_ADDRESS not in planned.output
    assert (people.written(), people.remembered()) == (written, remembered)

    same = terminal.call("identity", "plan")
    assert same.exit_code == 0
    assert "Nothing changes." in same.words


def test_a_plan_tells_merges_with_their_evidence(terminal: Terminal) -> None:
    """The rule that joins, the customers and how many records of each."""
    people = terminal.people
    people.change_rules(WITHOUT_PHONE)
    people.run(PEOPLE)
    customers = people.customers()
    people.change_rules(RULES)

    planned = terminal.call("identity", "plan").words
    assert "customers who would merge 2" in planned
    assert f"{customers['ann']} + {customers['anns_card']} 2 + 1 phone *** (1.00)" in planned


def test_an_approved_plan_is_followed(terminal: Terminal) -> None:
    """--yes approves exactly these rules; the next run follows them."""
    people = terminal.people
    people.run(PEOPLE)
    people.change_rules(WITHOUT_PHONE)
    assert terminal.call("identity", "plan").exit_code == 5

    assert terminal.call("identity", "plan", "--yes").exit_code == 0
    assert terminal.call("identity", "plan").exit_code == 0
    people.run(PEOPLE, 2)
    assert people.customers()["anns_card"] != people.customers()["ann"]


def test_nothing_to_plan_or_train_says_so(terminal: Terminal) -> None:
    """Before the first run there is nothing to compare; rules that compare nothing cannot learn."""
    assert "nothing to compare" in terminal.call("identity", "plan").error
    assert "compares nothing" in terminal.call("identity", "train").error


def test_training_keeps_what_matching_learned(terminal: Terminal) -> None:
    """The model is written beside the registry, and runs use it until the next time."""
    people = terminal.people
    people.change_rules(RULES.replace("matching: {is_on: false}", ""))
    people.run([f"{name}{copy} name:{name} card:{name}" for name in ("ann", "ben", "cleo", "dan") for copy in "ab"])
    learned = {path for path in people.remembered() if path.startswith("learned")}
    assert len(learned) >= 2
    shutil.rmtree(people.settings.identity_dir / "learned")

    ended = terminal.call("identity", "train")
    assert ended.exit_code == 0, ended.error
    assert "learned from 8 records" in ended.words
    assert {path for path in people.remembered() if path.startswith("learned")} == learned
