"""Rows for tests: plain functions with sensible defaults, one for each thing, straight into the tables.

They go past the services on purpose: a test of a service should not need ten others to stand. Whatever is not
given is made: `make_allotment()` alone makes body, round and award as well.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import cast
from uuid import uuid4

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from stdnum.cn import uscc

from appraisal.records.models import (
    Employer,
    Evidence,
    Honour,
    Nomination,
    Procedure,
    Slate,
    SlateEntry,
    UnitPost,
)
from appraisal.records.services import labelling
from appraisal.records.states import (
    Channel,
    Control,
    EntryKind,
    EvidenceKind,
    MeetingKind,
    NominationState,
    SlateState,
    UnitRole,
)
from quotas.base import clock
from quotas.base.states import (
    Basis,
    ConditionKind,
    FieldType,
    KeptBy,
    Level,
    NomineeKind,
    Role,
    RoundState,
    RuleKind,
    Sense,
    Stage,
)
from quotas.bodies.models import Organ
from quotas.bodies.services import organs
from quotas.calendar.models import CalendarYear
from quotas.editions import standard
from quotas.editions.asked import AskedField, Option
from quotas.editions.label_words import label_word
from quotas.editions.models import Award, EditionField, NomineeCondition, RuleVersion, ShareRule
from quotas.editions.services import fields, rules
from quotas.editions.services.settled import Settled
from quotas.people.services import one_time
from quotas.rounds.models import Allotment, PlacesLine, Round, RoundAward, StageWindow
from quotas.selection import labels
from quotas.tree.models import Body, Post, User
from quotas.tree.permissions import grant_roles

_serial = count(1)
_orders = count(1)
"""Where awards stand: a smallint, and one worker of a long run draws more serials than one holds."""

PASSWORD = "correct-horse-battery"
OPENED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""When the windows of `make_round` begin, 09:00 in China; they are due in June, July, August and September 2026."""
WINDOWS: Mapping[Stage, tuple[datetime, datetime]] = {
    Stage.UNIT: (OPENED, datetime(2026, 6, 30, 9, 30, tzinfo=UTC)),
    Stage.COUNTY: (OPENED + timedelta(days=1), datetime(2026, 7, 31, 9, 30, tzinfo=UTC)),
    Stage.CITY: (OPENED + timedelta(days=2), datetime(2026, 8, 31, 9, 30, tzinfo=UTC)),
    Stage.PROVINCE: (OPENED + timedelta(days=3), datetime(2026, 9, 30, 9, 30, tzinfo=UTC)),
}
IN_TIME = datetime(2026, 5, 15, 2, 0, tzinfo=UTC)
"""A moment (10:00 in China) at which every stage of `make_round` works; for `clock.travel`."""


# --- people and bodies ---------------------------------------------------------------------------------------


def make_user(username: str = "", *, name: str = "", **fields: object) -> User:
    """An account without any post. Its password is PASSWORD."""
    username = username or f"user{next(_serial)}"
    return User.objects.create_user(
        username, email=f"{username}@example.test", password=PASSWORD, name=name or username, **fields
    )


def make_newcomer(username: str = "", **fields: object) -> User:
    """An account without any post as the system administrator opens it: nobody has set a password, one half is out."""
    user = make_user(username, must_change_password=True, **fields)
    user.password = one_time.first_half().encoded
    user.save()
    return user


def make_body(
    code: str = "",
    *,
    level: Level = Level.COUNTY,
    parent: Body | None = None,
    name: str = "",
    has_party_office: bool | None = None,
) -> Body:
    """
    A body under `parent`; without one, under the province (city, industry) or a new city (county).

    There is one province: asking for a second gives the first. Its organs have a telephone.
    """
    if level == Level.PROVINCE:
        found = Body.objects.filter(level=Level.PROVINCE).first()
        if found is not None:
            return found
        code = code or "320000"
    elif parent is None:
        parent = make_body(level=Level.CITY if level == Level.COUNTY else Level.PROVINCE)
    code = code or f"B{next(_serial):05d}"
    body: Body = Body.objects.create(
        code=code,
        name=name or f"{level.label}{code}",
        short_name=(name or f"{level.label}{code}")[:20],
        level=level,
        parent=parent,
        path=f"{parent.path if parent else ''}{code}/",
        has_party_office=level != Level.INDUSTRY if has_party_office is None else has_party_office,
    )
    Organ.objects.bulk_create(
        Organ(body=body, kind=kind, name=organs.default_name(body, kind), telephone=f"0512-{code}")
        for kind in organs.kinds_at(body)
    )
    return body


def make_post(body: Body, role: Role, *users: User) -> Post:
    """The post with its grants, held by the users. Asking for it again adds the users."""
    post = Post.objects.filter(body=body, role=role).first()
    if post is None:
        group = Group.objects.create(name=f"{body.code}:{role.value}")
        post = Post.objects.create(body=body, role=role, group=group)
        grant_roles([(group, role, body)])
    for user in users:
        user.groups.add(post.group)
    return post


def make_official(body: Body, role: Role, **fields: object) -> User:
    """A new account that holds one post."""
    user = make_user(**fields)
    make_post(body, role, user)
    return user


def announce_years(*years: int) -> None:
    """Let these years be announced, without any day that differs from the plain week; those of every test round."""
    CalendarYear.objects.bulk_create(
        [
            CalendarYear(year=year, source="国办发明电〔2025〕7号", entered_at=OPENED)
            for year in years or range(2023, 2029)
        ],
        ignore_conflicts=True,
    )


# --- the plan ------------------------------------------------------------------------------------------------


def make_award(
    code: str = "",
    *,
    name: str = "",
    nominee_kind: NomineeKind = NomineeKind.UNIT,
    final_stage: Stage = Stage.PROVINCE,
    joint: bool = True,
) -> Award:
    """An award without rules."""
    number = next(_serial)
    return Award.objects.create(
        code=code or f"award_{number}",
        name=name or f"奖项{number}",
        short_name=(name or f"奖项{number}")[:20],
        order=next(_orders),
        nominee_kind=nominee_kind,
        final_stage=final_stage,
        joint=joint,
        clause="苏组通〔2019〕65号 二.3",
    )


def make_rule_version(award: Award, *, number: int = 1) -> RuleVersion:
    """An edition without rules, with the fields that are usual for the award's kind of nominee."""
    version: RuleVersion = RuleVersion.objects.create(
        award=award,
        number=number,
        catalogue_edition=number,
        source="苏组通〔2019〕65号",
        created_at=clock.now(),
        published_at=clock.now(),
    )
    make_fields(version, *standard.usual(award.nominee_kind))
    return version


HONOURS = AskedField(
    "f",
    "获奖情况",
    FieldType.TABLE,
    most=3,
    columns=(
        AskedField("1", "荣誉名称", FieldType.TEXT, most=20, required=True),
        AskedField("2", "年月", FieldType.MONTH),
        AskedField("3", "级别", FieldType.CHOICE, options=(Option("1", "国家级"), Option("2", "省级"))),
        AskedField("4", "次数", FieldType.NUMBER, least=1, most=9),
    ),
)
"""A table with a column of each sort."""


def make_fields(version: RuleVersion, *asked: AskedField) -> None:
    """More fields of an edition, behind those it has."""
    there = fields.of(version.pk)
    EditionField.objects.bulk_create([*fields.rows_of(version, (*there, *asked))][len(there) :])
    fields.forget()
    rules.forget()


def make_condition(version: RuleVersion, **fields: object) -> NomineeCondition:
    """A condition of an edition: not named for `awards` (by code) within three years, unless said otherwise."""
    number = next(_serial)
    defaults: dict[str, object] = {
        "code": f"condition_{number}",
        "label": f"条件{number}",
        "kind": ConditionKind.NOT_HELD,
        "awards": [version.award.code],
        "years": 3,
        "clause": "通知 三",
    }
    made: NomineeCondition = NomineeCondition.objects.create(version=version, **defaults | fields)
    Settled.forget()
    return made


def make_share_rule(
    version: RuleVersion,
    code: str = "non_public_share",
    *,
    called: str = "非公有制占比",
    label: str = "ownership:non_public",
    base: str = "",
    each: str = "",
    basis: Basis = Basis.LISTED,
    sense: Sense = Sense.MIN,
    kind: RuleKind = RuleKind.SHARE,
    numerator: int = 1,
    denominator: int = 2,
    stages: tuple[Stage, ...] = (),
    advisory: bool = False,
    kept: KeptBy = KeptBy.ITSELF,
) -> ShareRule:
    """A rule on the entries which carry `label` (facet:value); the default is "at least half non-public"."""
    return ShareRule.objects.create(
        version=version,
        code=code,
        label=called,
        counted=labels.told(labels.chosen([label] if label else [])),
        base=labels.told(labels.chosen([base] if base else [])),
        each=each,
        basis=basis,
        sense=sense,
        kind=kind,
        numerator=numerator,
        denominator=1 if kind == RuleKind.COUNT else denominator,
        stages=[stage.value for stage in stages],
        advisory=advisory,
        kept=kept,
        clause="苏组通〔2019〕65号 二.3",
    )


def keep_in_parts(round_award: RoundAward, *codes: str) -> None:
    """Pin the award to a copy of its rules that keeps these in parts, and no others."""
    version = round_award.rule_version
    copy = make_rule_version(version.award, number=version.award.rule_versions.count() + 1)
    for rule in version.rules.order_by("pk"):
        rule.pk, rule.version = None, copy
        rule.kept = KeptBy.PARTS if rule.code in codes else KeptBy.ITSELF
        rule.save()
    RoundAward.objects.filter(pk=round_award.pk).update(rule_version=copy)
    round_award.rule_version = copy


def make_round(code: str = "", *, state: RoundState = RoundState.OPEN, **settings: object) -> Round:
    """A round with its four windows (see WINDOWS), open unless said otherwise, without awards."""
    number = next(_serial)
    announce_years()
    made = Round.objects.create(
        code=code or f"round-{number}",
        name=f"评选周期{number}",
        year=2026,
        source="苏组通〔2019〕65号",
        state=state,
        contact="省总工会基层工作部 025-00000000",
        lots_code=code or f"round-{number}",
        opened_at=None if state == RoundState.PLANNED else OPENED,
        closed_at=WINDOWS[Stage.PROVINCE][1] if state == RoundState.CLOSED else None,
        **settings,
    )
    StageWindow.objects.bulk_create(
        StageWindow(round=made, stage=stage, opens_at=opens_at, due_at=due_at)
        for stage, (opens_at, due_at) in WINDOWS.items()
    )
    return made


def make_round_award(
    round_: Round | None = None,
    award: Award | None = None,
    *,
    places: int = 10,
    employer_cap: int = 1,
    share: tuple[int, int] | None = (1, 2),
) -> RoundAward:
    """An award in a round, pinned to its newest edition; a new edition holds a non-public minimum of `share`."""
    round_ = round_ or make_round()
    award = award or make_award()
    version = award.rule_versions.order_by("-number").first()
    if version is None:
        version = make_rule_version(award)
        if share is not None:
            make_share_rule(version, numerator=share[0], denominator=share[1])
    return RoundAward.objects.create(
        round=round_, award=award, rule_version=version, places=places, employer_cap=employer_cap
    )


def make_allotment(
    round_award: RoundAward | None = None,
    body: Body | None = None,
    *,
    places: int = 3,
    reserve_places: int = 1,
    separate_places: int = 0,
    typed: Mapping[str, int] | None = None,
    parts: Mapping[str, int] | None = None,
) -> Allotment:
    """Places of a body, some of them kept for labels: {"ownership:non_public": 2}; `parts` are by code of the rule."""
    allotment = Allotment.objects.create(
        round_award=round_award or make_round_award(),
        body=body or make_body(),
        places=places,
        reserve_places=reserve_places,
        separate_places=separate_places,
    )
    if separate_places:
        make_separate(allotment, places=separate_places)
    for label, number in (typed or {}).items():
        make_slot(allotment, label, places=number)
    for rule, number in (parts or {}).items():
        PlacesLine.objects.create(allotment=allotment, rule=rule, places=number)
    return allotment


def make_separate(
    allotment: Allotment,
    purpose: str = "专项",
    *,
    places: int = 1,
    owner: Body | None = None,
    key: str = "s1",
) -> PlacesLine:
    """A line of separate places, of the body above unless said otherwise; the total is the caller's."""
    body = allotment.body
    return PlacesLine.objects.create(
        allotment=allotment, key=key, name=purpose, owner=owner or body.parent or body, places=places
    )


def make_slot(allotment: Allotment, label: str, *, places: int = 1, within: str = "") -> PlacesLine:
    """A slot of an allotment that is kept for one label."""
    key = label.partition(":")[2][:20]
    return PlacesLine.objects.create(
        allotment=allotment,
        key=key,
        name=label_word(label),
        kind=labels.told(labels.bearing(label)),
        within=within,
        places=places,
    )


# --- the conduct ---------------------------------------------------------------------------------------------


def make_employer(body: Body | None = None, *, non_public: bool = True, **fields: object) -> Employer:
    """A unit in a county with its ownership verified: private, or with `non_public` false state-controlled."""
    number = next(_serial)
    control = Control.PRIVATE if non_public else Control.STATE
    defaults: dict[str, object] = {
        "credit_code": make_credit_code(number),
        "name": f"企业{number}",
        "employees": 100,
        "union_members": 90,
        "control": control,
        "verified_control": control,
        "verified_by": User.objects.first() or make_user(),
        "verified_at": OPENED,
        "verified_on_proof": "营业执照",
    }
    return Employer.objects.create(body=body or make_body(), **defaults | fields)


def make_credit_code(number: int) -> str:
    """A unified social credit code of a company, with its check digit, another one for every number."""
    code = f"91320500MA{number:07d}"
    return code + uscc.calc_check_digit(code)


def make_nomination(
    round_award: RoundAward | None = None,
    desk: Body | None = None,
    *,
    employer: Employer | None = None,
    status: NominationState = NominationState.POOLED,
    non_public: bool = True,
    **fields: object,
) -> Nomination:
    """A nomination at `desk`, in its pool unless said otherwise; its classification is frozen as `non_public` says.

    Its first body is the unit's county, so that `desk` may lie above it.
    """
    number = next(_serial)
    round_award = round_award or make_round_award()
    employer = employer or make_employer(desk, non_public=non_public)
    desk = desk or employer.body
    with_unit = status in {NominationState.DRAFT, NominationState.ENDORSING}
    defaults: dict[str, object] = {
        "number": f"26-{number:05d}-0",
        "body": employer.body,
        "channel": Channel.TERRITORIAL,
        "created_by": fields.get("created_by") or make_user(),
        "created_at": OPENED,
        "entered_at": OPENED,
        "form_key": uuid4(),
        "nominee_name": f"推荐对象{number}",
        "nominee_key": f"unit:{number}",
        "stage": Stage.UNIT if with_unit else desk.stage,
        "desk": None if with_unit else desk,
        "submitted_at": None if with_unit else OPENED,
        "frozen_control": employer.verified_control,
        "non_public": non_public,
        "ownership_verified": True,
    }
    nomination = labelled(
        Nomination(round_award=round_award, employer=employer, status=status, **defaults | answering(fields))
    )
    nomination.save()
    return nomination


def make_honour(nomination: Nomination, *, revoked: bool = False, **fields: object) -> Honour:
    """The entry of a nomination that was named in the honours register, as its naming would have written it."""
    award = nomination.round_award.award
    defaults: dict[str, object] = {
        "award": award,
        "kind": award.nominee_kind,
        "holder_key": nomination.nominee_key,
        "holder": nomination.nominee_name,
        "employer": nomination.employer,
        "document_number": "苏工发〔2024〕1号",
        "granted_on": date(2024, 4, 29),
        "nomination": nomination,
        "entered_by": nomination.created_by,
        "entered_at": OPENED,
        "revoked_on": date(2025, 1, 6) if revoked else None,
        "revoked_for": "弄虚作假" if revoked else "",
    }
    return Honour.objects.create(**defaults | fields)


def answering(told: Mapping[str, object]) -> dict[str, object]:
    """What an application tells, with the answers to standard fields among `answers`; False is no answer."""
    columns = {name: value for name, value in told.items() if name not in standard.STANDARD}
    answers = {
        name: value for name, value in told.items() if name in standard.STANDARD and value not in {False, ""}
    }
    given = cast(dict[str, object], columns.get("answers", {}))
    return {**columns, "answers": {**given, **answers}}


def labelled(nomination: Nomination) -> Nomination:
    """The nomination with the labels that its columns and answers come to, as the services would have written them."""
    nomination.labels = labels.written(labelling.carried(nomination))
    return nomination


def relabel(nominations: Iterable[Nomination] | None = None, **fields: object) -> None:
    """Change columns and answers of nominations (all, or these) past the services, and their labels with them."""
    for nomination in Nomination.objects.all() if nominations is None else nominations:
        told = answering({"answers": nomination.answers, **fields})
        gone = {name for name, value in fields.items() if value in {False, ""}}
        told["answers"] = {key: value for key, value in told["answers"].items() if key not in gone}
        for name, value in told.items():
            setattr(nomination, name, value)
        labelled(nomination).save()


def make_slate(
    allotment: Allotment | None = None,
    *,
    non_public: int = 0,
    public: int = 0,
    reserves: int = 0,
    state: SlateState = SlateState.COMPILING,
) -> Slate:
    """The slate of an allotment with so many regular entries of its pool, the non-public ones first, and reserves.

    In another state than COMPILING its places are taken, as the services would have left them.
    """
    allotment = allotment or make_allotment(places=max(non_public + public, 1), reserve_places=reserves)
    slate = Slate.objects.create(
        round_award=allotment.round_award, body=allotment.body, stage=allotment.body.stage, state=state
    )
    kinds = [(EntryKind.REGULAR, True)] * non_public + [(EntryKind.REGULAR, False)] * public
    kinds += [(EntryKind.RESERVE, True)] * reserves
    ranks: Counter[EntryKind] = Counter()
    for kind, is_non_public in kinds:
        ranks[kind] += 1
        nomination = make_nomination(allotment.round_award, allotment.body, non_public=is_non_public)
        SlateEntry.objects.create(slate=slate, nomination=nomination, kind=kind, rank=ranks[kind])
    if state != SlateState.COMPILING:
        allotment.committed = ranks[EntryKind.REGULAR]
        allotment.save()
    return slate


# --- the unit's own people ------------------------------------------------------------------------------------


def make_unit_person(employer: Employer, *roles: UnitRole, **fields: object) -> User:
    """A new account that acts for the unit, as its applicant unless said otherwise."""
    user = make_user(**fields)
    for role in roles or (UnitRole.APPLICANT,):
        UnitPost.objects.create(user=user, employer=employer, role=role)
    return user


def make_procedure(nomination: Nomination, **fields: object) -> Procedure:
    """A democratic procedure that is in order in IN_TIME: 80 of 100 present, 75 for, notice from 20 to 30 April."""
    defaults: dict[str, object] = {
        "meeting_kind": MeetingKind.STAFF_CONGRESS,
        "meeting_date": date(2026, 4, 17),
        "entitled": 100,
        "present": 80,
        "votes_for": 75,
        "votes_against": 3,
        "votes_abstained": 2,
        "notice_from": date(2026, 4, 20),
        "notice_to": date(2026, 4, 30),
        "notice_place": "厂务公开栏",
        "notice_objections": False,
        "party_opinion": "同意推荐。",
        "party_opinion_date": date(2026, 5, 6),
    }
    return Procedure.objects.create(nomination=nomination, **defaults | fields)


_PAPER = "evidence/paper.pdf"


def make_evidence(nomination: Nomination, *kinds: EvidenceKind) -> list[Evidence]:
    """Evidence with one small file behind all of it: all kinds that an endorsement needs unless said otherwise."""
    kinds = kinds or (EvidenceKind.DEEDS, EvidenceKind.MINUTES, EvidenceKind.UNIT_NOTICE)
    content = b"x"
    if not default_storage.exists(_PAPER):
        default_storage.save(_PAPER, ContentFile(content))
    return Evidence.objects.bulk_create(
        Evidence(
            nomination=nomination,
            kind=kind,
            file=_PAPER,
            name=f"{kind.label}.pdf",
            content_type="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=nomination.created_by,
            uploaded_at=OPENED,
        )
        for kind in kinds
    )


def make_application(allotment: Allotment | None = None, **fields: object) -> Nomination:
    """A draft of a unit with all that a submission needs, in the county of the allotment; made by its applicant."""
    allotment = allotment or make_allotment()
    employer = fields.pop("employer", None) or make_employer(allotment.body)
    applicant = fields.pop("created_by", None) or make_unit_person(employer)
    defaults: dict[str, object] = {
        "status": NominationState.DRAFT,
        "created_by": applicant,
        "nominee_name": employer.name,
        "nominee_key": f"unit:{employer.credit_code}",
        "phone": "025-00000000",
        "deeds": "主要事迹。",
        "summary": "简要事迹。",
        "union_funds_paid": True,
        "due_at": WINDOWS[Stage.UNIT][1],
        "ownership_verified": False,
        "frozen_control": Control.UNKNOWN,
        "non_public": False,
    }
    nomination = make_nomination(allotment.round_award, employer=employer, **defaults | fields)
    make_evidence(nomination)
    return nomination


def squeezed(html: str) -> str:
    """A page without the white space that only lays out its source: runs are one space, and none stands at a tag."""
    return re.sub(r"(?<=>) | (?=[<>])", "", " ".join(html.split()))
