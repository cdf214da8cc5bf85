import json
from pathlib import Path

import pytest

from curate.errors import InputError
from curate.fitting import model, tensors
from curate.fitting.model import Model
from planted_labels import fitted


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return fitted(tmp_path_factory.mktemp("labels"))


def test_a_model_is_read_as_it_was_written(made: Model, tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    made.save(path)
    again = model.load(path)
    assert again == made
    again.save(tmp_path / "again.safetensors")
    assert model.sha256(tmp_path / "again.safetensors") == model.sha256(path)


def test_what_a_model_claims_is_in_its_file(made: Model, tmp_path: Path) -> None:
    made.save(tmp_path / "m.safetensors")
    told = json.loads(tensors.header(tmp_path / "m.safetensors").metadata["curate"])
    assert told["scheme"] == {"words": [1, 2], "chars": [3, 4, 5], "bits": 20}
    assert told["training"].keys() >= {"files", "rows", "texts", "positives", "seed", "folds"}
    assert told["held_out"].keys() >= {"precision", "recall", "f1", "auc", "calibration_error"}
    assert told["held_out"]["texts"] == made.facts.training.texts
    assert {"curate", "threshold", "hashing"} <= told.keys()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "fingerprint"}, "is a fingerprint model"),
        ({"format": 99}, "format 99"),
        ({"hashing": 2}, "hashing 2.*fit it again"),
        ({"threshold": 7}, "damaged.*threshold"),
        ({"scheme": {"words": [], "chars": [], "bits": 19}}, "has no 'weights' of 524,288 I16"),
        ({"scheme": {"words": [], "chars": [], "bits": 90}}, "damaged.*bits"),
    ],
    ids=["another kind", "another format", "another hash", "nonsense", "bits", "too many bits"],
)
def test_another_model_is_refused(
    made: Model, tmp_path: Path, change: dict[str, object], told: str
) -> None:
    fields = made.facts.model_dump(mode="json") | change
    path = tmp_path / "m.safetensors"
    tensors.write(path, {"curate": json.dumps(fields)}, "weights", "I16", bytes(2 << 20))
    with pytest.raises(InputError, match=told):
        model.load(path)


@pytest.mark.parametrize(
    ("metadata", "told"),
    [({}, "no model that `curate fit linear` made"), ({"curate": "{oops"}, "damaged"),
     ({"curate": "{}"}, "damaged"), ({"curate": "[]"}, "damaged")],
    ids=["none", "no json", "empty", "array"],
)  # fmt: skip
def test_a_file_without_a_description_is_refused(
    tmp_path: Path, metadata: dict[str, str], told: str
) -> None:
    path = tmp_path / "m.safetensors"
    tensors.write(path, metadata, "weights", "I16", bytes(8))
    with pytest.raises(InputError, match=told):
        model.facts(path)
