"""The packs of the `regex` filter: `with: {pack: NAME}`."""

from collections.abc import Mapping
from types import MappingProxyType

from curate.filters.packs import (
    date_claims,
    pii,
    provider_identity,
    refusals,
    secrets,
    special_tokens,
)
from curate.filters.packs.pack import Check, Pack

_ALL = (provider_identity, refusals, date_claims, secrets, pii, special_tokens)

PACKS: Mapping[str, Pack] = MappingProxyType({module.PACK.name: module.PACK for module in _ALL})

__all__ = ["PACKS", "Check", "Pack"]
