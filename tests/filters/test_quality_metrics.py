import pytest
from hypothesis import given

from curate.filters.quality.metrics import METRICS
from curate.filters.quality.text import Text
from curate.filters.quality.words import english, whitespace
from quality_texts import texts

DUPLICATES = "one\ntwo\none\n\ntwo\none"

CASES = [
    ("characters", "abc de", 6),
    ("words", "abc, de", 3),
    ("mean_word_length", "abc, de", 6 / 3),
    ("non_symbol_words", "abc, 12 !!", 2),
    ("mean_non_symbol_word_length", "abc, 12 !!", 5 / 2),
    ("hash_word_ratio", "# a b c", 1 / 4),
    ("ellipsis_word_ratio", "a ... b\u2026", 2 / 4),
    ("symbol_word_ratio", "# a ... b\u2026", 2 / 5),
    ("bullet_line_fraction", " - a\n\u2022 b\nc\n\n-d", 3 / 4),
    ("ellipsis_line_fraction", "a...\nb\u2026 \nc\nd.", 2 / 4),
    ("alpha_word_ratio", "a1 b 12 !", 2 / 4),
    ("stop_words", "the the of The theory", 2),
    ("alphanumeric_ratio", "ab1 .", 3 / 5),
    ("lorem_ipsum", "Lorem Ipsum dolor. lorem ipsum", 2),
    ("curly_brackets", "{a} {", 2),
    ("line_punct_ratio", "A line.\nand one\n \nDone!\r\nno", 2 / 4),
    ("short_line_ratio", "short\n" + "x" * 30 + "\n" + "x" * 31, 2 / 3),
    ("char_dup_ratio", DUPLICATES, 9 / 15),
    ("new_line_ratio", "a b\nc d\n", 2 / 4),
    ("duplicate_paragraph_fraction", "\n\na b\n\nc\n\n\na b", 1 / 3),
    ("duplicate_paragraph_char_fraction", "a b\n\nc\n\na b", 3 / 11),
    ("duplicate_line_fraction", DUPLICATES, 3 / 5),
    ("duplicate_line_char_fraction", DUPLICATES, 9 / len(DUPLICATES)),
    ("top_2_gram_char_fraction", "a b c a b", 6 / 9),
    ("top_3_gram_char_fraction", "a b c a b c", 10 / 11),
    ("top_4_gram_char_fraction", "a b c d", 7 / 7),
    ("duplicate_5_gram_char_fraction", "a b c d e a b c d e", 5 / 19),
    ("duplicate_10_gram_char_fraction", "a b c d e a b c d e", 0),
]


@pytest.mark.parametrize(("name", "text", "value"), CASES)
def test_measures(name: str, text: str, value: float) -> None:
    assert METRICS[name].measure(Text(text, english())) == value


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
@pytest.mark.parametrize("text", ["", " \n\r\n", "\n", "...", "\ud800"])
def test_every_metric_has_a_number_for_odd_texts(metric, text: str) -> None:
    assert metric.measure(Text(text, english())) >= 0


@given(texts)
def test_bounds_hold_the_value(text: str) -> None:
    for split in (english(), whitespace):
        for metric in METRICS.values():
            if metric.bounds is not None:
                low, high = metric.bounds(Text(text, split))
                assert low <= metric.measure(Text(text, split)) <= high, metric.name


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        pytest.param("One good sentence. And two!", 2, id="two"),
        pytest.param('He said "go on"', 1, id="closing-quote"),
        pytest.param("No terminal punctuation here", 0, id="unterminated"),
        pytest.param("It goes on and on...", 0, id="ellipsis"),
        pytest.param("Too short.", 0, id="two-words"),
        pytest.param("We turn on JavaScript here.", 0, id="javascript"),
        pytest.param("Read our Privacy Policy first.", 0, id="policy"),
        pytest.param("A cited fact stands here.[12]", 1, id="citation"),
        pytest.param(f"One {'x' * 1001} word.", 0, id="very-long-word"),
    ],
)
def test_c4_counts_sentences_of_lines_it_would_keep(line: str, sentences: int) -> None:
    other = "Here is another line."
    assert METRICS["c4_sentences"].measure(Text(f"{line}\n{other}", english())) == sentences + 1


def test_crlf_ends_a_line_as_lf_does() -> None:
    unix = "one\n\ntwo\n\nthree\n\none"
    for name in ("duplicate_line_fraction", "duplicate_paragraph_fraction", "short_line_ratio"):
        measure = METRICS[name].measure
        crlf = Text(unix.replace("\n", "\r\n"), english())
        assert measure(crlf) == measure(Text(unix, english())), name
