"""`entities` with pipelines on disk: rules, a tiny recogniser trained here, a package."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from curate.api import Context, Verdict
from curate.errors import UsageError
from curate.filters.entities import Entities
from curate.filters.matching import finder, pipelines
from curate.specimens import make_records
from curate.testing import check_filter

NAMES = ("Ada", "Grace", "Alan", "Edsger")
TEXTS = [f"{name} went to {place} ." for name in NAMES for place in ("Paris", "Oslo", "Rome")]
TINY = {
    "@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": 16, "depth": 1,
    "embed_size": 200, "window_size": 1, "maxout_pieces": 2, "subword_features": True,
}  # fmt: skip


def judge(filter: Entities, *texts: str) -> list[Verdict]:
    with filter.open(Context()) as judged:
        return list(judged(make_records(texts)))


def found(verdict: Verdict, text: str) -> list[tuple[str, str]]:
    spans = verdict.evidence.get("spans", [])
    return [(text[start:end], label) for _, start, end, label in spans]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Acme"}, {"label": "GPE", "pattern": "Oslo"}])
    folder = tmp_path_factory.mktemp("rules") / "model"
    pipeline.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tagger and a recogniser that have learned one sentence with other names in it."""
    import spacy
    from spacy.training import Example

    def example(text: str) -> Any:
        name, place = text.split()[0], text.split()[3]
        ends = [(0, len(name), "PERSON"), (text.index(place), text.index(" ."), "GPE")]
        tags = ["NNP", "VBD", "IN", "NNP", "."]
        told = {"entities": ends, "tags": tags}
        return Example.from_dict(pipeline.make_doc(text), told)

    spacy.util.fix_random_seed(0)
    pipeline = spacy.blank("en")
    for name in ("tagger", "ner"):
        pipeline.add_pipe(name, config={"model": {"tok2vec": TINY}})
    examples = [example(text) for text in TEXTS]
    optimiser = pipeline.initialize(lambda: examples)
    for _ in range(25):
        pipeline.update(examples, sgd=optimiser)
    folder = tmp_path_factory.mktemp("recogniser") / "model"
    pipeline.to_disk(folder)
    return folder


def test_what_a_folder_finds_counts_beside_patterns(rules: Path) -> None:
    text = "Acme moved to Oslo with Project Bluebird."
    both = Entities(model=str(rules), patterns=["Project Bluebird", "Oslo with"])
    (verdict,) = judge(both, text)
    assert found(verdict, text) == [
        ("Acme", "ORG"), ("Oslo with", "MATCH"), ("Project Bluebird", "MATCH"),
    ]  # fmt: skip
    check_filter(both)


def test_labels_of_a_model_are_known(rules: Path) -> None:
    (verdict,) = judge(Entities(model=str(rules), labels=["GPE"]), "Acme moved to Oslo.")
    assert verdict.evidence["labels"] == {"GPE": 1}
    with pytest.raises(UsageError, match=r"label 'GEP'; did you mean 'GPE'"):
        judge(Entities(model=str(rules), labels=["GEP"]))


def test_rules_on_disk_read_a_text_of_any_length_whole(rules: Path) -> None:
    (verdict,) = judge(Entities(model=str(rules)), "la " * 340_000 + "Acme")
    assert verdict.score == 1
    assert "windows" not in verdict.evidence


def test_a_recogniser_finds_what_it_has_learned_alone_and_in_any_batch(recogniser: Path) -> None:
    filter_ = Entities(model=str(recogniser))
    verdicts = judge(filter_, *TEXTS)
    for text, verdict in zip(TEXTS, verdicts, strict=True):
        name, _, _, place, _ = text.split()
        assert found(verdict, text) == [(name, "PERSON"), (place, "GPE")]
        assert (verdict.score, verdict.reason) == (2.0, "gpe")
    check_filter(filter_, make_records(TEXTS))


def test_a_long_text_is_given_to_a_recogniser_in_parts(
    recogniser: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n".join(TEXTS)
    monkeypatch.setattr(finder, "MOST", 60)
    whole, short = judge(Entities(model=str(recogniser)), text, TEXTS[0])
    places = [(each.split()[0], each.split()[3]) for each in TEXTS]
    assert [part for part, _ in found(whole, text)] == [p for pair in places for p in pair][:20]
    assert whole.evidence["matches"] == 2 * len(TEXTS)
    assert whole.evidence["windows"] > 3
    assert "windows" not in short.evidence


def test_a_tagger_runs_only_where_a_pattern_asks_for_its_tags(recogniser: Path) -> None:
    lean = pipelines.load(str(recogniser), all_components=False)
    assert lean.pipe_names == ["ner"]
    tagged = Entities(model=str(recogniser), patterns=[[{"TAG": "VBD"}]])
    (verdict,) = judge(tagged, TEXTS[0])
    assert ("went", "MATCH") in found(verdict, TEXTS[0])


def test_a_text_in_which_nothing_is_annotated_has_no_match(tmp_path: Path) -> None:
    import spacy

    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("attribute_ruler")
    ruler.add([[{"LOWER": "went"}]], {"POS": "VERB"})
    pipeline.to_disk(tmp_path / "model")
    filter_ = Entities(model=str(tmp_path / "model"), patterns=[[{"POS": "VERB"}]])
    went, came, blank = judge(filter_, "Ada went", "Ada came", " ")
    assert went.score == 1
    assert came == blank == Verdict(0.0)
    with pytest.raises(UsageError, match=r"pattern 1: spaCy does not take it: .*no_such"):
        judge(Entities(model=str(tmp_path / "model"), patterns=[[{"_": {"no_such": 1}}]]))


def test_no_component_is_left_out_beside_rules_that_may_ask_for_it(
    recogniser: Path, tmp_path: Path
) -> None:
    import spacy

    pipeline = spacy.load(recogniser)
    ruler = pipeline.add_pipe("entity_ruler", config={"overwrite_ents": True})
    ruler.add_patterns([{"label": "DOING", "pattern": [{"TAG": "VBD"}]}])
    pipeline.to_disk(tmp_path / "model")
    (verdict,) = judge(Entities(model=str(tmp_path / "model")), TEXTS[0])
    assert ("went", "DOING") in found(verdict, TEXTS[0])


def test_every_file_of_a_folder_is_part_of_what_a_run_is(rules: Path, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(rules, copy)
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "a.pyc").write_bytes(b"0")
    before = Entities(model=str(rules)).fingerprint()
    assert Entities(model=str(copy)).fingerprint() == before
    assert {"spacy", "model/config.cfg", "model/entity_ruler/patterns.jsonl"} <= before.keys()
    changed = copy / "entity_ruler" / "patterns.jsonl"
    changed.write_bytes(changed.read_bytes().replace(b"Acme", b"Acne"))
    after = Entities(model=str(copy)).fingerprint()
    assert {name for name in before if before[name] != after[name]} == {
        "model/entity_ruler/patterns.jsonl"
    }


@pytest.fixture
def package(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed model: what `spacy package` and pip leave behind."""
    site = tmp_path / "site"
    folder, facts = site / "en_tiny_rules", site / "en_tiny_rules-1.2.0.dist-info"
    shutil.copytree(rules, folder / "en_tiny_rules-1.2.0")
    meta = json.loads((rules / "meta.json").read_text("utf-8"))
    meta |= {"name": "tiny_rules", "version": "1.2.0"}
    (folder / "meta.json").write_text(json.dumps(meta), "utf-8")
    (folder / "__init__.py").write_text(
        "from spacy.util import load_model_from_init_py\n"
        "def load(**options):\n"
        "    return load_model_from_init_py(__file__, **options)\n"
    )
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: en-tiny-rules\nVersion: 1.2.0\n")
    (facts / "entry_points.txt").write_text("[spacy_models]\nen_tiny_rules = en_tiny_rules\n")
    monkeypatch.syspath_prepend(str(site))
    return folder


def test_an_installed_model_is_found_by_name(package: Path) -> None:
    filter_ = Entities(model="en_tiny_rules")
    assert judge(filter_, "Acme")[0].reason == "org"
    told = filter_.fingerprint()
    assert told["model"] == "en-tiny-rules 1.2.0"
    assert "model/en_tiny_rules-1.2.0/config.cfg" in told


def test_a_missing_model_says_how_to_get_one_and_which_is_like_it(package: Path) -> None:
    said = r"no spaCy model 'en_tiny_rule'.*did you mean 'en_tiny_rules'.*python -m spacy download"
    for attempt in (judge, Entities.fingerprint):
        with pytest.raises(UsageError, match=said):
            attempt(Entities(model="en_tiny_rule"))


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the model cannot be loaded: "):
        judge(Entities(model=str(tmp_path)))


@pytest.mark.parametrize(
    ("remembered", "least", "most"), [(0, 0, 0), (250, 250, 450), (10_000, 600, 2_000)]
)
def test_of_the_words_of_a_corpus_only_so_many_are_kept(
    rules: Path, monkeypatch: pytest.MonkeyPatch, remembered: int, least: int, most: int
) -> None:
    pipeline = pipelines.load(str(rules), all_components=True)
    monkeypatch.setattr(pipelines, "load", lambda *_, **__: pipeline)
    monkeypatch.setattr(finder, "_REMEMBERED", remembered)
    with Entities(model=str(rules), patterns=["Acme Inc"]).open(Context()) as judged:
        before = len(pipeline.vocab.strings)
        for start in range(0, 600, 100):
            texts = [f"strange{n} zz" for n in range(start, start + 100)]
            assert {verdict.score for verdict in judged(make_records(texts))} == {0.0}
        assert judged(make_records(["Acme Inc in Oslo"]))[0].score == 2
        assert least <= len(pipeline.vocab.strings) - before <= most
