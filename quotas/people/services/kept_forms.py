"""Text that was typed when a sign-in ended: kept for that account, given back to it alone, gone within hours.

It is no act: nothing is decided, and nothing of it goes into the ledger. Nobody but an account that was signed in can
leave anything, and each leaves one form.
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction

from quotas.base import clock
from quotas.people.models import KeptForm

LIVES = timedelta(hours=12)
MOST_FIELDS, MOST_CHARACTERS = 1_000, 200_000
_LONGEST_PAGE = 500
_SECRET = re.compile("password", re.IGNORECASE)


@transaction.atomic
def keep(*, user_id: int, page: str, typed: Mapping[str, list[str]]) -> bool:
    """Keep what was typed on a page, in place of what was kept before; whether it was kept at all.

    Tokens and everything with "password" in its name are left out. More than the limits is not kept.
    """
    fields = {
        name: list(values)
        for name, values in typed.items()
        if name != "csrfmiddlewaretoken" and not _SECRET.search(name)
    }
    size = len(json.dumps(fields, ensure_ascii=False))
    if not fields or len(fields) > MOST_FIELDS or size > MOST_CHARACTERS or len(page) > _LONGEST_PAGE:
        return False
    KeptForm.objects.update_or_create(
        user_id=user_id, defaults={"page": page, "fields": fields, "kept_at": clock.now()}
    )
    return True


def of(*, user_id: int, page: str) -> dict[str, list[str]]:
    """What the account had typed on this page; nothing when it was too long ago. One statement."""
    kept = KeptForm.objects.filter(user=user_id, page=page, kept_at__gt=clock.now() - LIVES).first()
    return dict(kept.fields) if kept else {}


def drop(*, user_id: int) -> None:
    """Forget what the account had typed: it has been sent again."""
    KeptForm.objects.filter(user=user_id).delete()


def drop_old() -> int:
    """Forget what is too old to be given back; how many forms."""
    number, _by_model = KeptForm.objects.filter(kept_at__lte=clock.now() - LIVES).delete()
    return number
