"""Encoders of random weights that classify, made in a second: BERT, RoBERTa, and for detoxify."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import tokenizers
import torch
import transformers

transformers.utils.logging.disable_progress_bar()  # its thread would keep workers from a fork

Kind = Literal["bert", "roberta"]

WORDS = [
    "they", "had", "an", "awful", "day", "with", "people", "we", "saw", "a", "garden", "window",
    "and", "the", "river", "this", "morning", "word", "no", "##s", "##ing", ".", ",", "!",
]  # fmt: skip
TOXIC = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
NAMED = [
    "toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack",
]  # fmt: skip
"""The same as detoxify says them."""
LONGEST = 32
PLANTED = "awful"


def classifier(
    folder: Path,
    kind: Kind = "bert",
    labels: Sequence[str] = ("calm", "angry", "sad"),
    problem: str | None = None,
    longest: int = LONGEST,
) -> Path:
    """Write a classifier, its tokeniser and its config into a folder."""
    made, fast = _model(kind, len(labels), longest), _tokenizer(kind, longest)
    made.config.id2label = dict(enumerate(labels))
    made.config.label2id = {label: n for n, label in enumerate(labels)}
    made.config.problem_type = problem
    made.save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def checkpoint(folder: Path, kind: Kind = "bert", longest: int = 512, spare: int = 0) -> Path:
    """Write a checkpoint as detoxify does and, beside it, the config of its base.

    `spare` numbers of the model belong to no label, as in detoxify's `unbiased`.
    """
    made, fast = _model(kind, len(TOXIC) + spare, longest), _tokenizer(kind, longest)
    base = folder / "base"
    made.config.save_pretrained(base)
    fast.save_pretrained(base)
    names = {"bert": "Bert", "roberta": "Roberta"}
    arch = {
        "model_type": str(base),
        "model_name": f"{names[kind]}ForSequenceClassification",
        "tokenizer_name": f"{names[kind]}Tokenizer",
        "num_classes": len(TOXIC) + spare,
    }
    config = {"dataset": {"args": {"classes": TOXIC}}, "arch": {"args": arch}}
    state = made.state_dict() | {"bert.embeddings.position_ids": torch.arange(longest)[None]}
    torch.save({"config": config, "state_dict": state}, folder / "tiny.ckpt")
    return folder / "tiny.ckpt"


def _model(kind: Kind, labels: int, longest: int) -> Any:
    sizes: dict[str, Any] = {
        "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 64, "num_labels": labels, "initializer_range": 0.3,
    }  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(5)
        if kind == "bert":
            bert = transformers.BertConfig(
                vocab_size=5 + len(WORDS), max_position_embeddings=longest, **sizes
            )
            return transformers.BertForSequenceClassification(bert).eval()
        roberta = transformers.RobertaConfig(
            vocab_size=5 + 256, max_position_embeddings=longest + 2, **sizes
        )
        return transformers.RobertaForSequenceClassification(roberta).eval()


def _tokenizer(kind: Kind, longest: int) -> Any:
    if kind == "bert":
        marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        words = {word: n for n, word in enumerate([*marks, *WORDS])}
        return transformers.BertTokenizer(vocab=words, model_max_length=longest)
    marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    bytes_ = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {word: n for n, word in enumerate([*marks, *bytes_])}
    return transformers.RobertaTokenizer(vocab=vocabulary, merges=[], model_max_length=longest)


def plant(folder: Path, label: int, word: str = PLANTED) -> None:
    """Make a BERT classifier give a label only where a word stands in the window.

    Every weight is 0 but these: the word's embedding, the first layer's sum over all tokens, and
    the head. So the number of the label is high exactly where the word is.
    """
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "LayerNorm.weight" not in name:
                weights.zero_()
        layers = model.bert.encoder.layer
        signs = torch.ones(32)
        signs[::2] = -1  # of mean 0, so that normalising keeps it
        word_id = 5 + WORDS.index(word)
        model.bert.embeddings.word_embeddings.weight[word_id] = signs
        for layer in layers[:1]:
            layer.attention.self.value.weight.copy_(100 * torch.eye(32))
            layer.attention.output.dense.weight.copy_(torch.eye(32))
        model.bert.pooler.dense.weight.copy_(torch.eye(32))
        model.classifier.weight[label] = signs
        model.classifier.bias.fill_(-4.0)
    model.save_pretrained(folder)
