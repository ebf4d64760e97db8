"""Who has opened which nomination, for what is set apart before many are approved at once."""

from collections.abc import Iterable

from appraisal.records.models import Nomination, Reading
from quotas.base import clock
from quotas.tree.models import User


def note(nomination: Nomination, user: User) -> None:
    """The person has opened the nomination as it is in this pass. One statement; noting it again changes the time.

    Not an act: it asks no permission, decides nothing and leaves no row in the ledger. The caller has shown the page.
    """
    Reading.objects.bulk_create(
        [Reading(nomination=nomination, user=user, review_pass=nomination.review_pass, at=clock.now())],
        update_conflicts=True,
        unique_fields=["nomination", "user"],
        update_fields=["review_pass", "at"],
    )


def unread(nominations: Iterable[Nomination], user: User) -> frozenset[int]:
    """Which of these the person has not opened in their present pass; one statement."""
    passes = {nomination.pk: nomination.review_pass for nomination in nominations}
    read = Reading.objects.filter(user=user, nomination__in=passes).values_list(
        "nomination_id", "review_pass"
    )
    return frozenset(passes.keys() - {pk for pk, seen in read if seen == passes[pk]})
