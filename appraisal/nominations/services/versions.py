"""A nomination as it stood when it was returned, and what differs from it since."""

import copy
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from appraisal.records.models import Evidence, Nomination, Procedure, ReturnedVersion
from quotas.base import clock

OF_NOMINATION = (
    "nominee_name",
    "leader_name",
    "position",
    "identity_number",
    "phone",
    "deeds",
    "summary",
    "honours",
    "self_score",
    "answers",
)
FROZEN = (
    "frozen_control",
    "sector",
    "industry",
    "size",
    "non_public",
    "ownership_verified",
    "ownership_changed",
)
OF_EMPLOYER = (
    "name",
    "credit_code",
    "registration_type",
    "address",
    "employees",
    "union_members",
    "union_name",
    "union_code",
    "party_org_name",
    "party_members",
    "control",
    "state_capital_permille",
    "sector",
    "industry",
    "revenue",
    "assets",
    "verified_at",
)
_OF_PROCEDURE = tuple(
    field.name for field in Procedure._meta.concrete_fields if field.name not in {"id", "nomination"}
)


def keep(nomination: Nomination) -> ReturnedVersion:
    """Freeze the nomination as it is returned; the caller holds its lock and returns it in this transaction."""
    return ReturnedVersion.objects.create(
        nomination=nomination,
        review_pass=nomination.review_pass,
        at=clock.now(),
        content=_content(nomination),
    )


def last_returned(nomination: Nomination) -> ReturnedVersion | None:
    """What it looked like when it was last returned; None where it never was. One statement."""
    return ReturnedVersion.objects.filter(nomination=nomination).order_by("-review_pass").first()


def untouched(nomination: Nomination, version: ReturnedVersion) -> bool:
    """Whether nothing that a reviewer reads differs: application, procedure, evidence, register."""
    now = json.loads(json.dumps(_content(nomination), cls=DjangoJSONEncoder))
    # What is frozen at every hand-in is not the unit's doing.
    return all(now[part] == version.content.get(part) for part in now if part != "frozen")


def as_returned(nomination: Nomination, version: ReturnedVersion) -> Nomination:
    """An unsaved copy of the nomination with the values it had then."""
    then = copy.copy(nomination)
    content = version.content
    _fill(then, {**content["nomination"], **content["frozen"]})
    employer = copy.copy(nomination.employer)
    _fill(employer, content["employer"])
    then.employer = employer
    procedure = None
    if content["procedure"] is not None:
        procedure = Procedure()
        _fill(procedure, content["procedure"])
    # Past the descriptor, which knows no "none" and would mark the copy as the procedure's own nomination.
    then._state.fields_cache["procedure"] = procedure  # noqa: SLF001 -- where Django keeps what a relation has read
    return then


def _content(nomination: Nomination) -> dict[str, Any]:
    procedure = Procedure.objects.filter(nomination=nomination.pk).first()
    evidence = Evidence.objects.kept().filter(nomination=nomination.pk).order_by("pk")
    return {
        "nomination": _values(nomination, OF_NOMINATION),
        "frozen": _values(nomination, FROZEN),
        "employer": _values(nomination.employer, OF_EMPLOYER),
        "procedure": None if procedure is None else _values(procedure, _OF_PROCEDURE),
        "evidence": [[item.pk, item.kind, item.name, item.field] for item in evidence],
    }


def _values(row: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _fill(row: models.Model, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        field: Any = row._meta.get_field(name)
        setattr(row, name, field.to_python(value))
