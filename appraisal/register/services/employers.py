"""The register of units 申报单位, and the verification of who controls them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import CharField, Q

from appraisal.gate.services import admissions
from appraisal.records import rules
from appraisal.records.models import Employer, Honour, Nomination
from appraisal.records.refusals import OwnUnit
from appraisal.records.services import lifecycle, unit_roles
from appraisal.records.states import LIVE_STATES, Control, EmployerAct, Industry, Sector
from appraisal.register.refusals import (
    BodyNotACounty,
    BodyNotAnIndustryUnion,
    ControlUndecided,
    EmployerKnown,
    EmployerKnownElsewhere,
    MoneyRange,
    MoreMembersThanEmployees,
    PeopleRange,
    PermilleRange,
    ProofRequired,
)
from appraisal.register.services import unit_officials
from quotas.base import clock, text
from quotas.base.errors import DomainError, FieldProblem, InvalidInput, RuleViolation, answer_of
from quotas.base.refusals import ChoiceUnknown, TextTooLong, ValueRequired
from quotas.base.states import Level, NomineeKind
from quotas.ledger.services import ledger
from quotas.tree.models import Body, User


class EmployerFields(TypedDict, total=False):
    """What is known of a unit. Numbers are persons; state capital is in ‰, revenue and assets in 万元."""

    credit_code: str
    name: str
    registration_type: str
    body: Body
    industry_body: Body | None
    sector: str
    industry: str
    revenue: int | None
    assets: int | None
    address: str
    employees: int
    union_members: int
    party_members: int
    union_name: str
    union_code: str
    party_org_name: str
    control: str
    state_capital_permille: int | None


OFFICIAL_FIELDS = frozenset({"credit_code", "body", "industry_body"})
"""What identifies a unit and decides its route is for officials; the rest its own people keep up to date."""


_FIGURES = ("employees", "union_members", "party_members")


_MOST_PEOPLE = 10_000_000
_MOST_MONEY = 10**9
"""In 万元: ten trillion yuan."""


CHUNK = 500
"""Values in one IN list: SQLite takes no long ones."""


def stream(pk: int) -> str:
    """The ledger's chain of one unit."""
    return f"employer:{pk}"


def register(*, actor: User | None, **fields: Unpack[EmployerFields]) -> Employer:
    """Enter a unit, known by its unified social credit code. By those who verify ownership at its body.

    Raises InvalidInput with every wrong field; a unit that is known already is named only to those who may see it.
    """
    with transaction.atomic():
        (answer,) = register_many(units=[fields], actor=actor)
        if isinstance(answer, DomainError):
            raise answer
    return answer


@transaction.atomic
def register_many(*, units: Sequence[EmployerFields], actor: User | None) -> list[Employer | DomainError]:
    """
    Enter the units that can be entered; in the order given each, or what `register` would refuse it with.

    A fixed number of statements and one or two for each body. Units are written in the order of their codes, so that
    two imports of the same ones wait for each other and never crosswise; who comes second finds them known.
    """
    officials = unit_officials.Officials(actor)
    answers = [answer_of(_draft, fields, officials) for fields in units]
    known = _write_new([answer for answer in answers if isinstance(answer, Employer)])
    answers = [
        _known_already(known[answer.credit_code], actor)
        if isinstance(answer, Employer) and answer.credit_code in known
        else answer
        for answer in answers
    ]
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                stream(answer.pk),
                EmployerAct.REGISTER.value,
                actor,
                answer.body,
                after={"credit_code": answer.credit_code, **_told(answer, fields)},
            )
            for answer, fields in zip(answers, units, strict=True)
            if isinstance(answer, Employer)
        ]
    )
    return answers


def _draft(fields: EmployerFields, officials: unit_officials.Officials) -> Employer:
    """The unit of these fields, not written; InvalidInput, and NotPermitted where the officials are not its own."""
    employer = Employer()
    unreadable = _fill(employer, fields)
    _raise([*unreadable, *_problems(employer)])
    officials.require(employer)
    return employer


def _write_new(drafts: Sequence[Employer]) -> dict[str, Employer]:
    """Write the units whose codes nobody has; by code the units that were there, or came in meanwhile."""
    known = _known(employer.credit_code for employer in drafts)
    while True:
        new = [employer for employer in drafts if employer.credit_code not in known]
        try:
            with transaction.atomic():
                Employer.objects.bulk_create(
                    sorted(new, key=lambda employer: employer.credit_code), batch_size=CHUNK
                )
        except IntegrityError:
            faster = _known(employer.credit_code for employer in new)
            if not faster:
                raise
            known |= faster
        else:
            return known


def _known(codes: Iterable[str]) -> dict[str, Employer]:
    """The units with these codes, regardless of who may see them. One statement for every CHUNK."""
    wanted = sorted(set(codes))
    return {
        employer.credit_code: employer
        for start in range(0, len(wanted), CHUNK)
        for employer in Employer.objects.filter(credit_code__in=wanted[start : start + CHUNK])
    }


@transaction.atomic
def update(
    *, employer_id: int, version: int, actor: User | None, **fields: Unpack[EmployerFields]
) -> Employer:
    """Keep a unit's entry up to date: its own people, or those who verify ownership at its body.

    The code, the body and the industry union are for officials; an official of the present body hands a unit over to
    another. The verified ownership is untouched: `verify_ownership` decides it. Saving what is there changes nothing.
    """
    employer = lifecycle.lock_employer(employer_id)
    changing = {name for name, value in fields.items() if getattr(employer, name) != value}
    if changing & OFFICIAL_FIELDS or actor is None or not unit_roles.roles_of(actor, employer_id):
        unit_officials.require_official(employer, actor)
    lifecycle.require_version(employer, version)
    before = _told(employer, fields)
    unreadable = _fill(employer, fields)
    _raise([*unreadable, *_problems(employer)])
    after = _told(employer, fields)
    if before == after:
        return employer
    if changing & {"body", "industry_body"}:
        unit_officials.refuse_officials(employer, unit_officials.lock_people(employer))
    employer.version += 1
    try:
        with transaction.atomic():
            employer.save(update_fields=[*fields, "version", "search"])
    except IntegrityError as error:
        raise _known_already(Employer.objects.get(credit_code=employer.credit_code), actor) from error
    if before.get("name") != after.get("name"):
        _rename_nominees(employer, str(before["name"]))
    if {"credit_code", "name"} & {name for name in after if before[name] != after[name]}:
        _know_nominees_again(employer)
    ledger.append(
        stream=stream(employer.pk),
        act=EmployerAct.UPDATE.value,
        actor=actor,
        body=employer.body,
        before={name: value for name, value in before.items() if after[name] != value},
        after={name: value for name, value in after.items() if before[name] != value},
    )
    return employer


@transaction.atomic
def verify_ownership(
    *,
    employer_id: int,
    version: int,
    actor: User,
    control: Control,
    state_capital_permille: int | None,
    proof: str,
) -> Employer:
    """Decide who controls a unit, on what proof. State capital of 500‰ and more is state control, whatever is stated.

    By those who hold the act at exactly the unit's county or industry union, and never by the unit's own people.
    Live nominations that were handed in under another classification are flagged, not rewritten. Raises InvalidInput
    for a missing proof or a control left open.
    """
    employer = lifecycle.lock_employer(employer_id)
    unit_officials.require_official(employer, actor)
    lifecycle.require_version(employer, version)
    if unit_roles.roles_of(actor, employer_id):
        raise RuleViolation(OwnUnit())
    proof = text.name(proof)
    _raise(_verification_problems(control, state_capital_permille, proof))
    before = _classified(employer)
    employer.state_capital_permille = state_capital_permille
    employer.verified_control = Control(rules.classify(control, state_capital_permille))
    employer.verified_by = actor
    employer.verified_at = clock.now()
    employer.verified_on_proof = proof
    employer.version += 1
    employer.save(
        update_fields=[
            "state_capital_permille",
            "verified_control",
            "verified_by",
            "verified_at",
            "verified_on_proof",
            "version",
        ]
    )
    _flag_nominations(employer)
    ledger.append(
        stream=stream(employer.pk),
        act=EmployerAct.VERIFY_OWNERSHIP.value,
        actor=actor,
        body=employer.body,
        before=before,
        after=_classified(employer),
        reason=proof,
    )
    return employer


def _flag_nominations(employer: Employer) -> None:
    """Flag what was handed in under another classification, and only that.

    The flag stands in no form, so it does not make open forms stale.
    """
    now = admissions.classification(employer)
    same = Q(
        frozen_control=now["frozen_control"],
        non_public=now["non_public"],
        ownership_verified=now["ownership_verified"],
    )
    handed_in = Nomination.objects.filter(
        employer=employer, status__in=LIVE_STATES, submitted_at__isnull=False
    )
    # Locked by number before the bulk update, which would lock in any order.
    list(handed_in.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    # What was affirmed under an earlier verification is asked anew under this one.
    handed_in.exclude(same).update(ownership_changed=True, ownership_affirmed="")
    handed_in.filter(same).update(ownership_changed=False, ownership_affirmed="")


def _rename_nominees(employer: Employer, old_name: str) -> None:
    """Units, and teams and party organisations called after them, follow the register until they stood on a notice."""
    theirs = (
        Nomination.objects.select_for_update(of=("self",))
        .filter(employer=employer, unit_name="", status__in=LIVE_STATES)
        .exclude(round_award__award__nominee_kind=NomineeKind.PERSON)
        .filter(nominee_name__contains=old_name)
        .order_by("pk")
    )
    renamed = list(theirs)
    for nomination in renamed:
        nomination.nominee_name = nomination.nominee_name.replace(old_name, employer.name)[:120]
    Nomination.objects.bulk_update(renamed, ["nominee_name"])


def _know_nominees_again(employer: Employer) -> None:
    """Units and teams are known by their unit's code: under a corrected code they are still the same nominees."""
    theirs = (
        Nomination.objects.select_for_update(of=("self",))
        .filter(employer=employer)
        .exclude(round_award__award__nominee_kind=NomineeKind.PERSON)
        .select_related("round_award__award")
        .only("nominee_name", "round_award__award__nominee_kind")
        .order_by("pk")
    )
    nominations = list(theirs)
    for nomination in nominations:
        nomination.nominee_key = rules.nominee_key(
            nomination.round_award.award.nominee_kind,
            credit_code=employer.credit_code,
            name=nomination.nominee_name,
            identity_number="",
        )
    Nomination.objects.bulk_update(nominations, ["nominee_key"])
    titles = list(Honour.objects.filter(employer=employer).exclude(kind=NomineeKind.PERSON))
    for title in titles:
        title.holder_key = rules.nominee_key(
            title.kind, credit_code=employer.credit_code, name=title.holder, identity_number=""
        )
    Honour.objects.bulk_update(titles, ["holder_key"])


def _classified(employer: Employer) -> dict[str, object]:
    return {
        "verified_control": str(employer.verified_control),
        "state_capital_permille": employer.state_capital_permille,
    }


def _fill(employer: Employer, fields: Mapping[str, object]) -> list[FieldProblem]:
    """Set the fields in their normal form; what in them nobody else could read."""
    unknown = fields.keys() - EmployerFields.__annotations__.keys()
    if unknown:
        raise TypeError(f"not a field of a unit: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        if name in {"credit_code", "union_code"}:
            setattr(employer, name, text.bare_code(str(value)))
        else:
            setattr(employer, name, text.name(value) if isinstance(value, str) else value)
    return rules.unreadable(fields)


def _told(employer: Employer, fields: Mapping[str, object]) -> dict[str, object]:
    """The given fields in the form that the ledger keeps; bodies by their codes."""
    values = {name: getattr(employer, name) for name in fields}
    return {name: value.code if isinstance(value, Body) else value for name, value in values.items()}


def _problems(employer: Employer) -> list[FieldProblem]:
    of_codes = (
        rules.credit_code_problem(employer.credit_code),
        rules.union_code_problem(employer.union_code) if employer.union_code else None,
    )
    problems = [problem for problem in of_codes if problem is not None]
    if not employer.name:
        problems.append(ValueRequired("name"))
    problems += _body_problems(employer)
    for name in EmployerFields.__annotations__:
        field = Employer._meta.get_field(name)
        value = getattr(employer, name) if isinstance(field, CharField) else ""
        if isinstance(field, CharField) and field.max_length and len(value) > field.max_length:
            problems.append(TextTooLong(name, length=len(value), limit=field.max_length))
    for name in _FIGURES:
        if not 0 <= getattr(employer, name) <= _MOST_PEOPLE:
            problems.append(PeopleRange(name))
    for name in ("union_members", "party_members"):
        if 0 < employer.employees < getattr(employer, name):
            problems.append(
                MoreMembersThanEmployees(name, members=getattr(employer, name), employees=employer.employees)
            )
    if employer.sector not in Sector.values:
        problems.append(ChoiceUnknown("sector"))
    if employer.industry and employer.industry not in Industry.values:
        problems.append(ChoiceUnknown("industry"))
    for name in ("revenue", "assets"):
        figure = getattr(employer, name)
        if figure is not None and not 0 <= figure <= _MOST_MONEY:
            problems.append(MoneyRange(name, most=_MOST_MONEY))
    if employer.control not in Control.values:
        problems.append(ChoiceUnknown("control"))
    return problems + _permille_problems(employer.state_capital_permille)


def _body_problems(employer: Employer) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    if not employer.body_id:
        problems.append(ValueRequired("body"))
    elif employer.body.level != Level.COUNTY:
        problems.append(BodyNotACounty("body", body=employer.body.name))
    industry = employer.industry_body
    if industry is not None and industry.level != Level.INDUSTRY:
        problems.append(BodyNotAnIndustryUnion("industry_body", body=industry.name))
    return problems


def _permille_problems(permille: int | None) -> list[FieldProblem]:
    if permille is None or 0 <= permille <= 1000:
        return []
    return [PermilleRange("state_capital_permille")]


def _verification_problems(control: str, permille: int | None, proof: str) -> list[FieldProblem]:
    problems = _permille_problems(permille)
    if control not in Control.values or control == Control.UNKNOWN:
        problems.append(ControlUndecided("control"))
    limit = Employer._meta.get_field("verified_on_proof").max_length or 0
    if not proof:
        problems.append(ProofRequired("proof"))
    elif len(proof) > limit:
        problems.append(TextTooLong("proof", length=len(proof), limit=limit))
    return problems


def _raise(problems: list[FieldProblem]) -> None:
    if problems:
        raise InvalidInput(*problems)


def _known_already(known: Employer, actor: User | None) -> InvalidInput:
    if actor is None or Employer.objects.visible_to(actor).filter(pk=known.pk).exists():
        return InvalidInput(EmployerKnown("credit_code", name=known.name, body=known.body.name))
    return InvalidInput(EmployerKnownElsewhere("credit_code"))
