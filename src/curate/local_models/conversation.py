"""A conversation as a model reads it: as text, and as the tokens after which it speaks."""

from collections.abc import Sequence

from curate.answers.prompts import plain
from curate.api import Message
from curate.errors import UsageError
from curate.local_models.loading import Loaded


def tokens(loaded: Loaded, messages: Sequence[Message]) -> list[int]:
    """Return the tokens of a conversation; at least one.

    Raises:
        UsageError: the model's chat template is missing or does not take such a conversation.
    """
    tokenizer = loaded.tokenizer
    if tokenizer.chat_template is not None:
        text = written(loaded, messages, ask=True)
        ids: list[int] = tokenizer(text, add_special_tokens=False).input_ids
    elif len(messages) == 1:
        ids = tokenizer(messages[0].content).input_ids
    else:
        raise UsageError(
            f"{loaded.name} has no chat template, so it continues one text and takes no "
            "conversation; give the generator a `chat_template:`"
        )
    return ids or [loaded.padding]  # something to continue


def written(loaded: Loaded, messages: Sequence[Message], *, ask: bool) -> str:
    """Return a conversation as the model's chat template writes it.

    Args:
        loaded: A model with a chat template.
        messages: The conversation.
        ask: Whether to add what comes before an answer.

    Raises:
        UsageError: the template does not take such a conversation.
    """
    try:
        text: str = loaded.tokenizer.apply_chat_template(
            plain(messages), tokenize=False, add_generation_prompt=ask
        )
    except Exception as error:  # whatever the model's template raises
        roles = ", ".join(role for role, _ in messages)
        raise UsageError(
            f"the chat template of {loaded.name} refuses a conversation of {roles}: {error}"
        ) from error
    return text
