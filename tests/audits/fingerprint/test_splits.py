"""Which prompts are held out together."""

from curate.audits.fingerprint.splits import HELD, held_out

PROMPTS = [f"prompt {n // 3}" for n in range(300)]


def test_no_prompt_is_on_both_sides() -> None:
    held = held_out(PROMPTS, 0, 0)
    sides = [{p for p, out in zip(PROMPTS, held, strict=True) if out is side} for side in (0, 1)]
    assert not sides[0] & sides[1]
    assert held.mean() == HELD


def test_order_changes_nothing() -> None:
    there, back = held_out(PROMPTS, 1, 5), held_out(PROMPTS[::-1], 1, 5)
    assert (there == back[::-1]).all()


def test_splits_and_seeds_differ() -> None:
    assert (held_out(PROMPTS, 0, 0) != held_out(PROMPTS, 1, 0)).any()
    assert (held_out(PROMPTS, 0, 0) != held_out(PROMPTS, 0, 1)).any()
