"""Organs 机关: who issues what a body publishes, and where the public reaches them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from django.db import transaction

from quotas.base import text
from quotas.base.errors import FieldProblem, InvalidInput
from quotas.base.refusals import Stale
from quotas.base.states import Level, Office, OrganKind
from quotas.bodies.models import Organ
from quotas.bodies.refusals import OrganNameRequired, OrganTextTooLong
from quotas.ledger.services import ledger
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, holds
from quotas.tree.refusals import ActNotHeld

KIND_OF_OFFICE: Mapping[str, OrganKind] = {Office.UNION: OrganKind.UNION, Office.PARTY: OrganKind.PARTY}


class Issuer(TypedDict):
    """An organ as it stands on a published paper, frozen with it."""

    name: str
    telephone: str
    address: str


def default_name(body: Body, kind: OrganKind) -> str:
    """
    What the organ of a body is called on papers, as long as nobody has written it otherwise.

    A district bears the name of its city, since several cities have districts of one name. An industry union is
    itself the organ, under the full name of its province. Reads `body.parent`.
    """
    name = body.name
    if body.level == Level.INDUSTRY:
        return f"{body.parent.name}{name.removeprefix('省')}" if body.parent else name
    if body.level == Level.COUNTY and name.endswith("区") and body.parent and body.parent.level == Level.CITY:
        name = f"{body.parent.name}{name}"
    if kind == OrganKind.UNION:
        return f"{name}总工会"
    # 中共常熟市委, 中共睢宁县委, but 中共沛县县委.
    committee = f"{name}县委" if name.endswith("县") and len(name) == 2 else f"{name}委"
    return f"中共{committee}组织部"


def kinds_at(body: Body) -> tuple[OrganKind, ...]:
    """The organs that a body has from the outset."""
    return (OrganKind.UNION, OrganKind.PARTY) if body.has_party_office else (OrganKind.UNION,)


@transaction.atomic
def seed(*, bodies: Iterable[Body]) -> int:
    """Give the bodies the organs that they lack, named from the body; how many. Two statements, and one ledger row."""
    wanted = {(body.pk, kind): body for body in bodies for kind in kinds_at(body)}
    parents = Body.objects.in_bulk({body.parent_id for body in wanted.values() if body.parent_id})
    there = set(Organ.objects.filter(body__in={pk for pk, _kind in wanted}).values_list("body", "kind"))
    made = []
    for (pk, kind), body in wanted.items():
        if (pk, kind) not in there:
            body.parent = parents.get(body.parent_id)
            made.append(Organ(body=body, kind=kind, name=default_name(body, kind)))
    if made:
        Organ.objects.bulk_create(made)
        ledger.append(stream="organs", act="seed_organs", actor=None, after={"number": len(made)})
    return len(made)


def issuing(*, body: Body, offices: Sequence[Office]) -> list[Issuer]:
    """The issuers of a paper of the body that these offices stand for, in their order. At most two statements."""
    there = {organ.kind: organ for organ in Organ.objects.filter(body=body)}
    return [
        Issuer(name=organ.name, telephone=organ.telephone, address=organ.address)
        if (organ := there.get(KIND_OF_OFFICE[office]))
        else Issuer(name=default_name(body, KIND_OF_OFFICE[office]), telephone="", address="")
        for office in offices
    ]


def may_edit(user: User, body: Body) -> bool:
    """A planner of rounds at the root edits every organ; a list keeper edits those of the keeper's body."""
    root = Body.objects.filter(code=body.path.split("/", 1)[0]).values_list("pk", flat=True).get()
    return holds(user, Act.PLAN_ROUND, root) or holds(user, Act.KEEP_SLATE, body.pk)


@transaction.atomic
def update(
    *, organ_id: int, version: int, actor: User | None, name: str, telephone: str, address: str
) -> Organ:
    """
    Write what stands on papers from now on. What is published already stays as it is.

    Raises NotPermitted, Stale, InvalidInput with every wrong field.
    """
    organ: Organ = Organ.objects.select_for_update(of=("self",)).select_related("body").get(pk=organ_id)
    if actor is not None and not may_edit(actor, organ.body):
        raise ActNotHeld(act=Act.KEEP_SLATE)
    if organ.version != version:
        raise Stale
    wanted = {"name": text.name(name), "telephone": text.telephone(telephone), "address": text.line(address)}
    _refuse_wrong(wanted)
    before = {field: getattr(organ, field) for field in wanted}
    changed = {field: value for field, value in wanted.items() if before[field] != value}
    if not changed:
        return organ
    for field, value in changed.items():
        setattr(organ, field, value)
    organ.version += 1
    organ.save(update_fields=[*changed, "version"])
    ledger.append(
        stream=f"organ:{organ.pk}",
        act="update_organ",
        actor=actor,
        body=organ.body,
        before={_FACTS[field]: before[field] for field in changed},
        after={_FACTS[field]: value for field, value in changed.items()},
    )
    return organ


_FACTS = {"name": "name", "telephone": "public_telephone", "address": "address"}
"""The telephone of an organ stands on every notice; it is no personal data."""


_LONGEST = {"name": 100, "telephone": 60, "address": 120}


def _refuse_wrong(wanted: Mapping[str, str]) -> None:
    problems: list[FieldProblem] = []
    if not wanted["name"]:
        problems.append(OrganNameRequired("name"))
    for field, value in wanted.items():
        limit = _LONGEST[field]
        if len(value) > limit:
            problems.append(OrganTextTooLong(field, length=len(value), limit=limit))
    if problems:
        raise InvalidInput(*problems)
