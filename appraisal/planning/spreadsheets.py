"""A calculation of places as a workbook: every figure that leads from the weights to the places, and what it rests on."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from django.utils.translation import override

from appraisal.workbooks.columns import LANGUAGE
from appraisal.workbooks.writer import Sheet, SheetColumn, Value, workbook
from quotas.arithmetic.apportion import DivisionStep, DivisorStep
from quotas.base.wording import mixed, word
from quotas.rounds.models import Apportionment
from quotas.rounds.services import apportionments
from quotas.rounds.services.apportionments import CalculationLine, CalculationResult

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
_PART = tuple(
    SheetColumn(heading, width)
    for heading, width in (
        ("分解应得份额", 14),
        ("分解余数位次", 9),
        ("分解由抽签决定", 9),
        ("测算分解数", 9),
        ("分解调整为", 9),
        ("分解数", 9),
    )
)
_REASON = SheetColumn("调整理由", 30, wrapped=True)


def calculation_workbook(apportionment_id: int) -> bytes:
    """The workbook of a calculation over which lots were drawn. A fixed number of statements.

    Raises CalculationNotDrawn; who may see the calculation was asked before.
    """
    result = apportionments.result(apportionment_id=apportionment_id)
    made = result.apportionment
    part = bool(made.rule)
    with override(LANGUAGE):
        title = f"{made.parent.name}“{made.round_award.award.name}”{SHEET}"
        by_quotient = any(isinstance(line.step, DivisorStep) for line in result.lines)
        columns = [
            *_BODY,
            *_WEIGHT,
            *(_QUOTIENT if by_quotient else _REMAINDER),
            *_GIVEN,
            *(_PART if part else ()),
            _REASON,
        ]
        rows = [_row(number, line, part=part) for number, line in enumerate(result.lines, start=1)]
        total: dict[str, Value] = {"推荐单位": "合计", "名额": result.places, "分解数": result.part}
        rows.append([total.get(column.heading) for column in columns])
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


def _row(number: int, line: CalculationLine, *, part: bool) -> Sequence[Value]:
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
    if part:
        values += _part(line)
    return [*values, row.reason]


def _claim(step: DivisionStep[int] | DivisorStep[int]) -> Sequence[Value]:
    if isinstance(step, DivisorStep):
        return mixed(step.claim), _quotient(step.last), _quotient(step.following)
    return mixed(step.claim), step.whole, mixed(step.remainder), step.rank, step.extra


def _quotient(value: Fraction | None) -> str | None:
    return None if value is None else mixed(value)


def _part(line: CalculationLine) -> Sequence[Value]:
    step = line.part_step
    if step is None:
        return None, None, None, None, line.row.adjusted_part, line.part
    return (
        mixed(step.claim),
        step.rank,
        "是" if step.by_lot else None,
        step.given,
        line.row.adjusted_part,
        line.part,
    )


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
    if made.rule:
        yield "分解的规则", apportionments.name_of_rule(made)
        yield "分解合计", made.minimum
    yield "调整后合计", result.places
    yield "与名额总数之差", result.difference
    yield from _moments(made)
    yield "说明", _EXPLAINED[made.method]
    if made.rule:
        yield (
            "分解说明",
            (
                "分解数按各单位名额的比例，以最大余额法分配，合计恰为上数，不因逐个进位或舍零而增减；余额相同的按同一签号。"
            ),
        )


def _moments(made: Apportionment) -> Iterable[Sequence[Value]]:
    for label, person, moment in (
        ("建立", made.made_by, made.made_at),
        ("抽签", made.drawn_by, made.drawn_at),
        ("下达", made.applied_by, made.applied_at),
    ):
        if person is not None and moment is not None:
            yield label, f"{person.name} {word(moment)}"


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
