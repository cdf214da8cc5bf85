"""What is left of a text."""

import pytest

from curate.audits.fingerprint import texts

MARKED = """# Title

Here is **bold**, _leaning_ and `code` with a [link](http://x.y):

1. First
2. Second
   - inner *star*

| a | b |
|---|---|
| 1 | 2 |

```python
x = a_b * 2
```
> quoted"""


def test_markdown_is_stripped_and_words_stay() -> None:
    assert texts.strip_markdown(MARKED).splitlines() == [
        "Title",
        "Here is bold, leaning and code with a link:",
        "First",
        "Second",
        "inner star",
        "a | b",
        "1 | 2",
        "x = a_b  2",
        "quoted",
    ]


@pytest.mark.parametrize(
    "text",
    ["It costs 2.5 dollars. Yes.", "a-b and c_d", "Well: one, two.", "1984 was a year."],
)
def test_plain_text_stays(text: str) -> None:
    assert texts.strip_markdown(text) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Sure! Here it is.", "Sure!"),
        ("No stop at all", "No stop at all"),
        ("  \nA line\nAnother", "A line"),
        ("It is 2.5 dollars. More.", "It is 2.5 dollars."),
        ('He said "no." Then', 'He said "no.'),
        ("", ""),
    ],
)
def test_the_first_sentence(text: str, sentence: str) -> None:
    assert texts.first_sentence(text) == sentence


def test_shuffled_words_are_the_same_words_and_always_in_the_same_order() -> None:
    text = " ".join(map(str, range(100)))
    found = texts.shuffle_words(text)
    assert found != text
    assert sorted(found.split()) == sorted(text.split())
    assert texts.shuffle_words(text) == found


def test_marks_alone_hold_no_words() -> None:
    assert texts.marks_only("Hello, my friend!\n\n1. **It's** me") == "w , w !\n\nw . * * w * * w"


def test_words_alone_hold_no_marks() -> None:
    assert texts.words_only("Hello, *my* FRIEND!\n- it's") == "hello my friend it's"


def test_the_opening_is_three_words() -> None:
    assert texts.opening(" As an AI model, I") == "As an AI"


def test_length_alone_says_no_more_than_length() -> None:
    assert texts.length_only("x" * 1000) == texts.length_only("y" * 1010)
    assert texts.length_only("x" * 1000) != texts.length_only("x" * 1300)


@pytest.mark.parametrize("change", [*texts.ROBUSTNESS, *texts.CARRIERS], ids=lambda c: c.name)
def test_no_text_is_too_strange(change: texts.Change) -> None:
    for text in ("", " ", "\n\n", "|", "***", "\ud800", "#" * 1000, "- " * 1000, "é—“"):
        assert isinstance(change.change(text), str)
