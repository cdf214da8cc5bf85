import random
import tracemalloc
from array import array
from random import Random

import numpy  # noqa: F401  (before the first example is timed)
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.api import Verdict
from curate.filters.minhash import memory
from curate.filters.minhash.banding import Banding
from curate.filters.minhash.memory import COMPARED, MostSimilar
from curate.filters.minhash.signatures import Signing

CUT = Banding(6, 2)
texts = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=8), max_size=COMPARED)


def sign(texts: list[list[str]]) -> list[bytes]:
    return [each or b"" for each in Signing(2, CUT, Random(0)).sign(texts)]


def admit(signatures: list[bytes]) -> list[Verdict]:
    found = MostSimilar(CUT.bands)
    return [found.admit(each, 10 * index) for index, each in enumerate(signatures)]


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
