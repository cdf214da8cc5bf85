"""The job's functions as data-juicer filters: a statistic per sample, then a decision on it."""

from collections.abc import Callable
from typing import ClassVar

from data_juicer.ops.base_op import OPERATORS, Filter
from data_juicer.utils.constant import Fields
from spec import good_prose, no_pattern


class _BenchFilter(Filter):
    _batched_op = True
    function: ClassVar[Callable[[str], bool]]
    key: ClassVar[str]

    def compute_stats_batched(self, samples: dict, *_: object, **__: object) -> dict:
        for text, stats in zip(samples[self.text_key], samples[Fields.stats], strict=True):
            if self.key not in stats:
                stats[self.key] = self.function(text)
        return samples

    def process_batched(self, samples: dict) -> list[bool]:
        return [stats[self.key] for stats in samples[Fields.stats]]


@OPERATORS.register_module("bench_patterns_filter")
class PatternsFilter(_BenchFilter):
    function = staticmethod(no_pattern)
    key = "bench_patterns"


@OPERATORS.register_module("bench_prose_filter")
class ProseFilter(_BenchFilter):
    function = staticmethod(good_prose)
    key = "bench_prose"
