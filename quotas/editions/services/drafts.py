"""Drafts of editions: the lock under which one is changed, and how a change is kept.

Locks: `Award` before `RuleVersion`, and a round before both.
"""

from collections.abc import Mapping
from typing import Any

from quotas.bodies.services import bodies
from quotas.editions.models import Award, RuleVersion
from quotas.editions.refusals import EditionChanged, EditionPublished
from quotas.ledger.services import ledger
from quotas.tree.models import User
from quotas.tree.permissions import Act, require

EDITION_COLUMNS = ("source", "employer_cap", "most_named", "most_years")
"""What a draft says of the edition as a whole."""


def lock(version_id: int, version: int, actor: User | None) -> RuleVersion:
    """The draft under its lock and that of its award, for a planner whose form is not stale.

    The award's lock keeps acts on several editions apart, which share one stream of the ledger.
    """
    Award.objects.select_for_update().filter(rule_versions=version_id).first()
    found = (
        RuleVersion.objects.select_for_update(of=("self",))
        .select_related("award")
        .filter(pk=version_id)
        .first()
    )
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    if found is None:
        raise EditionChanged
    draft: RuleVersion = found
    if draft.published_at is not None:
        raise EditionPublished(award=draft.award.name, number=draft.number)
    if draft.version != version:
        raise EditionChanged
    return draft


def touch(
    draft: RuleVersion,
    act: str,
    actor: User | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> RuleVersion:
    """Keep what was changed of a draft, and tell the ledger."""
    draft.version += 1
    draft.save(update_fields=[*EDITION_COLUMNS, "published_at", "version"])
    record(draft, act, actor, before=before, after=after)
    return draft


def record(
    version: RuleVersion,
    act: str,
    actor: User | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Tell the ledger of an award what was done to an edition."""
    ledger.append(stream=f"award:{version.award_id}", act=act, actor=actor, before=before, after=after)
