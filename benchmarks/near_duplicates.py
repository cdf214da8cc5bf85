"""Near duplicates: what `duplicates` by MinHash finds, what it costs, what it remembers.

    python benchmarks/near_duplicates.py found            # recall and precision, against every pair
    python benchmarks/near_duplicates.py cost [--runs 2]  # CPU beside datatrove and data-juicer
    python benchmarks/near_duplicates.py memory           # bytes a record

Runs in an environment that has curate[fast]; peers get environments of their own below --work.
Real corpora are found through CURATE_TEST_DATA. The true similarity is the Jaccard similarity of
the same shingles, as tuples of words, to every earlier record that shares one.
"""

import argparse
import json
import os
import random
import shutil
import sys
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import environments
from measure import measure

from curate import corpora, ledger
from curate.api import Context, Record
from curate.filters.duplicates import Duplicates
from curate.filters.minhash.banding import banding
from curate.filters.minhash.memory import MostSimilar
from curate.filters.minhash.sketches import SIZE
from curate.filters.minhash.words import words

HERE = Path(__file__).resolve().parent
CORPORA = {"gpteacher": "gpteacher/*.json", "just_eval": "corpora/just_eval.*.jsonl"}
THRESHOLDS = (0.5, 0.7, 0.8, 0.9)
SHINGLE, SHARDS = 5, 4
PEERS = {"datatrove": "kept/*.jsonl", "data_juicer": "kept.jsonl"}


def main() -> None:
    options = _arguments()
    if options.what == "found":
        found(options.data)
    elif options.what == "cost":
        cost(options.data, options.work.resolve(), options.runs)
    else:
        memory(options.records)


def found(data: Path) -> None:
    """Print recall and precision of hits; a true hit is as similar to an earlier record."""
    print("corpus      rows  threshold  true  hits  recall  precision  µs sign  µs admit  bytes")
    for name in CORPORA:
        rows = read(data, name)
        texts = [words(record.text("conversation")) for record in rows]
        true = true_similarities(texts)
        for threshold in THRESHOLDS:
            filter_ = Duplicates(method="minhash", threshold=threshold, shingle=SHINGLE)
            memory = filter_.memory(Context())
            begun = time.process_time()
            with filter_.signer(Context()) as sign:
                signed = [each for each in sign(rows) if isinstance(each, bytes)]
            half = time.process_time()
            scores = [memory.admit(each, index).score for index, each in enumerate(signed)]
            done = time.process_time()
            hits = [(score or 0.0) >= threshold for score in scores]
            wanted = [each >= threshold for each in true]
            both = sum(hit and want for hit, want in zip(hits, wanted, strict=True))
            print(
                f"{name:<10}{len(rows):>6}{threshold:>11}{sum(wanted):>6}{sum(hits):>6}",
                f"{_share(both, sum(wanted)):>7}{_share(both, sum(hits)):>11}",
                f"{(half - begun) / len(rows) * 1e6:8.0f}{(done - half) / len(rows) * 1e6:10.0f}",
                f"{sum(map(len, signed)) / len(rows):6.0f}",
            )


def true_similarities(texts: Sequence[Sequence[str]]) -> list[float]:
    """Return, for each text, the Jaccard similarity to the most similar earlier one."""
    sets = [
        {tuple(text[at : at + SHINGLE]) for at in range(max(len(text) - SHINGLE + 1, 1))}
        for text in texts
    ]
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    most = []
    for number, shingles in enumerate(sets):
        shared = Counter(other for each in shingles for other in holders.get(each, ()))
        most.append(
            max(
                (n / (len(shingles) + len(sets[other]) - n) for other, n in shared.items()),
                default=0.0,
            )
        )
        for each in shingles:
            holders[each].append(number)
    return most


def cost(data: Path, work: Path, runs: int) -> None:
    """Print CPU time of whole runs over both corpora, in turn, one worker each."""
    shards = _shards(data, work)
    rows = sum(len(file.read_bytes().splitlines()) for file in shards.iterdir())
    (work / "logs").mkdir(parents=True, exist_ok=True)
    for name in PEERS:
        environments.ensure(name, work / "environments")
    cpu: defaultdict[str, list[float]] = defaultdict(list)
    peak: defaultdict[str, list[float]] = defaultdict(list)
    kept = {}
    for _ in range(runs):
        for name in ("curate", *PEERS):
            out = work / "out" / name
            usage = measure(
                _command(name, shards, out, work), work / "logs" / f"{name}.log", os.environ
            )
            if usage.code:
                sys.exit(f"{name} ended with {usage.code}: see {work / 'logs' / name}.log")
            cpu[name].append(usage.cpu)
            peak[name].append(usage.pss)
            files = out.glob(PEERS.get(name, ledger.ROWS["kept"]))
            kept[name] = sum(len(file.read_bytes().splitlines()) for file in files)
    print(
        f"{rows} rows; load {os.getloadavg()[0]:.1f}\nsystem        CPU s  CPU / curate   MB   kept"
    )
    for name, seconds in cpu.items():
        ratio = median(seconds) / median(cpu["curate"])
        print(
            f"{name:<12}{median(seconds):7.2f}{ratio:14.1f}{median(peak[name]):6.0f}{kept[name]:7}"
        )


def memory(records: int) -> None:
    """Print bytes a record of random signatures in RAM, of short texts and of long ones."""
    cut = banding(0.8)
    for hashes in (1, SIZE):
        rng, remembered = random.Random(1), MostSimilar(cut.bands, None, 1 << 40)
        before, begun = _resident(), time.process_time()
        for index in range(records):
            sketch = array("I", sorted(array("I", rng.randbytes(4 * hashes))))
            remembered.admit(rng.randbytes(4 * cut.bands) + sketch.tobytes(), index)
        spent = (time.process_time() - begun) / records * 1e6
        each = (_resident() - before) / records
        print(f"{records} records of {hashes} hashes: {each:.0f} bytes each, {spent:.0f} µs")


def read(data: Path, name: str) -> list[Record]:
    files = sorted(str(file) for file in data.glob(CORPORA[name]))
    return list(corpora.records(corpora.reader(files)))


def _command(name: str, shards: Path, out: Path, work: Path) -> list[str | Path]:
    if name == "curate":
        files = sorted(shards.iterdir())
        run = [sys.executable, "-m", "curate", "run", HERE / "plans" / "near.yaml", *files]
        return [*run, "--out", out, "--workers", "1", "--fresh"]
    python = environments.python(name, work / "environments")
    return [python, HERE / "peers" / f"{name}_minhash.py", shards, out, "1"]


def _shards(data: Path, work: Path) -> Path:
    """Write all rows as flat texts, in as many files as the peers like to have."""
    folder = work / "near"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = [record for name in CORPORA for record in read(data, name)]
    size = -(-len(rows) // SHARDS)
    for shard in range(SHARDS):
        part = rows[shard * size : (shard + 1) * size]
        lines = [
            json.dumps({"id": f"{shard}-{n}", "text": record.text("conversation")}) + "\n"
            for n, record in enumerate(part)
        ]
        (folder / f"part-{shard}.jsonl").write_text("".join(lines))
    return folder


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    beside = HERE.parents[1] / "shared" / "data"
    parser.add_argument("what", choices=("found", "cost", "memory"))
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("CURATE_TEST_DATA", beside))
    )
    parser.add_argument("--work", type=Path, default=HERE / "work")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--records", type=int, default=500_000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
