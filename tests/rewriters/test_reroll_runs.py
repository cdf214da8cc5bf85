"""A run that has another teacher answer: cut off, taken up again, played back; and one redacts."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks import files_of
from curate import plan, registry
from curate.api import Context
from curate.engine.run import Options, run
from curate.errors import OutageError
from curate.io import sources
from curate.registry import Entry
from curate.rewriters.redact import Redact
from curate.rewriters.reroll import Reroll
from endpoints import Asked, Endpoint, Reply, answer, serving

REWRITERS = {cls.name: Entry(cls, "tests", "1") for cls in (Redact, Reroll)}


def go(step: dict[str, Any], corpus: Path, out: Path, ctx: Context) -> dict[str, Any]:
    known = replace(registry.load(), rewriters=REWRITERS)
    resolved = registry.resolve(plan.loads(json.dumps({"steps": [step]})), known)
    options = Options("threads", lines=20, workers=2)
    return run(resolved, sources.expand([str(corpus)]), out, options, ctx)


def corpus(folder: Path, responses: list[str]) -> Path:
    """Rows of two teachers in turn."""
    path = folder / "corpus.jsonl"
    path.write_text("".join(
        json.dumps({
            "messages": [
                {"role": "user", "content": f"question {n}"},
                {"role": "assistant", "content": text},
            ],
            "metadata": {"teacher": ("gpt-4", "claude-3")[n % 2]},
        }) + "\n"
        for n, text in enumerate(responses)
    ))  # fmt: skip
    return path


def rerolling(endpoint: Endpoint) -> dict[str, Any]:
    model = {"model": "gpt-5", "base_url": endpoint.url, "retries": 0, "concurrency": 4}
    rewrite = {"use": "reroll", "with": {"generator": {"use": "openai", "with": model}}}
    return {
        "use": "regex",
        "with": {"patterns": {"certainly": "Certainly"}},
        "do": {"rewrite": rewrite, "otherwise": "keep", "tries": 3},
    }


def test_an_outage_ends_the_run_and_the_same_command_pays_only_for_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("httpx")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    file = corpus(tmp_path, [f"Certainly! It is {n}." for n in range(100)])
    gone = [True]

    def script(asked: Asked) -> Reply:
        if gone and asked.said == "question 51":
            return Reply({}, 503)
        if asked.said == "question 3" and asked.time == 0:
            return answer("Certainly it is three.")
        return answer(f"The answer to {asked.said}.")

    with serving(script) as endpoint:
        ctx, step = Context(cache=tmp_path / "cache"), rerolling(endpoint)
        with pytest.raises(OutageError, match="does not answer"):
            go(step, file, tmp_path / "out", ctx)
        assert not (tmp_path / "out" / "run.json").exists()
        gone.clear()
        facts = go(step, file, tmp_path / "out", ctx)
        asked = endpoint.texts()
        go(step, file, tmp_path / "again", replace(ctx, replay=True))
        assert endpoint.texts() == asked
    assert files_of(tmp_path / "out") == files_of(tmp_path / "again")
    told = facts["steps"][0]["rewrite"]
    assert told["teachers"] == [["claude-3", "gpt-5", 50]]
    assert told["reasons"] == {"same_family": 50}
    assert told["refused"] == {"still_hit": 1}
    assert set(asked) == {f"question {n}" for n in range(1, 100, 2)}
    assert (
        sum(asked.values()) <= 50 + 1 + 1 + 4
    )  # asked again: a refused text, what failed, what was on its way

    rows = [json.loads(line) for line in (tmp_path / "out" / "kept.jsonl").read_text().splitlines()]
    assert rows[2]["messages"][1]["content"] == "Certainly! It is 2."
    assert rows[3]["messages"][1]["content"] == "The answer to question 3."
    assert [row["metadata"]["teacher"] for row in rows] == ["gpt-4", "gpt-5"] * 50


def test_redacting_goes_on_until_nothing_is_left(tmp_path: Path) -> None:
    """`regex` lists 20 spans of a record, and what it lists next is no further try."""
    counts = (0, 1, 30, 60, 90)
    file = corpus(tmp_path, ["It is " + "1 " * count + "now." for count in counts])
    step = {
        "use": "regex",
        "with": {"patterns": {"number": r"\d"}},
        "do": {"rewrite": {"use": "redact", "with": {"template": "N"}}, "tries": 1},
    }
    facts = go(step, file, tmp_path / "out", Context())
    rows = [json.loads(line) for line in (tmp_path / "out" / "kept.jsonl").read_text().splitlines()]
    texts = [row["messages"][1]["content"] for row in rows]
    assert texts == ["It is " + "N " * count + "now." for count in counts]
    assert [row["metadata"]["teacher"] for row in rows] == ["gpt-4", "claude-3"] * 2 + ["gpt-4"]
    assert facts["steps"][0]["rewrite"]["reasons"] == {}
