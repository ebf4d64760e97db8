"""How nominations, lists and units are called in the ledger, and what finds their rows. See `quotas.oversight.views.told`."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from appraisal.records.models import Employer, Nomination, Slate
from quotas.oversight.views.told import FOUND_AT_MOST, NamedThing, Things, numbers, register_things
from quotas.rounds.models import Round
from quotas.tree.models import User


def nominations(reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    """Nominee, unit, award, number. Two statements."""
    rows = Nomination.objects.keyed("pk", numbers(keys))
    seen = set(rows.visible_to(reader).values_list("pk", flat=True))
    found = rows.values_list("pk", "nominee_name", "employer__name", "round_award__award__name", "number")
    return {
        str(pk): NamedThing(
            _nomination(nominee, unit, award, number),
            reverse("appraisal:nomination", args=[pk]) if pk in seen else "",
        )
        for pk, nominee, unit, award, number in found
    }


def _nomination(nominee: str, unit: str, award: str, number: str) -> str:
    words = {"nominee": nominee or _("未填写推荐对象"), "unit": unit, "award": award, "number": number}
    if nominee == unit:
        return _("%(nominee)s的%(award)s申报 %(number)s") % words
    return _("%(nominee)s（%(unit)s）的%(award)s申报 %(number)s") % words


def _found_nominations(words: str) -> Iterable[object]:
    return Nomination.objects.bearing(words).values_list("pk", flat=True)[:FOUND_AT_MOST]


def slates(reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    """Body, award, round. Two statements."""
    rows = Slate.objects.keyed("pk", numbers(keys))
    seen = set(rows.visible_to(reader).values_list("pk", flat=True))
    found = rows.values_list("pk", "body__name", "round_award__award__name", "round_award__round__name")
    return {
        str(pk): NamedThing(
            _("%(body)s%(award)s推荐名单（%(round)s）") % {"body": body, "award": award, "round": round_},
            reverse("appraisal:slate", args=[pk]) if pk in seen else "",
        )
        for pk, body, award, round_ in found
    }


def _found_slates(words: str) -> Iterable[object]:
    return Slate.objects.bearing(words).values_list("pk", flat=True)[:FOUND_AT_MOST]


def employers(reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    """The name of a unit, by its number. Two statements."""
    rows = Employer.objects.keyed("pk", numbers(keys))
    seen = set(rows.visible_to(reader).values_list("pk", flat=True))
    return {
        str(pk): NamedThing(name, reverse("appraisal:employer", args=[pk]) if pk in seen else "")
        for pk, name in rows.values_list("pk", "name")
    }


def _found_employers(words: str) -> Iterable[object]:
    return Employer.objects.bearing(words).values_list("pk", flat=True)[:FOUND_AT_MOST]


def _employers_by_code(_reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    found = Employer.objects.keyed("credit_code", keys).values_list("credit_code", "name")
    return {code: NamedThing(name) for code, name in found}


def rounds(reader: User, keys: Iterable[str]) -> dict[str, NamedThing]:
    """The name of a round, with a link to its overview for readers who may open it. Two statements."""
    rows = Round.objects.keyed("pk", numbers(keys))
    seen = set(rows.visible_to(reader).values_list("pk", flat=True))
    return {
        str(pk): NamedThing(name, reverse("appraisal:round", args=[code]) if pk in seen else "")
        for pk, code, name in rows.values_list("pk", "code", "name")
    }


def register() -> None:
    """Once, with the addresses."""
    register_things(
        {
            "nomination": Things(nominations, _found_nominations),
            "slate": Things(slates, _found_slates),
            "employer": Things(employers, _found_employers),
            "credit_code": Things(_employers_by_code),
            "round": Things(rounds),
        }
    )
