import pytest

from c360.sources.reading.refusal import FileRefused, check_columns, shown_names


def test_only_what_looks_like_a_name_is_shown() -> None:
    """The first line of a file without a header holds a person's values: they are counted, not shown."""
    names = ["Customer ID", "prénom", "zoe@example.org", "+33612345678", "customer 0612345678", ""]
    assert shown_names(names) == "'Customer ID', 'prénom', 4 that may be values and are not shown"


def test_file_without_header_shows_nothing_of_its_first_row() -> None:
    """When few names of the contract are found, the names found are values, even if they look like names."""
    with pytest.raises(FileRefused, match="None of the contract's columns") as caught:
        check_columns(["first_name", "last_name"], ["Zoé", "Martin"])
    assert "Martin" not in str(caught.value)
    with pytest.raises(FileRefused, match="missing: 'city', 'last_name'; not in the contract: 2 others") as caught:
        check_columns(["first_name", "last_name", "city"], ["first_name", "Martin", "Lyon"])


def test_every_difference_is_named_at_once() -> None:
    """Whoever corrects the export reads all that is wrong with its columns in one message."""
    with pytest.raises(FileRefused) as caught:
        check_columns(["id", "name", "amount"], ["id", "name", "id", "extra"])
    message = str(caught.value)
    assert "missing: 'amount'" in message
    assert "not in the contract: 'extra'" in message
    assert "there twice: 'id'" in message
