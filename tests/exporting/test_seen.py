"""What is remembered of rows while they are looked at has bounds."""

from curate.exporting.seen import WIDEST, Seen


def test_of_very_many_keys_only_so_many_are_taken_in_as_show_that_they_are_no_fields():
    seen = Seen()
    for start in range(0, 5 * WIDEST, 10):
        seen.take({str(n): n for n in range(start, start + 10)})
    assert len(seen.fields) == WIDEST + 1
