"""Every metric a rule may bound, cheapest first: the order in which rules are tried."""

from collections.abc import Callable
from dataclasses import dataclass

from curate.filters.quality import gopher, repetition, web
from curate.filters.quality.text import Interval, Text


@dataclass(frozen=True, slots=True)
class Metric:
    """One number about a text; `low` and `high` are the reasons where it is too low or too high.

    `bounds` gives two numbers the metric surely lies between, at less cost than `measure`.
    """

    name: str
    measure: Callable[[Text], float]
    low: str
    high: str
    bounds: Callable[[Text], Interval] | None = None


def _amount(
    name: str,
    measure: Callable[[Text], float],
    of: str,
    bounds: Callable[[Text], Interval] | None = None,
) -> Metric:
    """Return a metric whose reasons are too few and too many of something."""
    return Metric(name, measure, f"too_few_{of}", f"too_many_{of}", bounds)


def _named(
    name: str,
    measure: Callable[[Text], float],
    bounds: Callable[[Text], Interval] | None = None,
    reason: str = "",
) -> Metric:
    """Return a metric whose reasons are `reason`, by default its name, and low_ before it."""
    reason = reason or name
    return Metric(name, measure, f"low_{reason}", reason, bounds)


_LENGTHS = ("words_too_short", "words_too_long")

METRICS = {
    metric.name: metric
    for metric in (
        _amount("characters", lambda text: text.chars, "characters"),
        _amount("words", lambda text: text.word_count, "words"),
        _amount("non_symbol_words", gopher.non_symbol_words, "words"),
        Metric("mean_word_length", gopher.mean_word_length, *_LENGTHS),
        Metric("mean_non_symbol_word_length", gopher.mean_non_symbol_word_length, *_LENGTHS),
        _amount("hash_word_ratio", gopher.hash_word_ratio, "hashes"),
        _amount("ellipsis_word_ratio", gopher.ellipsis_word_ratio, "ellipses"),
        _amount("symbol_word_ratio", gopher.symbol_word_ratio, "symbols"),
        _amount("bullet_line_fraction", gopher.bullet_line_fraction, "bullet_lines"),
        _amount("ellipsis_line_fraction", gopher.ellipsis_line_fraction, "ellipsis_lines"),
        _amount(
            "alpha_word_ratio", gopher.alpha_word_ratio, "alpha_words", gopher.alpha_word_bounds
        ),
        _amount("stop_words", gopher.stop_words, "stop_words", gopher.stop_word_bounds),
        _amount("alphanumeric_ratio", web.alphanumeric_ratio, "alphanumerics"),
        _named("lorem_ipsum", web.lorem_ipsum),
        _named("curly_brackets", web.curly_brackets),
        _named("line_punct_ratio", web.line_punct_ratio),
        _named("short_line_ratio", web.short_line_ratio),
        _named("char_dup_ratio", web.char_dup_ratio),
        _named("new_line_ratio", web.new_line_ratio),
        _amount("c4_sentences", web.c4_sentences, "sentences"),
        _named("duplicate_paragraph_fraction", repetition.duplicate_paragraph_fraction),
        _named("duplicate_paragraph_char_fraction", repetition.duplicate_paragraph_char_fraction),
        _named("duplicate_line_fraction", repetition.duplicate_line_fraction),
        _named("duplicate_line_char_fraction", repetition.duplicate_line_char_fraction),
        *(
            _named(f"top_{n}_gram_char_fraction", *repetition.top_gram(n), f"top_{n}_gram")
            for n in (2, 3, 4)
        ),
        *(
            _named(
                f"duplicate_{n}_gram_char_fraction",
                *repetition.duplicate_gram(n),
                f"duplicate_{n}_gram",
            )
            for n in range(5, 11)
        ),
    )
}
