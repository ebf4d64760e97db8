"""Lots 抽签: an order that follows from a code alone, so that whoever knows the code can draw it again."""

from collections.abc import Iterable
from hashlib import sha256


def order(code: str, keys: Iterable[str]) -> list[str]:
    """The keys as the code draws them: by the SHA-256 of code, line feed and key in UTF-8, the smallest first.

    The order of two keys does not depend on which others are there.
    """
    return sorted(keys, key=lambda key: sha256(f"{code}\n{key}".encode()).digest())
