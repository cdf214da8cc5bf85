"""How much of an endpoint's capacity a run uses: rows judged over the ideal for its concurrency.

    python benchmarks/judge_throughput.py --rows 8000 --concurrency 64 --rounds 1

A server process on loopback answers after a random delay (uniform, 100 to 300 ms), five in a
hundred after ten times that. Ideal is the sum of all delays over the concurrency: every line busy
all the time, no work in between. `--faults` lets that share of requests fail first (HTTP 500).
"""

import argparse
import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from curate import plan
from curate.api import Context, Filter, Generator, Inner, Judge, Message, Prompt, Verdict
from curate.dialogue import Flow, drive
from curate.engine.run import Options, run
from curate.generators.openai import OpenAI
from curate.io import sources
from curate.registry import Entry, Registry, resolve

LOW, HIGH, SLOW_SHARE, SLOW = 0.1, 0.3, 0.05, 10


class Asks(Filter):
    """Asks a model about each response, a few times in a row."""

    name: ClassVar[str] = "asks"
    concurrent: ClassVar[bool] = True
    generator: Inner[Generator]
    rounds: int = 1

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        with self.generator.open(ctx) as talker:
            yield lambda records: drive([self._flow(each.id) for each in records], talker.generate)

    def _flow(self, name: str) -> Flow[Verdict]:
        for number in range(self.rounds):
            yield Prompt((Message("user", f"{name} {number}"),))
        return Verdict(0.0)


def delay(text: str) -> float:
    rng = Random(text)
    return rng.uniform(LOW, HIGH) * (SLOW if rng.random() < SLOW_SHARE else 1)


def serve(pipe: Connection, faults: float) -> None:
    failed: set[str] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                size = int(head.partition("content-length:")[2].split("\r\n")[0])
                text = json.loads(await reader.readexactly(size))["messages"][0]["content"]
                if text not in failed and Random(f"fault {text}").random() < faults:
                    failed.add(text)
                    writer.write(response(500, {"error": {"message": "scripted"}}))
                    continue
                await asyncio.sleep(delay(text))
                choice = {"message": {"content": "fine"}, "finish_reason": "stop"}
                writer.write(response(200, {"model": "m", "choices": [choice]}))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def response(status: int, body: dict[str, Any]) -> bytes:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(content)}\r\n\r\n".encode() + content


def measure(rows: int, concurrency: int, rounds: int, faults: float, workers: int) -> None:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=serve, args=(theirs, faults), daemon=True
    )
    server.start()
    options = {"model": "m", "base_url": f"http://127.0.0.1:{ours.recv()}/v1"}
    generator = {"use": "openai", "with": options | {"concurrency": concurrency}}
    step = {"use": "asks", "with": {"generator": generator, "rounds": rounds}}
    kit = Registry(
        {"asks": Entry(Asks, "benchmark", "1")}, {"openai": Entry(OpenAI, "benchmark", "1")}
    )
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name, "corpus.jsonl")
        messages = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
        lines = (json.dumps({"id": f"r{n}", "messages": messages}) for n in range(rows))
        corpus.write_text("\n".join(lines))
        ready = resolve(plan.Plan.model_validate({"steps": [step]}), kit)
        ctx = Context(cache=Path(name, "cache"))
        begun, cpu = time.perf_counter(), time.process_time()
        facts = run(
            ready, sources.expand([str(corpus)]), Path(name, "out"),
            Options("threads", workers), ctx,
        )  # fmt: skip
        wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    server.kill()
    assert facts["counts"]["kept"] == rows
    asked = rows * rounds
    ideal = sum(delay(f"r{n} {k}") for n in range(rows) for k in range(rounds)) / concurrency
    print(
        f"{rows} rows x {rounds} rounds, concurrency {concurrency}, {workers} segments at once, "
        f"faults {faults:.0%}: {wall:.1f} s, ideal {ideal:.1f} s: {ideal / wall:.1%} of the ideal; "
        f"{asked / wall:.0f} requests/s, {1000 * cpu / asked:.2f} ms of CPU a request"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=8000)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--faults", type=float, default=0.0)
    parser.add_argument("--workers", type=int, default=4, help="segments at once")
    given = parser.parse_args()
    measure(given.rows, given.concurrency, given.rounds, given.faults, given.workers)


if __name__ == "__main__":
    main()
