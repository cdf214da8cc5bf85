"""Words or bytes as tokens, and a conversation as the tokens a network sees.

    <|user|> what is the sky ? <|end|> <|assistant|> blue <|end|>

A mark of the role opens every message and one mark closes all of them. What a text itself contains
is never taken for a mark. The file is that of the `tokenizers` package, which transformers reads.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from curate.api import Message
from curate.errors import InputError, UsageError, suggest
from curate.extras import need
from curate.students.tiny.network import EXTRA

END, UNKNOWN = "<|end|>", "<|unknown|>"
ROLES = {role: f"<|{role}|>" for role in ("system", "user", "assistant")}
MARKS = (END, UNKNOWN, *ROLES.values())
TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
"""The same as a chat template of transformers."""


class Text(NamedTuple):
    """Tokens, and for each whether a student learns to say it."""

    ids: list[int]
    said: list[bool]


class Tokens:
    """Turns texts and conversations into tokens and back.

    Args:
        tokenizer: Of the `tokenizers` package.
        where: Where it comes from, for messages.
    """

    def __init__(self, tokenizer: Any, where: str) -> None:
        tokenizer.encode_special_tokens = True  # a mark in a text is text
        self.tokenizer, self.where = tokenizer, where
        self._marks = {mark: tokenizer.token_to_id(mark) for mark in MARKS}
        missing = [mark for mark, number in self._marks.items() if number is None]
        if missing:
            raise InputError(
                f"{where}: its tokens lack {', '.join(missing)}; a base of tiny_lm is made by "
                "`curate.students.tiny.pretraining.pretrain`"
            )
        self._reserved = frozenset(self._marks.values())
        self.end: int = self._marks[END]

    def __len__(self) -> int:
        return int(self.tokenizer.get_vocab_size())

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text.

        Raises:
            UsageError: it has words there is no token for.
        """
        found = self.tokenizer.encode(text, add_special_tokens=False)
        if not self._reserved.isdisjoint(found.ids):
            places = [
                place
                for number, place in zip(found.ids, found.offsets, strict=True)
                if number in self._reserved
            ]
            words = sorted({text[start:end] for start, end in places})
            raise UsageError(
                f"{self.where} has no token for {', '.join(map(repr, words[:3]))}"
                f"{suggest(words[0], self.words())}"
            )
        return list(found.ids)

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of tokens, without marks."""
        text: str = self.tokenizer.decode(ids, skip_special_tokens=True)
        return text

    def conversation(self, messages: Sequence[Message]) -> Text:
        """Return a conversation; a student learns to say what the assistant says, and its end.

        Raises:
            UsageError: a role or a word is not known.
        """
        ids: list[int] = []
        said: list[bool] = []
        for role, content in messages:
            words = [*self.encode(content), self.end]
            ids += [self._role(role), *words]
            said += [False, *[role == "assistant"] * len(words)]
        return Text(ids, said)

    def opening(self, messages: Sequence[Message]) -> list[int]:
        """Return a conversation after which the assistant begins to speak.

        Raises:
            UsageError: a role or a word is not known.
        """
        return [*self.conversation(messages).ids, self._role("assistant")]

    def words(self) -> list[str]:
        """Return all tokens but the marks."""
        return [word for word in self.tokenizer.get_vocab() if word not in self._marks]

    def number(self, word: str) -> int:
        """Return the token of one word.

        Raises:
            UsageError: there is none.
        """
        found = self.tokenizer.token_to_id(word)
        if found is None:
            raise UsageError(f"{self.where} has no token {word!r}{suggest(word, self.words())}")
        return int(found)

    def _role(self, role: str) -> int:
        if role not in ROLES:
            raise UsageError(f"a student knows no role {role!r}{suggest(role, ROLES)}")
        return int(self._marks[ROLES[role]])


def word_level(texts: Iterable[str]) -> Tokens:
    """Return tokens that are the words of the texts, between blanks; the commonest come first."""
    tokenizers = need("tokenizers", EXTRA)
    counts = Counter(word for text in texts for word in text.split())
    words = sorted(counts, key=lambda word: (-counts[word], word))
    vocabulary = {word: at for at, word in enumerate(dict.fromkeys([*MARKS, *words]))}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token=UNKNOWN))
    made.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    made.add_special_tokens(list(MARKS))
    return Tokens(made, "the vocabulary of words")


def byte_level(texts: Iterable[str] = (), size: int = 0) -> Tokens:
    """Return tokens that are bytes, and up to `size` in all with pairs that the texts often have.

    Any text can be written in them, and read again as it was.
    """
    tokenizers = need("tokenizers", EXTRA)
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=max(size, 256 + len(MARKS)),
        special_tokens=list(MARKS),
        initial_alphabet=sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    return Tokens(made, "the vocabulary of bytes")


def read(file: Path) -> Tokens:
    """Read a tokenizer.json.

    Raises:
        InputError: it cannot be read, or lacks the marks of a conversation.
    """
    tokenizers = need("tokenizers", EXTRA)
    try:
        text = file.read_text("utf-8")
        made = tokenizers.Tokenizer.from_str(text)
    except Exception as error:  # the package raises bare exceptions
        raise InputError(f"{file}: cannot be read: {error}") from error
    return Tokens(made, str(file.parent))
