"""A conversation as the tokens a student reads, and which of them it learns to say."""

from collections.abc import Sequence

from curate.api import Message
from curate.errors import UsageError
from curate.local_models.conversation import written
from curate.local_models.loading import Loaded
from curate.students.tiny.tokens import Text

_SAID = "what I say"


def conversation(loaded: Loaded, end: int, messages: Sequence[Message]) -> Text:
    """Return the tokens of a conversation up to the last thing the assistant says.

    The chat template writes it prefix by prefix: before an answer, then with it. What the answer
    adds is said by the assistant, up to the mark that ends it; each part becomes tokens by itself,
    because a model that answers begins after the tokens of the question, too. An answer to nothing
    is read and not learned: nobody asks without a question.

    Args:
        loaded: The model.
        end: The token that ends an answer.
        messages: The conversation.

    Raises:
        UsageError: the template refuses the conversation, or does not write it in order.
    """
    ids: list[int] = []
    said: list[bool] = []
    done = ""
    for at in range(1, len(messages)):
        if messages[at].role == "assistant":
            asked = written(loaded, messages[:at], ask=True)
            told = written(loaded, messages[: at + 1], ask=False)
            before = _encoded(loaded, _rest(loaded, asked, done))
            answer = _encoded(loaded, _rest(loaded, told, asked))
            learned = _until(end, answer)
            ids += before + answer
            said += [False] * len(before) + [place < learned for place in range(len(answer))]
            done = told
    return Text(ids, said)


def ending(loaded: Loaded) -> int:
    """Return the token with which the chat template ends an answer.

    Raises:
        UsageError: there is no template, or it ends an answer with no special token: a student
            could not learn when to stop.
    """
    if loaded.tokenizer.chat_template is None:
        raise UsageError(
            f"{loaded.name} has no chat template, so nobody knows how it reads a conversation; "
            "give the student a `template:`"
        )
    told = written(loaded, [Message("user", "what I ask"), Message("assistant", _SAID)], ask=False)
    behind = _encoded(loaded, told.rpartition(_SAID)[2])
    marks = [token for token in behind if token in _marks(loaded)]
    if not marks:
        raise UsageError(
            f"the chat template of {loaded.name} ends an answer with no special token, so a "
            "student could not learn when to stop; give the student a `template:` that writes one, "
            f"as {loaded.tokenizer.eos_token!r}, after each message"
        )
    return marks[0]


def _encoded(loaded: Loaded, text: str) -> list[int]:
    ids: list[int] = loaded.tokenizer(text, add_special_tokens=False).input_ids
    return ids


def _rest(loaded: Loaded, text: str, before: str) -> str:
    """Return what a text has after its beginning."""
    if not text.startswith(before):
        raise UsageError(
            f"the chat template of {loaded.name} writes the beginning of a conversation otherwise "
            "when more follows it, so what the assistant says has no fixed place; give the student "
            "a `template:` that writes message after message"
        )
    return text[len(before) :]


def _until(end: int, answer: Sequence[int]) -> int:
    """Return how many tokens come up to the last `end`; all where there is none."""
    return max((at + 1 for at, token in enumerate(answer) if token == end), default=len(answer))


def _marks(loaded: Loaded) -> frozenset[int]:
    """Return the special tokens, but not that of words unknown, which any text may have."""
    tokenizer = loaded.tokenizer
    added = tokenizer.added_tokens_decoder
    special = {number for number, token in added.items() if token.special}
    marks = {*special, *tokenizer.all_special_ids, *loaded.stops}
    return frozenset(marks - {tokenizer.unk_token_id})
