"""What is said of a broken plugin quotes nothing that the plugin said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.engine.judging import failure
from curate.gate.breakdowns import unquoted


@given(st.text(), st.sampled_from(["ValueError", "Odd", "KeyError"]))
def test_nothing_behind_the_type_is_said(said: str, kind: str):
    told = unquoted(failure("s", "c.jsonl:1", f"{kind}: {said}"))
    assert told == unquoted(failure("s", "c.jsonl:1", f"{kind}: "))
    assert told.startswith(f"step 's' failed on c.jsonl:1: {kind}; ")


@pytest.mark.parametrize(
    ("message", "begins"),
    [
        ("AKIA: a: b", "a plugin broke; "),
        ('step "o\'s" cannot be opened: OSError: AKIA', 'step "o\'s" cannot be opened: OSError; '),
        ("step 's': the rewriter's answer for c:1 names 'AKIA'", "step 's'; "),
        ("step 's' failed on 3 records, more than max_errors: 2", "step 's' failed on 3 records"),
    ],
)
def test_what_the_engine_says_stays(message: str, begins: str):
    assert unquoted(message).startswith(begins)
    assert "AKIA" not in unquoted(message)
