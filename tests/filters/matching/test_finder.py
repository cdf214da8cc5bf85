from hypothesis import given
from hypothesis import strategies as st

from curate.filters.matching.finder import cut


@given(st.text(st.sampled_from("ab \n\u2003"), max_size=60), st.integers(2, 20))
def test_parts_are_the_text_and_end_where_they_may(text: str, most: int) -> None:
    parts = list(cut(text, most))
    assert "".join(part for _, part in parts) == text
    for at, part in parts:
        assert text.startswith(part, at)
        assert len(part) <= most
    for _, part in parts[:-1]:
        late = part[most // 2 :]
        assert late[-1] == "\n" or "\n" not in late
        assert late[-1].isspace() or not any(map(str.isspace, late))


def test_a_line_break_is_better_than_a_blank_and_a_word_is_cut_only_where_it_must_be() -> None:
    assert list(cut("aa bb\ncc dd", 8)) == [(0, "aa bb\n"), (6, "cc dd")]
    assert list(cut("aa bbb cc", 8)) == [(0, "aa bbb "), (7, "cc")]
    assert list(cut("a" * 9, 4)) == [(0, "aaaa"), (4, "aaaa"), (8, "a")]
