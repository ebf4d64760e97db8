"""A nomination as it is read: the sections of the paper form, the stages, opinions, evidence, checks and history.

Plain rows for the partials, made from a nomination read with `for_detail()`: nothing here asks the database but
`viewer_of` and `history`. This module decides, once for all pages that show a nomination, who may read which line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from appraisal.nominations.services import evidence as evidence_files
from appraisal.nominations.services.nominations import asked_of
from appraisal.records import tones
from appraisal.records.models import Employer, Evidence, Nomination, Opinion, Procedure
from appraisal.records.states import (
    EvidenceKind,
    Industry,
    NominationAct,
    NominationNote,
    NominationState,
    SizeClass,
)
from quotas.base import text
from quotas.base.states import FieldType, Level, NomineeKind, Office, Stage
from quotas.base.wording import word
from quotas.editions.asked import NOMINEE_SECTION, Answer, AskedField, cells_of, files_of, shown
from quotas.editions.standard import FUNDS_SECTION
from quotas.ledger.models import LedgerEntry
from quotas.oversight.views import told as ledger_told
from quotas.selection import labels
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, grants_of

_UNIT_ACTS = frozenset(
    {
        *(note.value for note in NominationNote if note != NominationNote.SCORE),
        NominationAct.SUBMIT.value,
        NominationAct.SEND_BACK.value,
        NominationAct.ENDORSE.value,
        NominationAct.RESUBMIT.value,
        NominationAct.WITHDRAW.value,
    }
)
"""Acts within the unit, whose people know each other's names."""

NOMINEE_TITLES: Mapping[str, Any] = {
    NomineeKind.UNIT: gettext_lazy("推荐单位基本情况"),
    NomineeKind.TEAM: gettext_lazy("推荐集体基本情况"),
    NomineeKind.PERSON: gettext_lazy("推荐个人基本情况"),
    NomineeKind.PARTY_ORG: gettext_lazy("推荐党组织基本情况"),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """In which capacity somebody reads a nomination."""

    own_unit: bool
    decides: bool

    @property
    def sees_personal(self) -> bool:
        """Whether the viewer sees identity number, telephone and other personal data in full: the unit's own people,
        and those who decide on it now.
        """
        return self.own_unit or self.decides

    @property
    def sees_reviewers(self) -> bool:
        """Names of the people in the offices: for officials. A unit is answered by an office, not by a person."""
        return not self.own_unit


OWN_UNIT = Viewer(own_unit=True, decides=False)
"""The reader on the pages of the unit's own tasks."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The lines of a table that an application fills in, as they are drawn."""

    headings: Sequence[Any]
    lines: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class DossierRow:
    """A line of a section. `changed` marks what differs from the last version, `was` is what stood there.

    `cells` are drawn in place of the value, which says the same in words and is what is compared.
    """

    label: Any
    value: Any
    note: Any = ""
    changed: bool = False
    was: Any = ""
    cells: Cells | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the paper form."""

    id: str
    title: Any
    rows: Sequence[DossierRow]


def viewer_of(nomination: Nomination, user: User) -> Viewer:
    """In which capacity the user reads it. The user's grants and units."""
    grants = grants_of(user)
    reviewing = grants.bodies(Act.REVIEW_UNION) | grants.bodies(Act.REVIEW_PARTY)
    return Viewer(
        own_unit=any(nomination.employer_id in units for units in Employer.objects.roles_of(user).values()),
        decides=nomination.desk_id in reviewing,
    )


def ownership(employer: Employer) -> dict[str, Any]:
    """Non-public, public, or not verified yet: word, tone and note. Unverified counts as public, and says so."""
    if not employer.is_verified:
        return {
            "label": _("待核验"),
            "tone": tones.of_ownership(verified=False),
            "note": _("核验前按公有制计。"),
        }
    word = _("非公有制") if employer.is_non_public else _("公有制")
    return {
        "label": word,
        "tone": tones.of_ownership(verified=True),
        "note": employer.get_verified_control_display(),
    }


# The paper form


def sections(nomination: Nomination, viewer: Viewer) -> list[Section]:
    """The application in the order of the paper form."""
    kind = nomination.round_award.award.nominee_kind
    asked = _asked_rows(nomination, viewer)
    nominee = [*_nominee_rows(nomination, kind, viewer), *asked.pop(NOMINEE_SECTION, [])]
    funds = [*asked.pop(FUNDS_SECTION, []), *_score_rows(nomination)]
    return [
        Section("s-nominee", NOMINEE_TITLES[kind], nominee),
        *(
            Section(f"s-asked-{number}", _(title), rows)
            for number, (title, rows) in enumerate(asked.items(), start=1)
        ),
        Section("s-employer", _("所在单位"), _employer_rows(nomination)),
        Section("s-funds", _("工会经费与自评"), funds),
        Section("s-honours", _("荣誉基础"), [DossierRow(_("曾获荣誉"), nomination.honours)]),
        Section("s-summary", _("简要事迹"), [DossierRow(_("简要事迹"), nomination.summary)]),
        Section("s-deeds", _("主要事迹"), [DossierRow(_("主要事迹"), nomination.deeds)]),
    ]


def all_sections(nomination: Nomination, viewer: Viewer) -> list[Section]:
    """The whole dossier: the application and the unit's procedure."""
    procedure = procedure_section(getattr(nomination, "procedure", None))
    return [*sections(nomination, viewer), procedure]


def procedure_section(procedure: Procedure | None) -> Section:
    """The unit's democratic procedure as it was recorded."""
    title = _("民主程序")
    if procedure is None:
        return Section("procedure", title, [DossierRow(_("民主程序"), _("没有登记民主程序。"))])
    vote = _("应到 %(entitled)s，实到 %(present)s；同意 %(for)s，反对 %(against)s，弃权 %(abstained)s") % {
        "entitled": procedure.entitled,
        "present": procedure.present,
        "for": procedure.votes_for,
        "against": procedure.votes_against,
        "abstained": procedure.votes_abstained,
    }
    days = f"{word(procedure.notice_from)} — {word(procedure.notice_to)}"
    rows = [
        DossierRow(_("会议"), procedure.get_meeting_kind_display(), word(procedure.meeting_date)),
        DossierRow(_("表决"), vote),
        DossierRow(_("单位公示"), days, _notice_note(procedure)),
        DossierRow(_("党组织意见"), procedure.party_opinion, word(procedure.party_opinion_date)),
    ]
    return Section("procedure", title, rows)


def _notice_note(procedure: Procedure) -> str:
    if not procedure.notice_reason:
        return str(procedure.notice_place)
    reason = _("结束日期的依据：%(reason)s") % {"reason": procedure.notice_reason}
    return f"{procedure.notice_place} · {reason}"


def compared(now: Iterable[Section], then: Iterable[Section]) -> list[Section]:
    """The sections with what differs from an earlier version of the same nomination marked, and what stood there."""
    before = {(section.id, str(row.label)): row for section in then for row in section.rows}
    return [
        replace(
            section,
            rows=[_compared(row, before.get((section.id, str(row.label)), row)) for row in section.rows],
        )
        for section in now
    ]


def _compared(row: DossierRow, before: DossierRow) -> DossierRow:
    if str(row.value or "") != str(before.value or ""):
        return replace(row, changed=True, was=before.value or _("（空）"))
    if str(row.note or "") != str(before.note or ""):
        was = _("%(value)s（%(note)s）") % {"value": before.value, "note": before.note}
        return replace(row, changed=True, was=was if before.note else before.value)
    return row


def only_changes(sections_: Iterable[Section]) -> list[Section]:
    """The changed rows of these sections; sections without any are left out."""
    found = [replace(each, rows=[row for row in each.rows if row.changed]) for each in sections_]
    return [section for section in found if section.rows]


def evidence_compared(
    nomination: Nomination, files: list[dict[str, Any]], then: Iterable[Sequence[Any]]
) -> list[dict[str, Any]]:
    """The files with what came since marked, and what was taken out since at the end.

    `then`: number, kind, name, and the key of the field that asked for it.
    """
    asked = evidence_files.file_fields(nomination)
    old = {number: (_kind_word(kind, field, asked), name) for number, kind, name, field in then}
    here = {item["pk"] for item in files if "pk" in item}
    kept = [
        {**item, "note": _("补正时新增"), "changed": True} if "pk" in item and item["pk"] not in old else item
        for item in files
    ]
    gone = [
        {
            "label": kind,
            "note": _("补正时已删除：%(name)s") % {"name": name},
            "changed": True,
        }
        for number, (kind, name) in old.items()
        if number not in here
    ]
    return kept + gone


def _nominee_rows(nomination: Nomination, kind: str, viewer: Viewer) -> list[DossierRow]:
    award = nomination.round_award.award
    rows = [
        DossierRow(_("申报奖项"), award.name, award.clause),
        DossierRow(_("推荐对象"), nomination.nominee_name),
        DossierRow(_("渠道"), nomination.get_channel_display(), nomination.body.name),
    ]
    if kind == NomineeKind.PERSON:
        number = nomination.identity_number
        rows += [
            DossierRow(_("职务"), nomination.position),
            DossierRow(_("居民身份证号"), number if viewer.sees_personal else text.masked(number)),
        ]
    if kind != NomineeKind.PERSON:
        rows.append(DossierRow(_("负责人"), nomination.leader_name))
    phone = nomination.phone
    rows.append(DossierRow(_("联系电话"), phone if viewer.sees_personal else text.masked(phone)))
    return rows


def _employer_rows(nomination: Nomination) -> list[DossierRow]:
    employer = nomination.employer
    if nomination.submitted_at:
        frozen: Any = _("非公有制") if nomination.non_public else _("公有制")
        control = nomination.frozen_control.label
        note = _("申报时控股情况：%(control)s；%(verified)s") % {
            "control": control,
            "verified": _("已核验") if nomination.ownership_verified else _("未核验，按公有制计"),
        }
        if nomination.ownership_changed:
            note += _("；登记后来有变更，请核对")
        classified = [
            DossierRow(_("所有制（以申报时为准）"), frozen, note),
            DossierRow(_("单位性质（以申报时为准）"), nomination.get_sector_display()),
            *_trade_rows(
                nomination.industry,
                nomination.size,
                labels_=(_("行业（以申报时为准）"), _("企业规模（以申报时为准）")),
            ),
        ]
    else:
        classified = _classified_now(employer)
    return _register_rows(employer, classified)


def _classified_now(employer: Employer) -> list[DossierRow]:
    now = ownership(employer)
    return [
        DossierRow(_("所有制"), now["label"], now["note"]),
        DossierRow(_("单位性质"), employer.get_sector_display()),
        *_trade_rows(employer.industry, employer.size, labels_=(_("行业"), _("企业规模"))),
    ]


def _trade_rows(industry: str, size: str, *, labels_: tuple[str, str]) -> list[DossierRow]:
    """The industry, and the size where what the register knows decides it; nothing where the industry is not known."""
    if not industry:
        return []
    unknown = _("登记的职工人数、营业收入和资产总额不足以确定，或者该行业不划分。")
    return [
        DossierRow(labels_[0], Industry(industry).label),
        DossierRow(labels_[1], SizeClass(size).label if size else "", "" if size else unknown),
    ]


def share_words(permille: int | None) -> str:
    """A share in ‰ as it is shown: 51%, 33.3%; nothing when it is not known."""
    return "" if permille is None else f"{permille // 10}.{permille % 10}".removesuffix(".0") + "%"


def employer_section(employer: Employer, viewer: Viewer) -> Section:
    """A unit as the register has it."""
    rows = _register_rows(employer, _classified_now(employer))
    rows += [
        DossierRow(_("所在县（市、区）"), employer.body.name),
        DossierRow(_("所属省产业工会"), employer.industry_body.name if employer.industry_body else ""),
        DossierRow(_("单位填报控股情况"), employer.get_control_display()),
        DossierRow(_("国有资本占比"), share_words(employer.state_capital_permille)),
    ]
    if employer.is_verified:
        if viewer.sees_reviewers:
            rows.append(DossierRow(_("核验人"), employer.verified_by.name if employer.verified_by else ""))
        rows += [
            DossierRow(_("核验时间"), word(employer.verified_at)),
            DossierRow(_("核验依据"), employer.verified_on_proof),
        ]
    return Section("s-register", _("登记信息"), rows)


def _register_rows(employer: Employer, classified: list[DossierRow]) -> list[DossierRow]:
    return [
        DossierRow(_("单位名称"), employer.name),
        DossierRow(_("统一社会信用代码"), employer.credit_code),
        *classified,
        DossierRow(_("登记注册类型"), employer.registration_type),
        DossierRow(_("地址"), employer.address),
        DossierRow(_("职工人数"), employer.employees),
        DossierRow(
            _("工会会员人数"),
            employer.union_members,
            _("入会率 %(rate)s%%") % {"rate": employer.union_members * 100 // employer.employees}
            if employer.employees
            else "",
        ),
        DossierRow(_("工会"), employer.union_name, employer.union_code),
        DossierRow(_("党组织"), employer.party_org_name),
        DossierRow(_("党员人数"), employer.party_members),
        *(
            DossierRow(label, f"{figure:,}")
            for label, figure in (
                (_("营业收入（万元）"), employer.revenue),
                (_("资产总额（万元）"), employer.assets),
            )
            if figure is not None
        ),
    ]


def _asked_rows(nomination: Nomination, viewer: Viewer) -> dict[str, list[DossierRow]]:
    """What the edition asks and the application answers, by section; personal data is masked as an identity number is."""
    rows: dict[str, list[DossierRow]] = {}
    entry = labels.read(nomination.labels)
    for field in asked_of(nomination):
        # Files stand with the evidence.
        if field.type == FieldType.FILE:
            continue
        answer = nomination.answers.get(field.key)
        if answer is None and not field.asked_of.holds(entry):
            continue
        row = _asked_row(field, answer, masked=field.personal and not viewer.sees_personal)
        rows.setdefault(field.section, []).append(row)
    return rows


def _asked_row(field: AskedField, answer: Answer | None, *, masked: bool) -> DossierRow:
    lines = cells_of(field, answer, masked=masked)
    cells = Cells([_(column.label) for column in field.columns], lines) if lines else None
    return DossierRow(_(field.label), shown(field, answer, masked=masked), cells=cells)


def _score_rows(nomination: Nomination) -> list[DossierRow]:
    rows = [DossierRow(_("自评分"), points(nomination.self_score))]
    if nomination.score is not None:
        rows.append(DossierRow(_("评审得分"), points(nomination.score)))
    return rows


def points(hundredths: int | None) -> str:
    """A score kept in hundredths of a point, as it is written: 93.50."""
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"


def office_name(body: Any, office: Office) -> str:
    """The full name of an office of a body: 苏州市总工会, 苏州市委组织部. An industry union is its own office."""
    if body.level == Level.INDUSTRY:
        return str(body.name)
    if office == Office.UNION:
        return _("%(body)s总工会") % {"body": body.name}
    return _("%(body)s委组织部") % {"body": body.name}


# Stages


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage of the way, for the rail."""

    name: str
    tone: str
    word: Any
    who: str = ""
    at: datetime | None = None
    url: str = ""
    passed: bool = False
    current: bool = False
    ahead: bool = False


_IN_HAND = frozenset({NominationState.DRAFT, NominationState.ENDORSING})
_UNDER_WAY = _IN_HAND | {NominationState.IN_REVIEW, NominationState.RETURNED}

_WORDS_AT: Mapping[str, Any] = {
    NominationState.DRAFT: gettext_lazy("填写中"),
    NominationState.ENDORSING: gettext_lazy("待单位审核"),
    NominationState.IN_REVIEW: gettext_lazy("审核中"),
    NominationState.RETURNED: pgettext_lazy("申报状态", "退回补正"),
    NominationState.POOLED: gettext_lazy("已通过，待列入名单"),
}


def rail(nomination: Nomination, viewer: Viewer) -> list[Stop]:
    """The unit and every body on the way: passed, here, still ahead."""
    here = nomination.stage
    stops = []
    for stage, name in _way(nomination):
        said = [opinion for opinion in nomination.opinions.all() if opinion.stage == stage]
        last = said[-1].at if said else None
        if stage == Stage.UNIT:
            who, at = nomination.created_by.name, nomination.submitted_at
        else:
            who, at = _deciders(said, nomination.review_pass, viewer), last
        if stage < here or nomination.status == NominationState.NAMED:
            stops.append(Stop(name, tones.PASSED, _("已通过"), who, at, passed=True))
        elif stage > here:
            ended = nomination.status not in _WORDS_AT
            tone, word = (tones.LEFT_OUT, _("不经过")) if ended else (tones.AHEAD, _("未到"))
            stops.append(Stop(name, tone, word, ahead=True))
        else:
            word = _WORDS_AT.get(nomination.status) or nomination.get_status_display()
            tone = tones.HERE if nomination.status in _IN_HAND else tones.tone(nomination.status)
            passed = nomination.status == NominationState.POOLED
            current = nomination.status in _UNDER_WAY
            stops.append(
                Stop(name, tone, word, who, at or nomination.entered_at, passed=passed, current=current)
            )
    return stops


def _way(nomination: Nomination) -> list[tuple[Stage, str]]:
    """The stages of the route with the names of unit and bodies, up to where the award is decided."""
    final = nomination.round_award.award.final_stage
    way = [(Stage.UNIT, nomination.employer.name)]
    body: Body | None = nomination.body
    while body is not None:
        if body.stage <= final:
            way.append((body.stage, body.name))
        body = body.parent
    return way


def _deciders(opinions: Iterable[Opinion], review_pass: int, viewer: Viewer) -> str:
    """Which offices have spoken in the present pass, with names where the viewer may know them."""
    spoken = [opinion for opinion in opinions if opinion.review_pass == review_pass] or list(opinions)
    return _("、").join(
        f"{opinion.get_office_display()} {opinion.actor.name}"
        if viewer.sees_reviewers
        else str(opinion.get_office_display())
        for opinion in spoken
    )


# Opinions, evidence, history


def opinions(nomination: Nomination, viewer: Viewer) -> list[dict[str, Any]]:
    """All opinions in the order in which they were given."""
    return [
        {
            "body": opinion.body.name,
            "post": opinion.get_office_display(),
            "by": opinion.actor.name if viewer.sees_reviewers else "",
            "at": opinion.at,
            "outcome": opinion.outcome,
            **tones.status(opinion.outcome),
            "text": opinion.text,
        }
        for opinion in nomination.opinions.all()
    ]


def evidence(
    nomination: Nomination,
    *,
    wanted: Iterable[str] = (),
    removable: Iterable[str] = (),
    back: str = "",
) -> list[dict[str, Any]]:
    """The files in the order of their kinds. `wanted` kinds without a file are listed as missing.

    Files of the `removable` kinds carry the address of their removal, which leads `back` afterwards.
    """
    files: list[Evidence] = list(nomination.evidence.all())
    asked = evidence_files.file_fields(nomination)
    wanted, removable = set(wanted), set(removable)
    entry = labels.read(nomination.labels)
    needed = {field.key for field in files_of(asked.values(), entry) if field.required} if wanted else set()
    rows: list[dict[str, Any]] = []
    for key, field in asked.items():
        here = [item for item in files if item.field == key]
        if not here and key in needed:
            rows.append({"label": _(field.label), "missing": True})
        rows += [_file(item, asked, EvidenceKind.OTHER in removable, back) for item in here]
    for kind in EvidenceKind:
        here = [item for item in files if item.kind == kind and item.field not in asked]
        if not here and kind in wanted:
            rows.append({"label": kind.label, "missing": True})
        rows += [_file(item, asked, kind in removable, back) for item in here]
    return rows


def kind_of(item: Evidence, asked: Mapping[str, AskedField]) -> str:
    """What a file proves: the field that asks for it, else its kind."""
    return _kind_word(item.kind, item.field, asked)


def _kind_word(kind: str, field: str, asked: Mapping[str, AskedField]) -> str:
    return _(asked[field].label) if field in asked else str(EvidenceKind(kind).label)


def _file(
    item: Evidence,
    asked: Mapping[str, AskedField],
    removable: bool,  # noqa: FBT001 -- private
    back: str,
) -> dict[str, Any]:
    address = reverse("appraisal:evidence_remove", args=[item.pk]) if removable else ""
    return {
        "pk": item.pk,
        "label": kind_of(item, asked),
        "name": item.name,
        "content_type": item.content_type,
        "url": reverse("appraisal:evidence", args=[item.pk]),
        "shown": item.content_type in evidence_files.SHOWN,
        # As wide as the frame, and without the strip of small pages that takes half of it.
        "fragment": "" if evidence_files.SHOWN.get(item.content_type, True) else "#navpanes=0&view=FitH",
        "sandboxed": evidence_files.SHOWN.get(item.content_type, True),
        "size": filesizeformat(item.size),
        "at": item.uploaded_at,
        "delete_url": f"{address}?next={back}" if address and back else address,
    }


def ledger_of(nomination: Nomination) -> list[LedgerEntry]:
    """The ledger rows of the nomination, newest first. One statement."""
    return list(LedgerEntry.objects.of_stream(f"nomination:{nomination.pk}"))


def history(
    nomination: Nomination, viewer: Viewer, reader: User, entries: Iterable[LedgerEntry] | None = None
) -> list[dict[str, Any]]:
    """What was done, latest first, in the sentences of the ledger.

    A fixed number of statements, one less where the page has read the `entries` of its ledger already. What the unit
    did before it handed in, in rows without a body, stays the unit's.
    """
    rows = ledger_of(nomination) if entries is None else entries
    entries = [entry for entry in rows if _tells(entry, viewer)]
    names = ledger_told.names_of(entries, reader, of_one=True)
    return [
        {
            "sentence": ledger_told.sentence(entry, names, who=_who(entry, viewer), thing=_("申报")),
            "tone": tones.of_act(entry.stream, entry.act),
            "at": entry.at,
            "text": entry.reason,
        }
        for entry in entries
    ]


def _tells(entry: LedgerEntry, viewer: Viewer) -> bool:
    """Whether this reader sees the row. A unit does not learn who in an office has the work in hand."""
    if not viewer.own_unit:
        return entry.body_id is not None
    return entry.body_id is None or entry.act != NominationNote.TAKE_OVER


def corrected(entries: Iterable[LedgerEntry]) -> dict[str, Any] | None:
    """What the unit says it has corrected, of the latest hand-in after a return; `entries` are latest first."""
    last = next((entry for entry in entries if entry.act == NominationAct.RESUBMIT), None)
    if last is None or not last.reason:
        return None
    return {"by": last.actor.name if last.actor else "", "at": last.at, "text": last.reason}


def sent_back(nomination: Nomination) -> dict[str, Any] | None:
    """The endorser's word to the applicant, while the draft has not been handed on again. One statement."""
    moves = (NominationAct.SUBMIT.value, NominationAct.SEND_BACK.value)
    last = LedgerEntry.objects.of_stream(f"nomination:{nomination.pk}").filter(act__in=moves).first()
    if last is None or last.act != NominationAct.SEND_BACK:
        return None
    return {"by": last.actor.name if last.actor else "", "at": last.at, "text": last.reason}


def _who(entry: LedgerEntry, viewer: Viewer) -> str | None:
    """The body alone, for who does not learn the names of reviewers; None where the ledger says it all."""
    if entry.actor is None or viewer.sees_reviewers or entry.act in _UNIT_ACTS:
        return None
    return str(entry.body.name) if entry.body else _("审核机关")
