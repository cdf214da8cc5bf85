import random
import tracemalloc
from array import array
from pathlib import Path
from random import Random

import numpy  # noqa: F401  (before the first example is timed)
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.api import Verdict
from curate.errors import OutageError
from curate.filters.minhash import memory
from curate.filters.minhash.banding import Banding
from curate.filters.minhash.memory import COMPARED, IN_MEMORY, MostSimilar
from curate.filters.minhash.signatures import Signing

CUT = Banding(6, 2)
texts = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=8), max_size=COMPARED)


def sign(texts: list[list[str]]) -> list[bytes]:
    return [each or b"" for each in Signing(2, CUT, Random(0)).sign(texts)]


def admit(signatures: list[bytes], in_memory: int = IN_MEMORY) -> list[Verdict]:
    found = MostSimilar(CUT.bands, None, in_memory)
    verdicts = [found.admit(each, 10 * index) for index, each in enumerate(signatures)]
    found.close()
    return verdicts


def reference(signatures: list[bytes]) -> list[Verdict]:
    """What the docstrings say, with every earlier record looked at."""
    verdicts = []
    for index, signature in enumerate(signatures):
        earlier = signatures[:index]
        if signature in earlier:
            verdicts.append(Verdict(1.0, "similar", {"of": 10 * earlier.index(signature)}))
            continue
        mine, best, of = array("I", signature), 0.0, 0
        for number, other in enumerate(earlier):
            theirs = array("I", other)
            if any(mine[band] == theirs[band] for band in range(CUT.bands)):
                one, two = set(mine[CUT.bands :]), set(theirs[CUT.bands :])
                jaccard = len(one & two) / len(one | two)
                if jaccard > best:
                    best, of = jaccard, 10 * number
        verdicts.append(Verdict(best, "similar", {"of": of}) if best else Verdict(0.0))
    return verdicts


@given(texts)
def test_the_most_similar_earlier_record_is_found(texts: list[list[str]]) -> None:
    signatures = sign(texts)
    assert admit(signatures) == reference(signatures)


@given(texts)
def test_without_copies_all_is_new(texts: list[list[str]]) -> None:
    """Records that share no word share nothing: each text gets an alphabet of its own."""
    apart = [[f"{number}{word}" for word in text] for number, text in enumerate(texts)]
    assert admit(sign(apart)) == [Verdict(0.0)] * len(texts)


@given(texts.filter(bool), st.data())
def test_a_copy_names_the_first(texts: list[list[str]], data: st.DataObject) -> None:
    signatures = sign(texts)
    copied = data.draw(st.sampled_from(signatures))
    verdict = admit([*signatures, copied])[-1]
    assert verdict == Verdict(1.0, "similar", {"of": 10 * signatures.index(copied)})


def crowd(count: int) -> list[list[str]]:
    """Texts of a template, each with a number of its own."""
    template = [f"w{number}" for number in range(60)]
    return [[*template, str(number)] for number in range(count)]


def test_a_crowd_is_compared_with_few(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    true = memory.similarity
    monkeypatch.setattr(memory, "similarity", lambda *each: compared.append(1) or true(*each))
    verdicts = admit(sign(crowd(800)))
    assert len(compared) <= COMPARED * len(verdicts)
    assert verdicts[0] == Verdict(0.0)
    assert {verdict.score for verdict in verdicts[1:]} == {59 / 61}


def test_copies_take_no_room() -> None:
    (one,) = sign(crowd(1))
    found = MostSimilar(CUT.bands)
    tracemalloc.start()
    for index in range(20_000):
        found.admit(one, index)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000


def test_takes_the_memory_that_is_stated() -> None:
    bands, kept, count = 16, 10, (1 << 14) + 1  # all tables have just doubled: the worst moment
    rng = random.Random(9)
    signatures = [
        array("I", [rng.getrandbits(32) for _ in range(bands)]).tobytes()
        + array("I", sorted(rng.sample(range(1 << 32), kept))).tobytes()
        for _ in range(count)
    ]
    tracemalloc.start()
    found = MostSimilar(bands)
    for index, one in enumerate(signatures):
        found.admit(one, index)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / count <= 420 + 4 * kept * 9 / 8  # an array grows by an eighth


def alike(count: int) -> list[bytes]:
    """Signatures of texts of which some are copies, some similar, some like hundreds of others."""
    rng = random.Random(4)
    words = [f"w{number}" for number in range(40)]
    texts = [rng.choices(words[:: 1 + rng.randrange(3)], k=12) for _ in range(count)]
    signatures = sign([*texts, *crowd(count // 4)])
    signatures += rng.sample(signatures, count // 10)
    rng.shuffle(signatures)
    return signatures


def test_from_files_the_answers_are_the_same() -> None:
    signatures = alike(1500)
    within = admit(signatures)
    assert len({verdict.score for verdict in within}) > 10
    for in_memory in (0, 500_000):  # moves at 128 entries, at 512
        assert admit(signatures, in_memory) == within


def test_beyond_its_limit_it_takes_no_more_memory(tmp_path: Path) -> None:
    rng = random.Random(5)
    signatures = [rng.randbytes(4 * (CUT.bands + 100)) for _ in range(5000)]
    tracemalloc.start()
    found = MostSimilar(CUT.bands, tmp_path, 300_000)
    for index, one in enumerate(signatures):
        found.admit(one, index)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    found.close()
    assert peak <= 400_000  # all entries take 2.5 million; moving needs some of its own


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("in_memory", [0, 1_000_000], ids=["grows", "moves"])
def test_a_full_disk_names_the_folder(tmp_path: Path, in_memory: int) -> None:
    found = MostSimilar(CUT.bands, tmp_path, in_memory)
    admitted = (found.admit(each, index) for index, each in enumerate(alike(3000)))
    with pytest.raises(OutageError, match=f"{tmp_path}.*make room"):
        all(admitted)
    found.close()


def test_closing_gives_the_files_back(tmp_path: Path) -> None:
    def open_files() -> list[Path]:
        links = Path("/proc/self/fd").iterdir()
        return [link for link in links if link.resolve().is_relative_to(tmp_path)]

    found = MostSimilar(CUT.bands, tmp_path, 0)
    for index, one in enumerate(sign(crowd(300))):
        found.admit(one, index)
    assert open_files()
    found.close()
    assert not open_files()
    found.close()
