import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curate.filters.overlap.words import located, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The answer's 3+4 = 7.", ["the", "answer", "s", "3", "4", "7"]),
        ("STRASSE straße ﬁn", ["strasse", "strasse", "fin"]),
        ("cafe\u0301 café", ["café", "café"]),
        ("soft\u00adhyphen jo\u200diner", ["softhyphen", "joiner"]),
        ("a_b—c…d", ["a", "b", "c", "d"]),
        ("東京 tower", ["東", "京", "tower"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("x² ½", ["x2", "1", "2"]),
        ("\ud83d lone 👍", ["lone"]),
        (" \n\t", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_words_stand_where_they_are_written() -> None:
    text = "(Well-known,\u00a0東京!) 👍 FIN\u00adE ½"
    found = [text[start:end] for start, end in located(text)]
    assert found == ["Well", "known", "東", "京", "FIN\u00adE", "½", "½"]


@given(st.text(st.one_of(st.characters(), st.sampled_from("aé -'½東\u0301\u00adﷺ\u200b\u2028"))))
@example("\u0301a \u0301")
def test_every_word_has_a_place_that_holds_it(text: str) -> None:
    found = words(text)
    places = located(text)
    assert len(places) == len(found)
    assert all(
        word in words(text[slice(*place)]) for word, place in zip(found, places, strict=True)
    )
    assert places == sorted(places)


@pytest.mark.parametrize("text", ["ภาษาไทย", "ພາສາລາວ", "မြန်မာ", "ភាសាខ្មែរ", "བོད་སྐད", "日本語の文"])
def test_a_script_without_blanks_has_a_word_a_character(text: str):
    assert len(words(text)) >= 5
    assert len(words(text)) == len(located(text))
