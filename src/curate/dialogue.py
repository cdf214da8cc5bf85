"""Conversations with a model, written once as generators, asked in batches.

A flow yields a prompt and is sent the completion, as often as it needs, and returns its result:

    def judge(record):
        first = yield Prompt((Message("user", question(record)),))
        return read(first.text)

`drive` runs many flows side by side and asks one batch per round, so a flow never knows whether
its model is a server, a GPU or a file, and a test can step through it with `next` and `send`.
"""

from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

from curate.api import Completion, Prompt
from curate.errors import PluginError

Result = TypeVar("Result")
Flow = Generator[Prompt, Completion, Result]
Generate = Callable[[Sequence[Prompt]], Sequence[Completion]]


def drive(flows: Sequence[Flow[Result]], generate: Generate) -> list[Result]:
    """Run the flows to their ends and return their results, in order.

    Raises:
        PluginError: the generator gave another number of completions than it got prompts.
        CurateError: whatever a flow or the generator raises.
    """
    results: dict[int, Result] = {}
    waiting: dict[int, Prompt] = {}
    for number, flow in enumerate(flows):
        _step(number, lambda flow=flow: next(flow), waiting, results)  # type: ignore[misc]
    while waiting:
        numbers = list(waiting)
        completions = generate([waiting[number] for number in numbers])
        if len(completions) != len(numbers):
            raise PluginError(
                f"the generator gave {len(completions)} completions for {len(numbers)} prompts; "
                "it must give one per prompt, in order"
            )
        waiting = {}
        for number, completion in zip(numbers, completions, strict=True):
            flow = flows[number]
            _step(number, lambda f=flow, c=completion: f.send(c), waiting, results)  # type: ignore[misc]
    return [results[number] for number in range(len(flows))]


def _step(
    number: int,
    advance: Callable[[], Prompt],
    waiting: dict[int, Prompt],
    results: dict[int, Result],
) -> None:
    try:
        waiting[number] = advance()
    except StopIteration as end:
        results[number] = end.value
