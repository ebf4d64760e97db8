"""Published rows as tables: one for each kind, for a notice, a naming decision and what will become one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from appraisal.records.states import EntryKind

_KINDS = {str(kind.value): kind.label for kind in EntryKind}


@dataclass(frozen=True)
class PublicGroup:
    """The published rows of one kind."""

    label: str
    rows: tuple[Mapping[str, Any], ...]
    persons: bool
    told: tuple[str, ...]
    """What the edition lets be told of each, as headings; a row has its `cells` in their order."""


def public_groups(
    rows: Iterable[Mapping[str, Any]], revoked: Collection[tuple[str, str]] = ()
) -> list[PublicGroup]:
    """Published rows by kind, in the order in which they stand, with the words of their vocabularies.

    `revoked` are those, as (nominee, unit), who no longer bear the title.
    """
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        shown = {
            **row,
            "revoked": (row.get("nominee"), row.get("unit")) in revoked,
        }
        by_kind.setdefault(str(row.get("category", EntryKind.REGULAR)), []).append(shown)
    return [_group(kind, found) for kind, found in by_kind.items()]


def _group(kind: str, found: Sequence[Mapping[str, Any]]) -> PublicGroup:
    names = tuple(dict.fromkeys(name for row in found for name, _word in row.get("told", ())))
    return PublicGroup(
        label=str(_KINDS.get(kind, kind)),
        rows=tuple({**row, "cells": [_said(row, name) for name in names]} for row in found),
        persons=any("position" in row for row in found),
        told=tuple(map(_, names)),
    )


def _said(row: Mapping[str, Any], name: str) -> str:
    """What a row says under a heading: it was published in Chinese."""
    said = dict(row.get("told", ())).get(name)
    return _(said) if said else ""
