"""An endpoint asked many things at once, from a thread of its own.

All callers share one event loop and its lines, so several segments keep the endpoint busy while
the last slow answers of one of them are on their way. An answer is kept the moment it arrives.
"""

import asyncio
import concurrent.futures
import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from typing import Any, Self

from curate.answers.budget import Budget
from curate.answers.cache import Value
from curate.answers.failures import Again, Refused, Response, payload
from curate.answers.pace import Pace
from curate.answers.patience import back_off
from curate.answers.questions import Question, Terms
from curate.answers.recall import Recall
from curate.errors import CurateError, OutageError, UsageError
from curate.extras import need

CONNECT = 10.0
"""Seconds to reach the endpoint at all."""
LONGEST_WAIT = 600.0
"""An endpoint that asks for a longer wait counts as gone."""
_POLL = 0.05
"""Seconds between two looks at a budget that is all set aside."""


class _Call:
    """One call of `Client.ask`; an error that ends it stops what has not begun."""

    def __init__(self) -> None:
        self.error: CurateError | None = None
        self._ended = asyncio.Event()

    def end(self, error: CurateError) -> CurateError:
        self.error = self.error or error
        self._ended.set()
        return error

    async def sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), seconds)


class Client:
    """Asks; `ask` may be called from any number of threads."""

    def __init__(
        self, terms: Terms, recall: Recall, budget: Budget, rng: Callable[..., Random]
    ) -> None:
        self.terms, self.recall, self.budget, self.rng = terms, recall, budget, rng
        self.proven = False
        """Whether the endpoint ever answered: if not, a refusal is about the options."""
        self._httpx = need("httpx", "judge")
        self._requests = Pace(terms.requests_per_minute)
        self._tokens = Pace(terms.tokens_per_minute)
        self._paused_until = 0.0
        self._flights: dict[str, asyncio.Task[Value]] = {}
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread
        self._lines: asyncio.LifoQueue[Any] = asyncio.LifoQueue()
        """HTTP clients that are free, as many as there may be requests at once. One client for all
        would look through all its connections at every request, which costs more than that."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        headers = {"content-type": "application/json"}
        if self.terms.key is not None:
            headers["authorization"] = f"Bearer {self.terms.key}"
        options = {
            "headers": headers,
            "verify": self._httpx.create_ssl_context(),
            "timeout": self._httpx.Timeout(None, connect=min(CONNECT, self.terms.timeout)),
            "trust_env": not self.terms.local,
        }
        for _ in range(self.terms.concurrency):
            self._lines.put_nowait(self._httpx.AsyncClient(**options))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for _ in range(self.terms.concurrency):
            await (await self._lines.get()).aclose()
        await self._loop.shutdown_default_executor()  # it looked up host names

    def ask(self, questions: Sequence[Question]) -> dict[str, Value]:
        """Return the answers by key; questions with one key are asked once.

        Raises:
            OutageError: the endpoint does not answer, or the budget is spent.
            UsageError: the key, the address, the model or an option is wrong.
            Refused: it will not answer one of them; the others were answered and kept.
        """
        future = asyncio.run_coroutine_threadsafe(self._all(questions), self._loop)
        try:
            return future.result()
        except concurrent.futures.CancelledError:
            raise OutageError("the run ended while answers were on their way") from None
        except KeyboardInterrupt:
            future.cancel()
            raise

    async def _all(self, questions: Sequence[Question]) -> dict[str, Value]:
        call = _Call()
        flights = {question.key: self._flight(question, call) for question in questions}
        outcomes = await asyncio.gather(*flights.values(), return_exceptions=True)
        failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failed:
            raise self._worst(failed)
        return dict(zip(flights, outcomes, strict=True))  # type: ignore[arg-type]

    def _worst(self, failed: Sequence[BaseException]) -> BaseException:
        for error in failed:
            if isinstance(error, CurateError | asyncio.CancelledError):
                return error
        if isinstance(failed[0], Refused) and not self.proven:
            return UsageError(f"{failed[0]}. It has answered nothing yet: check the options")
        return failed[0]

    def _flight(self, question: Question, call: _Call) -> asyncio.Task[Value]:
        """Return the task that gets the answer, one for everybody who asks the same."""
        task = self._flights.get(question.key)
        if task is None:
            task = self._loop.create_task(self._answer(question, call))
            self._flights[question.key] = task
            task.add_done_callback(lambda _: self._flights.pop(question.key))
        return task

    async def _answer(self, question: Question, call: _Call) -> Value:
        """Wait for a line and hold it until the question is answered or given up."""
        line = await self._lines.get()
        try:
            if call.error is not None:
                raise call.error
            known = self.recall.find([question.key])  # another process may have been quicker
            return known[question.key] if known else await self._insist(question, line, call)
        except CurateError as error:
            raise call.end(error) from None
        finally:
            self._lines.put_nowait(line)

    async def _insist(self, question: Question, line: Any, call: _Call) -> Value:
        """Ask until there is an answer.

        The line stays taken between two tries, so an endpoint in trouble is asked less.
        """
        for attempt in range(1, self.terms.retries + 2):
            try:
                return await self._ask(question, line)
            except Again as failure:
                reason, wait = str(failure), failure.wait or 0.0
            if wait > LONGEST_WAIT:
                reason = f"it asks to wait {wait:,.0f} s; {reason}"
                break
            if attempt <= self.terms.retries:
                rng = self.rng("back-off", question.key, attempt)
                await call.sleep(max(wait, back_off(attempt, rng)))
            if call.error is not None:
                raise call.error
        raise OutageError(self._gone(question, reason, attempt))

    def _gone(self, question: Question, reason: str, tries: int) -> str:
        times = "once" if tries == 1 else f"{tries} times"
        return (
            f"{self.terms.url} does not answer, asked {times}: {reason} (the prompt "
            f"ends {question.words}). What was answered is kept: run the same command again"
        )

    async def _ask(self, question: Question, line: Any) -> Value:
        """Send one request, within budget and pace, and keep its answer."""
        price = self.terms.price
        aside = price.cost(question.tokens_in, question.tokens_out) if price else 0.0
        while not self.budget.set_aside(aside):
            await asyncio.sleep(_POLL)
        cost = 0.0
        try:
            await self._turn(question)
            response = await self._post(question, line)
            value = question.read(payload(response, self.terms.key_name, self.terms.key))
            used = value["tokens_in"], value["tokens_out"]
            counted = used if any(used) else (question.tokens_in, question.tokens_out)
            cost = price.cost(*counted) if price else 0.0
            self._tokens.correct(_estimate(question), sum(counted))
            self.proven = True
            return self.recall.keep(question.key, value)
        except Again as failure:
            if failure.wait:
                until = self._loop.time() + min(failure.wait, LONGEST_WAIT)
                self._paused_until = max(self._paused_until, until)
            raise
        finally:
            self.budget.settle(aside, cost)

    async def _turn(self, question: Question) -> None:
        """Wait until the limits per minute, and an endpoint that asked for a pause, allow it."""
        now = self._loop.time()
        wait = max(self._requests.book(1, now), self._tokens.book(_estimate(question), now))
        if wait:
            await asyncio.sleep(wait)
        while (pause := self._paused_until - self._loop.time()) > 0:
            await asyncio.sleep(pause)

    async def _post(self, question: Question, line: Any) -> Response:
        content = json.dumps(question.body, separators=(",", ":")).encode("ascii")
        try:
            async with asyncio.timeout(self.terms.timeout):
                response: Response = await line.post(
                    self.terms.url + question.path, content=content
                )
                return response
        except TimeoutError:
            raise Again(f"no answer within {self.terms.timeout:g} s") from None
        except self._httpx.HTTPError as error:  # cannot connect, cut off, not HTTP
            raise Again(f"{type(error).__name__}: {error}".rstrip(": ")) from None


def _estimate(question: Question) -> float:
    """Guess how many tokens a request will count for: about four bytes are one."""
    return question.tokens_in / 4 + question.tokens_out
