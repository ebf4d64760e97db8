"""Texts that an act demands: what cannot be seen is no text."""

from quotas.base import text
from quotas.base.errors import InvalidInput


def required(given: str, *, field: str, code: str, **params: object) -> str:
    """The text as it is kept; InvalidInput on the field where nothing can be seen."""
    kept = text.block(given)
    if not kept:
        raise InvalidInput(field, code, **params)
    return kept
