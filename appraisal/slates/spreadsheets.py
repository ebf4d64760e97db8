"""The slates that go up: the sheet 汇总表 with its entries, the sheet 占比核验 with what it was held to.

Headings and titles are part of an official paper and of a file format that other programs read, so they stand
here as they are and are not translated.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import override

from appraisal.gate.services import gate
from appraisal.gate.wording import advice_lines, name_of, repair_word
from appraisal.records.models import Slate, SlateEntry
from appraisal.records.states import EntryKind, NominationState
from appraisal.workbooks.columns import LANGUAGE
from appraisal.workbooks.writer import Number, Sheet, SheetColumn, Value, workbook
from quotas.base.states import FieldType, Level, NomineeKind, Stage
from quotas.editions.asked import Answer, AskedField, shown
from quotas.editions.services import fields as edition_fields
from quotas.rounds.models import RoundAward

SHEET = "汇总表"
CHECK_SHEET = "占比核验"

SLATE_COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn("序号", 6),
    SheetColumn("申报编号", 13),
    SheetColumn("奖项", 18),
    SheetColumn("推荐对象", 28, wrapped=True),
    SheetColumn("对象类型", 9),
    SheetColumn("所在单位", 30, wrapped=True),
    SheetColumn("统一社会信用代码", 21),
    SheetColumn("所有制", 10),
    SheetColumn("所有制核验", 11),
    SheetColumn("设区市", 10),
    SheetColumn("县（市、区）", 13),
    SheetColumn("推荐单位", 18),
    SheetColumn("层级", 7),
    SheetColumn("得分", 8, number_format="0.00"),
    SheetColumn("推荐顺序", 9),
    SheetColumn("类别", 7),
    SheetColumn("状态", 10),
)
SLATE_HEADINGS = tuple(column.heading for column in SLATE_COLUMNS)

CHECK_COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn("规则", 44, wrapped=True),
    SheetColumn("依据", 36, wrapped=True),
    SheetColumn("基数", 8),
    SheetColumn("符合数", 8),
    SheetColumn("要求", 14),
    SheetColumn("结论", 10),
    SheetColumn("余量", 8),
)
CHECK_HEADINGS = tuple(column.heading for column in CHECK_COLUMNS)

NON_PUBLIC, PUBLIC = "非公有制", "公有制"
HOLDS, BROKEN, ADVISED = "符合", "不符合", "不符合，须报批"
APPROVAL = "报批"
"""Stands below the checks of a slate that breaks with approval what it is only advised to keep."""
PLACES_CLAUSE = "名额分配表"
ADVICE = "调整建议"
"""Stands below the checks of a slate that does not keep them."""
AT_LEAST, AT_MOST = '"不少于 "0', '"不超过 "0'
"""How a required number is shown; the cell itself holds the number."""

SEPARATE_HEADING = "单列项目"
"""The last column, where somebody stands in a separate place."""

_KIND_ORDER = {EntryKind.REGULAR: 0, EntryKind.SEPARATE: 1, EntryKind.RESERVE: 2}


class _Entry(NamedTuple):
    """What a row of the slate is made of, as the statement gives it."""

    kind: str
    rank: int
    line: str
    slate_id: int
    slate__stage: str
    slate__body__path: str
    nomination__number: str
    nomination__nominee_name: str
    nomination__status: str
    nomination__score: int | None
    nomination__non_public: bool
    nomination__ownership_verified: bool
    nomination__ownership_changed: bool
    nomination__body__name: str
    nomination__employer__name: str
    nomination__unit_name: str
    nomination__employer__credit_code: str
    nomination__employer__body__level: str
    nomination__employer__body__name: str
    nomination__employer__body__parent__name: str | None
    nomination__round_award__award__name: str
    nomination__round_award__award__nominee_kind: str
    nomination__answers: dict[str, Any]


def slate_workbook(slate_id: int) -> bytes:
    """The workbook of a body's slate, as it stands. A number of statements that does not depend on its length.

    Raises Slate.DoesNotExist; who may see the slate was asked before.
    """
    slate = Slate.objects.for_list().get(pk=slate_id)
    title = f"{slate.body.name}{slate.round_award.award.name}推荐名单{SHEET}"
    return _document(title, slate.round_award, _entries(Q(slate=slate)), [slate], _settled(slate))


def final_workbook(round_award_id: int) -> bytes:
    """The workbook of everything named for an award of a round, over all bodies that award it.

    Raises RoundAward.DoesNotExist. Before the naming the slate is empty.
    """
    award = RoundAward.objects.select_related("award", "round").get(pk=round_award_id)
    slates = list(
        Slate.objects.for_list()
        .filter(round_award=award, stage=award.award.final_stage, naming__isnull=False)
        .order_by("body__path")
    )
    named = Q(slate__in=slates, nomination__status=NominationState.NAMED)
    issuer = slates[0].body.name if len(slates) == 1 else ""
    title = f"{issuer}{award.award.name}命名名单{SHEET}"
    moments = [_settled(slate) for slate in slates]
    return _document(title, award, _entries(named), slates, max(moments, default=_beginning(award)))


def _document(
    title: str, award: RoundAward, entries: Sequence[_Entry], slates: Sequence[Slate], moment: datetime
) -> bytes:
    listed = [field for field in edition_fields.of(award.rule_version_id) if field.listed]
    with override(LANGUAGE):
        more = [SheetColumn(_heading(field), 14, wrapped=True) for field in listed]
        purposes = _purposes(slates) if any(row.line for row in entries) else None
        if purposes is not None:
            more.append(SheetColumn(SEPARATE_HEADING, 18, wrapped=True))
        return workbook(
            [
                Sheet(SHEET, (*SLATE_COLUMNS, *more), _rows(entries, listed, purposes), title=title),
                Sheet(
                    CHECK_SHEET,
                    CHECK_COLUMNS,
                    _checks(slates),
                    title=f"{title.removesuffix(SHEET)}{CHECK_SHEET}",
                ),
            ],
            title=title,
            moment=moment,
        )


def _settled(slate: Slate) -> datetime:
    """The last moment that the slate itself knows of."""
    return slate.sent_up_at or slate.submitted_at or _beginning(slate.round_award)


def _beginning(award: RoundAward) -> datetime:
    return award.round.opened_at or award.rule_version.created_at


# --- entries -------------------------------------------------------------------------------------------------


def _entries(which: Q) -> list[_Entry]:
    """The entries that stand, in the order of the slates: regular, separately listed, reserves. One statement."""
    rows = SlateEntry.objects.filter(which, removed_at=None).values_list(*_Entry._fields).order_by()
    return sorted(
        map(_Entry._make, rows),
        key=lambda row: (row.slate__body__path, _KIND_ORDER[EntryKind(row.kind)], row.rank),
    )


def _purposes(slates: Iterable[Slate]) -> dict[tuple[int, str], str]:
    """What the lines of separate places of these slates are for, and whose they are."""
    return {
        (slate.pk, line.key): f"{line.purpose}（{line.owner}决定）"
        for slate in slates
        for line in gate.plan_of(slate).separate
    }


def _rows(
    entries: Iterable[_Entry], listed: Sequence[AskedField], purposes: Mapping[tuple[int, str], str] | None
) -> Iterable[Sequence[Value]]:
    # Labels once: a translation is looked up anew with every access.
    kinds = {kind.value: str(kind.label) for kind in EntryKind}
    stages = {stage.value: str(stage.label) for stage in Stage}
    states = {state.value: str(state.label) for state in NominationState}
    nominees = {kind.value: str(kind.label) for kind in NomineeKind}
    for number, row in enumerate(entries, start=1):
        city, county = _city_and_county(row)
        yield (
            number,
            row.nomination__number,
            row.nomination__round_award__award__name,
            row.nomination__nominee_name,
            nominees[row.nomination__round_award__award__nominee_kind],
            row.nomination__unit_name or row.nomination__employer__name,
            row.nomination__employer__credit_code,
            NON_PUBLIC if row.nomination__non_public else PUBLIC,
            _verification(row),
            city,
            county,
            row.nomination__body__name,
            stages[row.slate__stage],
            None if row.nomination__score is None else Decimal(row.nomination__score).scaleb(-2),
            row.rank,
            kinds[row.kind],
            states[row.nomination__status],
            *(_told(field, row.nomination__answers.get(field.key)) for field in listed),
            *([] if purposes is None else [purposes.get((row.slate_id, row.line), "")]),
        )


def _heading(field: AskedField) -> str:
    """The name of a field; of a table with its columns, as the cells have them."""
    columns = "；".join(column.label for column in field.columns)
    return f"{field.label}（{columns}）" if columns else field.label


def _told(field: AskedField, answer: Answer | None) -> Value:
    """The cell of a field of the edition: a number stays one, what is personal is masked."""
    if field.personal:
        return shown(field, answer, masked=True)
    return answer if field.type == FieldType.NUMBER and isinstance(answer, int) else shown(field, answer)


def _verification(row: _Entry) -> str:
    if not row.nomination__ownership_verified:
        return "未核验"
    return "登记已变更" if row.nomination__ownership_changed else "已核验"


def _city_and_county(row: _Entry) -> tuple[str, str]:
    """Where the unit lies, also when it came over the industry channel."""
    place, above = row.nomination__employer__body__name, row.nomination__employer__body__parent__name or ""
    if row.nomination__employer__body__level == Level.COUNTY:
        return above, place
    return place, ""


# --- checks --------------------------------------------------------------------------------------------------


def _checks(slates: Sequence[Slate]) -> Iterable[Sequence[Any]]:
    advice: list[str] = []
    approvals: list[str] = []
    for slate in slates:
        report = gate.report(slate_id=slate.pk)
        whose = f"{slate.body.name}：" if len(slates) > 1 else ""
        for check in report.checks:
            yield (
                whose + name_of(check.bound),
                check.clause or PLACES_CLAUSE,
                check.base,
                check.count,
                Number(check.required, AT_LEAST if check.sense == "min" else AT_MOST),
                ADVISED if check.advised else HOLDS if check.holds else BROKEN,
                check.margin,
            )
        for places in report.places.values():
            if places.kind == EntryKind.REGULAR or places.available or places.used:
                yield (
                    f"{whose}{EntryKind(places.kind).label}名额",
                    PLACES_CLAUSE,
                    places.available,
                    places.used,
                    Number(places.available, AT_MOST),
                    HOLDS if places.left >= 0 else BROKEN,
                    places.left,
                )
        for use in report.separate:
            yield (
                f"{whose}单列：{use.line.purpose}（{use.line.owner}决定）",
                PLACES_CLAUSE,
                use.line.places,
                use.used,
                Number(use.line.places, AT_MOST),
                HOLDS if use.left >= 0 else BROKEN,
                use.left,
            )
        advice += [f"{whose}{line}" for line in _advice(report)]
        approvals += [f"{whose}{line}" for line in _approval(slate)]
    if approvals:
        yield from ((), (APPROVAL,), *((line,) for line in approvals))
    if advice:
        yield from ((), (ADVICE,), *((line,) for line in advice))


def _approval(slate: Slate) -> Iterable[str]:
    """What let the slate break a rule that may be approved: the rules, who gave it, when, and its document."""
    kept = slate.approval
    if kept is not None:
        rules = "、".join(kept["rules"])
        yield f"{rules}：{kept['given_by']}于 {kept['given_on']} 批准，{kept['document']}"


def _advice(report: gate.GateReport) -> Iterable[str]:
    """How a broken slate could be mended, or why it cannot; of one bound at a time where that is all that is known."""
    if report.advice is not None:
        yield from advice_lines(report.advice)
    if report.remedy or report.conflict or not report.explained:
        return
    for check in report.found.broken:
        if check.repair is not None:
            yield f"{name_of(check.bound)}：{repair_word(check.repair)}"
