"""A calculation of places as a workbook: every figure that leads from the weights to the places, and what it rests on."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from django.utils.translation import override

from appraisal.planning.wording import DECIDED
from appraisal.workbooks.columns import LANGUAGE
from appraisal.workbooks.writer import Sheet, SheetColumn, Value, workbook
from quotas.arithmetic.apportion import DivisionStep, DivisorStep
from quotas.base.wording import mixed, sentence, word
from quotas.rounds.models import Apportionment
from quotas.rounds.services import apportionments
from quotas.rounds.services.apportionments import CalculationLine, CalculationResult, Offered

SHEET = "名额测算"
BASIS_SHEET = "测算依据"

_BODY = (SheetColumn("序号", 6), SheetColumn("单位代码", 10), SheetColumn("推荐单位", 24))
_WEIGHT = (SheetColumn("权数", 12), SheetColumn("最少", 7), SheetColumn("最多", 7), SheetColumn("签号", 7))
_REMAINDER = tuple(
    SheetColumn(heading, width)
    for heading, width in (("应得份额", 14), ("整数部分", 9), ("余数", 10), ("余数位次", 9), ("余数得额", 9))
)
_QUOTIENT = tuple(
    SheetColumn(heading, width) for heading, width in (("应得份额", 14), ("末位商", 14), ("下一位商", 14))
)
_GIVEN = tuple(
    SheetColumn(heading, width)
    for heading, width in (
        ("由抽签决定", 9),
        ("受上下限约束", 11),
        ("测算名额", 9),
        ("调整为", 8),
        ("名额", 8),
    )
)
# Of each rule, the last one under its name alone.
_PART = (
    ("%(rule)s：应得份额", 14),
    ("%(rule)s：由何决定", 9),
    ("%(rule)s：测算", 9),
    ("%(rule)s：调整为", 9),
    ("%(rule)s", 9),
)
_REASON = SheetColumn("调整理由", 30, wrapped=True)


def calculation_workbook(apportionment_id: int) -> bytes:
    """The workbook of a calculation over which lots were drawn. A fixed number of statements.

    Raises CalculationNotDrawn; who may see the calculation was asked before.
    """
    result = apportionments.result(apportionment_id=apportionment_id)
    made = result.apportionment
    with override(LANGUAGE):
        title = f"{made.parent.name}“{made.round_award.award.name}”{SHEET}"
        by_quotient = any(isinstance(line.step, DivisorStep) for line in result.lines)
        columns = [
            *_BODY,
            *_WEIGHT,
            *(_QUOTIENT if by_quotient else _REMAINDER),
            *_GIVEN,
            *(
                SheetColumn(heading % {"rule": offer.label}, width, wrapped=True)
                for offer in result.handed_down
                for heading, width in _PART
            ),
            _REASON,
        ]
        rows = [_row(number, line, result.handed_down) for number, line in enumerate(result.lines, start=1)]
        rows.append(_total(columns, result))
        return workbook(
            [
                Sheet(SHEET, columns, rows, title=f"{title}表"),
                Sheet(
                    BASIS_SHEET,
                    [SheetColumn("项目", 20), SheetColumn("内容", 80, wrapped=True)],
                    list(_basis(result)),
                    title=f"{title}依据",
                ),
            ],
            title=title,
            # The last moment that the calculation itself knows of.
            moment=made.applied_at or made.drawn_at or made.made_at,
        )


def _row(number: int, line: CalculationLine, handed_down: Iterable[Offered]) -> Sequence[Value]:
    row, step = line.row, line.step
    values: list[Value] = [
        number,
        row.body.code,
        row.body.name,
        row.weight,
        row.floor or None,
        row.cap,
        row.lot,
        *_claim(step),
        "是" if step.by_lot else None,
        {"": None, "floor": "最少", "cap": "最多"}[step.held],
        step.given,
        row.adjusted_places,
        line.places,
    ]
    for offer in handed_down:
        values += _part(line, offer.rule.code)
    return [*values, row.reason]


def _total(columns: Sequence[SheetColumn], result: CalculationResult) -> Sequence[Value]:
    """The last row: all places, and at the end of the columns of each rule all its parts."""
    total: dict[str, Value] = {"推荐单位": "合计", "名额": result.places}
    values = [total.get(column.heading) for column in columns]
    for number, offer in enumerate(reversed(result.handed_down)):
        # Counted from the end, where the reasons stand.
        values[-2 - number * len(_PART)] = result.parts.get(offer.rule.code)
    return values


def _claim(step: DivisionStep[int] | DivisorStep[int]) -> Sequence[Value]:
    if isinstance(step, DivisorStep):
        return mixed(step.claim), _quotient(step.last), _quotient(step.following)
    return mixed(step.claim), step.whole, mixed(step.remainder), step.rank, step.extra


def _quotient(value: Fraction | None) -> str | None:
    return None if value is None else mixed(value)


def _part(line: CalculationLine, code: str) -> Sequence[Value]:
    cell, by_hand = line.parts.get(code), line.row.adjusted_parts.get(code)
    if cell is None:
        return None, None, None, by_hand, None
    return mixed(cell.fair), str(DECIDED[cell.why]), line.computed[code], by_hand, cell.given


def _basis(result: CalculationResult) -> Iterable[Sequence[Value]]:
    made = result.apportionment
    award = made.round_award
    yield "评选周期", award.round.name
    yield "奖项", award.award.name
    yield "分配单位", made.parent.name
    yield "状态", made.get_state_display()
    yield "名额总数", made.total
    yield "办法", made.get_method_display()
    yield "权数", made.get_weight_kind_display()
    yield "权数来源", made.weight_source
    for offer in result.handed_down:
        yield f"{offer.label}分解合计", made.figures[offer.rule.code]
    for reason in result.without_parts:
        yield "分解数", str(sentence(reason))
    yield "调整后合计", result.places
    yield "与名额总数之差", result.difference
    yield from _moments(made)
    yield "说明", _EXPLAINED[made.method]
    if result.handed_down:
        yield "分解说明", _PARTS_EXPLAINED


def _moments(made: Apportionment) -> Iterable[Sequence[Value]]:
    for label, person, moment in (
        ("建立", made.made_by, made.made_at),
        ("抽签", made.drawn_by, made.drawn_at),
        ("下达", made.applied_by, made.applied_at),
    ):
        if person is not None and moment is not None:
            yield label, f"{person.name} {word(moment)}"


_PARTS_EXPLAINED = (
    "应得份额 = 分解合计 × 本单位名额 ÷ 全部名额。各规则、各单位在一张表里一起分，每条规则的合计恰为分解合计；同一属性的几条下限占同一批名额，"
    "在一个单位合计不超过它的名额。份额不是整数的，余数大的进一；余数相同的按同一签号；由“合计”决定的，是同一单位或同一规则的其他数已定。"
    "手工调整的数不变，其余的重新分。"
)
_EXPLAINED = {
    "largest_remainder": (
        "应得份额 = 权数 × 单位权数名额，不低于“最少”、不高于“最多”，合计等于名额总数。"
        "先分整数部分，剩余名额依余数从大到小各分一个；余数相同的，签号小的在先。"
    ),
    "sainte_lague": (
        "各单位先得“最少”；其后每个名额依次给商最大的单位，商 = 权数 ÷（2 × 第几个名额 − 1），得满“最多”为止；"
        "商相同的，签号小的在先。末位商是最后所得名额的商，下一位商是再得一个名额的商。"
    ),
    "dhondt": (
        "各单位先得“最少”；其后每个名额依次给商最大的单位，商 = 权数 ÷ 第几个名额，得满“最多”为止；"
        "商相同的，签号小的在先。末位商是最后所得名额的商，下一位商是再得一个名额的商。"
    ),
}
