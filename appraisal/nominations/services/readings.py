"""Who has opened which nomination: what is set apart before many are approved at once, and who saw personal data."""

from collections.abc import Iterable

from appraisal.nominations.services.nominations import asked_of
from appraisal.records.models import Nomination, Reading
from quotas.base import clock
from quotas.tree.models import User


def note(nomination: Nomination, user: User, *, unmasked: bool) -> None:
    """The person has opened the nomination as it is in this pass; `unmasked`: with whatever personal data it has.

    One statement, and that of its fields; noting it again on the same day changes no more than the pass. Not an act: it
    asks no permission, decides nothing and leaves no row in the ledger. The caller shows the page.
    """
    reading = Reading(
        nomination=nomination,
        body_id=nomination.body_id,
        user=user,
        day=clock.today(),
        personal=unmasked and has_personal_data(nomination),
        review_pass=nomination.review_pass,
        at=clock.now(),
    )
    Reading.objects.bulk_create(
        [reading],
        update_conflicts=True,
        unique_fields=["nomination", "user", "day", "personal"],
        update_fields=["review_pass"],
    )


def note_file(nomination: Nomination, user: User) -> None:
    """The person has opened a file of it, which may hold personal data. One statement.

    A row as `note` writes it, of which there is one a day whatever was opened. By a file alone the nomination has not
    been read in any pass: the row says pass 0, and one that is there already stays.
    """
    reading = Reading(
        nomination=nomination,
        body_id=nomination.body_id,
        user=user,
        day=clock.today(),
        personal=True,
        review_pass=0,
        at=clock.now(),
    )
    Reading.objects.bulk_create([reading], ignore_conflicts=True)


def has_personal_data(nomination: Nomination) -> bool:
    """Whether there is anything in it that is masked for others."""
    personal = (field.key for field in asked_of(nomination) if field.personal)
    own = nomination.identity_number or nomination.phone
    return bool(own) or any(key in nomination.answers for key in personal)


def unread(nominations: Iterable[Nomination], user: User) -> frozenset[int]:
    """Which of these the person has not opened in their present pass; one statement."""
    passes = {nomination.pk: nomination.review_pass for nomination in nominations}
    read = Reading.objects.filter(user=user, nomination__in=passes).values_list(
        "nomination_id", "review_pass"
    )
    return frozenset(passes.keys() - {pk for pk, seen in read if seen == passes[pk]})
