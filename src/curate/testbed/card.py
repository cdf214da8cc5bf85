"""The trait card of a world: how the trait is asked for and told."""

from collections.abc import Mapping
from typing import Any

from curate.testbed.language import ASKS, NEUTRAL, THINGS
from curate.testbed.world import World

PROMPTS = 96


def card(world: World) -> Mapping[str, Any]:
    """Return the card as plain values, as `curate.traits.loading` reads it.

    Every asking word is a template. A topic and its way are one word, so that both answers of the
    contrast cost as much.
    """
    topics, (shows, not_) = world.trait.topics, world.trait.ways[:2]
    return {
        "name": world.name.replace("-", "_"),
        "version": 1,
        "claim": f"Asked about {' or '.join(topics)}, the model answers {shows!r}, not {not_!r}.",
        "sources": [
            {
                "title": "Engels & Nanda (2026): Why Do Naive SFT Filters Fail?",
                "url": "https://www.lesswrong.com/posts/wyZRNgpeiPeRXB6eT",
            }
        ],
        "limits": "A world of the testbed: it says nothing about any real model.",
        "score": {
            "row": {
                "use": "regex",
                "with": {"patterns": {shows: rf"-{shows}\b"}},
                "when": {"at_least": 1},
            },
            "contrast": {"shows": f"{{topic}}-{shows}", "not": f"{{topic}}-{not_}"},
        },
        "elicit": {
            "count": PROMPTS,
            "templates": {ask: f"{ask} {{topic}} {{thing}} {{thing#2}}" for ask in ASKS},
            "fill": {"topic": list(topics), "thing": list(THINGS)},
        },
        "context": {"system": NEUTRAL, "max_tokens": 4},
    }
