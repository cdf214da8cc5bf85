"""The environment variables that change what curate does; of a secret only whether it is set.

Values are shown of variables whose meaning is known and harmless. Any other `CURATE_*` may be the
key of an endpoint (`key_env` of the generator `openai` names it), so it is only said to be set.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

SHOWN: Mapping[str, str] = {
    "CURATE_CACHE": "where answers of models and students are remembered",
    "CURATE_STRICT_PLUGINS": "stop when an installed plugin is broken",
    "OPENAI_BASE_URL": "the endpoint of the generator `openai`",
    "HF_HOME": "where models and data sets of the hub are kept",
    "HF_HUB_OFFLINE": "use nothing of the hub but what is kept",
    "OMP_NUM_THREADS": "threads of torch and numpy in each process",
    "CUDA_VISIBLE_DEVICES": "the GPUs that torch sees",
    "NO_COLOR": "no colours on a terminal",
}
"""Variables whose value is shown, and what they decide."""
SECRET: Mapping[str, str] = {
    "OPENAI_API_KEY": "the key of that endpoint",
    "HF_TOKEN": "the key of the hub",
}
"""Variables whose value is never shown."""


class Variable(NamedTuple):
    """A variable; `value` is None where it is not set, `is set` where it may be a secret."""

    name: str
    value: str | None
    meaning: str

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return self._asdict()


def variables(environment: Mapping[str, str]) -> list[Variable]:
    """Return those that matter, whether set or not, and every other `CURATE_*` that is set."""
    shown = [Variable(name, _shown(environment.get(name)), why) for name, why in SHOWN.items()]
    others = sorted(
        name for name in environment if name.startswith("CURATE_") and name not in SHOWN
    )
    secret = [*SECRET.items(), *((name, "not one of curate's own") for name in others)]
    return shown + [
        Variable(name, "is set" if environment.get(name) else None, why) for name, why in secret
    ]


def _shown(value: str | None) -> str | None:
    return value and public(value)


def public(value: str) -> str:
    """Return a value without what an address may carry: a name, a password, a query."""
    if "://" not in value:
        return value
    address = urlsplit(value)
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}{address.path}"
