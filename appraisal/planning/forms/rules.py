"""What is sent to compose the rules of an award, to try them on a list, and to hold a round's award to them."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from appraisal.nominations.forms.answers import LinesField
from quotas.base.fields import DayField, LabelsField
from quotas.base.outside import BlockField, LineField, WholeField
from quotas.base.states import Basis, ConditionKind, FieldType, KeptBy, RuleKind, Sense
from quotas.editions.asked import CELL_TYPES, FIELD_PARTS, NO, YES, AskedField, Option
from quotas.editions.asked import MOST_NUMBER as MOST_ANSWER
from quotas.editions.label_words import facet_word
from quotas.editions.models import Award, NomineeCondition, RuleVersion, Target
from quotas.editions.services import fields as edition_fields
from quotas.editions.services import honours
from quotas.editions.services.composing import MOST_CAP, MOST_YEARS
from quotas.editions.services.entries import CONDITION_FIELDS, RuleEntry
from quotas.editions.services.faults import MOST_DENOMINATOR, MOST_LOOK_BACK, MOST_NUMBER, stages_with_lists
from quotas.editions.services.fields import MOST_COLUMN_LABEL, MOST_COLUMNS, MOST_LABEL, ColumnFields
from quotas.editions.standard import PERSON, STANDARD
from quotas.selection.labels import HELD, ROUTE, predicate_of, taken_apart

MOST_TEXT = 200_000
"""Characters of a pasted list; five thousand rows of forty."""

Choices = list[tuple[Any, Any]]


class ComposeForm(forms.Form):
    """A new draft: its source, and the edition that it begins from."""

    source = LineField(
        label=_("来源文件"),
        max_length=200,
        help_text=_("文号和标题，例如“苏工发〔2026〕3号《关于评选……的通知》”。"),
    )
    based_on = forms.TypedChoiceField(
        label=_("以哪一版为基础"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("所选版本的规则全部带入草稿，再逐条修改。"),
    )

    def __init__(self, *args: Any, editions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].choices = [("", _("从空白开始")), *editions]  # type: ignore[attr-defined]


class _DraftForm(forms.Form):
    """A form on a draft carries the version of the draft that it was drawn from."""

    version = WholeField(widget=forms.HiddenInput)


class EditionForm(_DraftForm):
    """The fields that concern a draft edition as a whole."""

    # It stands on one page with the forms of a rule and of a target, whose fields have names of their own.
    prefix = "edition"

    source = LineField(label=_("来源文件"), max_length=200)
    employer_cap = WholeField(
        label=_("每单位限报"),
        min_value=1,
        max_value=MOST_CAP,
        help_text=_("加入评选周期时的预设值，周期可以另定。"),
    )
    most_named = WholeField(
        label=_("几年内至多命名"),
        min_value=1,
        max_value=MOST_NUMBER,
        required=False,
        help_text=_("例如每 2 年 100 家；超过时在方案页提示，不作限制。不填不提示。"),
    )
    most_years = WholeField(
        label=_("几年"), min_value=1, max_value=MOST_YEARS, required=False, help_text=_("不填就是 1 年。")
    )


class ConfirmDraftForm(_DraftForm):
    """The confirmation of an act on a draft."""


class DropRuleForm(_DraftForm):
    """A rule to be taken out."""

    code = forms.SlugField(max_length=40)


class RuleForm(_DraftForm):
    """One rule of a draft; `replaces` is the code of the rule that is changed, empty for a new one."""

    pairs = (("counted", "kind"), ("sense", "basis"), ("numerator", "denominator"), ("base", "stages"))

    replaces = forms.SlugField(max_length=40, required=False, widget=forms.HiddenInput)
    counted = LabelsField(
        label=_("计数对象"),
        required=False,
        help_text=_("要占到规定比例或数量的是哪一类。同一行选几项，符合其一即可；几行都选，须同时符合。"),
    )
    counted_not = LabelsField(
        label=_("计数对象中除去"),
        required=False,
        help_text=_("例如计入“一线职工”，除去“产业工人”，就是其他一线职工。"),
    )
    sense = forms.ChoiceField(label=_("方向"), choices=Sense.choices)
    kind = forms.ChoiceField(label=_("方式"), choices=RuleKind.choices)
    numerator = WholeField(
        label=_("分子或数量"),
        min_value=0,
        max_value=MOST_NUMBER,
        required=False,
        help_text=_("“占比”填分子，“数量”填个数；“高于上一周期”不填。"),
    )
    denominator = WholeField(
        label=_("分母"),
        min_value=1,
        max_value=MOST_DENOMINATOR,
        required=False,
        help_text=_("只有“占比”填写。40% 填 2 和 5，或 40 和 100。"),
    )
    basis = forms.ChoiceField(
        label=_("基数"),
        choices=Basis.choices,
        help_text=_("实际推荐：每级名单各自核验；分配名额：按下达的名额；实际表彰：只在评定层级核验。"),
    )
    each = forms.ChoiceField(
        label=_("逐个核验"),
        required=False,
        help_text=_(
            "选了就对该属性的每个取值各核验一次，例如每种人员身份至少 1 个，此时可以不选计数对象。选设区市或县（市、区）的，只查下面有两个以上分到名额的市、县的名单。"
        ),
    )
    base = LabelsField(
        label=_("基数范围"), required=False, help_text=_("只按名单中的一部分计算时选择；不选就是全部名单。")
    )
    base_not = LabelsField(label=_("基数范围中除去"), required=False)
    stages = forms.MultipleChoiceField(
        label=_("适用层级"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选表示各级均适用。"),
    )
    advisory = forms.BooleanField(
        label=_("不符合时可以报批"),
        required=False,
        help_text=_("例如“县处级须单独报批”：名单不符合也可以提交，但要写明批准文件。不勾选就是硬性规定。"),
    )
    kept = forms.ChoiceField(
        label=_("怎么落实"),
        choices=KeptBy.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "各自达标：每一级的每份名单都按自己的人数取整；分解：只在整体上取整一次，分配名额时分到各单位。数量和只按一部分计算的规则不用选。"
        ),
    )
    label = LineField(
        label=pgettext_lazy("占比规则", "名称"),
        max_length=100,
        help_text=_("印在名单的占比核验表上，例如“非公有制企业占比”。"),
    )
    clause = LineField(
        label=_("依据"), max_length=200, help_text=_("文号和条目，例如“苏组通〔2019〕65号 二.6”。")
    )
    code = forms.SlugField(
        label=_("代码"),
        max_length=40,
        required=False,
        help_text=_("两个版本对照时用来认出同一条规则；留空自动编号。"),
    )

    def __init__(self, *args: Any, draft: RuleVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        award = draft.award
        offers_ = edition_fields.offered(award.nominee_kind, edition_fields.of(draft.pk))
        labels = [(offer.word, offer.labels) for offer in offers_]
        labels.append((facet_word(HELD), honours.offered()))
        offers: dict[str, Any] = {
            **dict.fromkeys(("counted", "counted_not", "base", "base_not"), labels),
            "each": [
                ("", _("不逐个核验")),
                *((facet, facet_word(facet)) for facet in ROUTE),
                *((offer.facet, offer.word) for offer in offers_),
            ],
            "stages": [(stage.value, stage.label) for stage in stages_with_lists(award.final_stage)],
        }
        for name, choices in offers.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(rule: RuleEntry) -> dict[str, Any]:
        """A rule as it stands, as the form takes it."""
        counted, base = taken_apart(predicate_of(rule.counted)), taken_apart(predicate_of(rule.base))
        share, above = rule.kind == RuleKind.SHARE, rule.kind == RuleKind.ABOVE
        return {
            "replaces": rule.code,
            "code": rule.code,
            "counted": counted.labels,
            "counted_not": counted.left_out,
            "base": base.labels,
            "base_not": base.left_out,
            "each": rule.each,
            "sense": rule.sense,
            "kind": rule.kind,
            "numerator": None if above else rule.numerator,
            "denominator": rule.denominator if share else None,
            "basis": rule.basis,
            "stages": rule.stages,
            "advisory": rule.advisory,
            "kept": rule.kept,
            "label": rule.label,
            "clause": rule.clause,
        }

    def clean(self) -> dict[str, Any]:
        """A share needs both figures, a number one."""
        given = super().clean() or self.cleaned_data
        needed = {"share": ("numerator", "denominator"), "count": ("numerator",)}
        for name in needed.get(str(given.get("kind")), ()):
            if given.get(name) is None and name not in self.errors:
                self.add_error(name, _("请填写。"))
        return given

    def rule(self) -> dict[str, Any]:
        """The cleaned values as `composing.put_rule` takes them; of a form with mistakes, those without."""
        given = dict(self.cleaned_data)
        for name, otherwise in (("numerator", 0), ("denominator", 1)):
            given[name] = otherwise if given.get(name) is None else given[name]
        return given


def _columns_asked() -> AskedField:
    """What whoever composes a table says of its columns: a table itself."""
    return AskedField(
        "columns",
        "columns",
        FieldType.TABLE,
        most=MOST_COLUMNS,
        columns=(
            AskedField("label", gettext("栏目名称"), FieldType.TEXT, most=MOST_COLUMN_LABEL),
            AskedField(
                "type",
                gettext("类型"),
                FieldType.CHOICE,
                options=tuple(Option(each.value, str(each.label)) for each in CELL_TYPES),
            ),
            AskedField("more", gettext("选项或单位"), FieldType.TEXT, most=1_000),
            AskedField("least", gettext("下限"), FieldType.NUMBER),
            AskedField("most", gettext("上限"), FieldType.NUMBER),
            AskedField(
                "required",
                gettext("是否必填"),
                FieldType.CHOICE,
                options=(Option(YES, gettext("必填")), Option(NO, gettext("可以不填"))),
            ),
        ),
    )


class FieldForm(_DraftForm):
    """One field of a draft; `replaces` is the key of the field that is changed, empty for a new one."""

    replaces = forms.SlugField(max_length=40, required=False, widget=forms.HiddenInput)
    label = LineField(
        label=_("字段名称"),
        max_length=MOST_LABEL,
        help_text=_("申报表和汇总表中的栏目名，例如“参加工作时间”。"),
    )
    type = forms.ChoiceField(label=_("类型"), choices=FieldType.choices)
    section = LineField(
        label=_("所在部分"),
        max_length=40,
        required=False,
        help_text=_("申报表中的小标题；不填就列在推荐对象之下，填“工会经费与自评”就列入该部分。"),
    )
    unit = LineField(
        label=_("计量单位"), max_length=10, required=False, help_text=_("只有整数填写，例如“万元”。")
    )
    options = BlockField(
        label=_("选项"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("单选、多选填写，每行一个。"),
    )
    parts = forms.MultipleChoiceField(
        label=_("问这个人的哪些情况"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只有人员填写；姓名一定会问。人员都是个人信息，不会公示。"),
    )
    least = WholeField(label=_("下限"), min_value=0, max_value=MOST_ANSWER, required=False)
    most = WholeField(
        label=_("上限"),
        min_value=0,
        max_value=MOST_ANSWER,
        required=False,
        help_text=_("整数填最大值，文字填最多字数（不计空格），表格填最多行数。"),
    )
    required = forms.BooleanField(
        label=_("必填"), required=False, help_text=_("提交前必须填写；“是或否”必须为“是”，即申报的必备条件。")
    )
    countable = forms.BooleanField(
        label=_("用于计数"), required=False, help_text=_("单选、是或否可以作为规则和分类名额的类别。")
    )
    listed = forms.BooleanField(label=_("列入汇总表"), required=False)
    public = forms.BooleanField(label=_("可以公示"), required=False, help_text=_("列入公示和命名名单。"))
    personal = forms.BooleanField(
        label=_("个人信息"),
        required=False,
        help_text=_("只有本单位和正在审核的部门看得到全文，其他地方遮盖显示。"),
    )
    asked_of = LabelsField(
        label=_("只由这些推荐对象填写"),
        required=False,
        help_text=_("不选就是都填写。同一行选几项，符合其一即可；几行都选，须同时符合。"),
    )
    help = LineField(label=_("填写说明"), max_length=200, required=False)

    def __init__(self, *args: Any, draft: RuleVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        changing = str(self["replaces"].value() or "")
        others = [field for field in edition_fields.stated(draft) if field.key != changing]
        labels = edition_fields.offered(draft.award.nominee_kind, others)
        self.fields["asked_of"].choices = [  # type: ignore[attr-defined]
            (offer.word, offer.labels) for offer in labels
        ]
        self.fields["parts"].choices = [  # type: ignore[attr-defined]
            (key, gettext(part.label)) for key, part in PERSON.items() if key != "name"
        ]
        self.fields["columns"] = LinesField(
            _columns_asked(),
            label=gettext("表格的栏目"),
            required=False,
            help_text=gettext(
                "只有表格填写，每行一个栏目，清空一行就是删除。单选在“选项或单位”里写各选项，用顿号隔开；整数写计量单位。"
            ),
        )

    @staticmethod
    def initial_of(field: AskedField) -> dict[str, Any]:
        """A field as it stands, as the form takes it."""
        person = field.type == FieldType.PERSON
        return {
            **{
                name: getattr(field, name)
                for name in FIELD_PARTS
                if name not in {"key", "options", "asked_of", "columns"}
            },
            "parts": [column.key for column in field.columns] if person else [],
            "columns": [] if person else [_column_initial(column) for column in field.columns],
            "replaces": field.key,
            "type": field.type.value,
            "options": "\n".join(option.label for option in field.options),
            "asked_of": taken_apart(field.asked_of).labels,
        }

    def field(self) -> dict[str, Any]:
        """The cleaned values as `fields.put_field` takes them."""
        given = self.cleaned_data
        columns = [_column_given(line) for line in given["columns"]]
        return {**given, "options": given["options"].splitlines(), "columns": columns}


_BETWEEN = re.compile("[、，,；;]")


def _column_given(line: dict[str, Any]) -> ColumnFields:
    """A line of the form as `fields.put_field` takes a column."""
    number = line["type"] == FieldType.NUMBER
    return {
        "label": line["label"],
        "type": line["type"],
        "options": () if number else _BETWEEN.split(line["more"]),
        "unit": line["more"] if number else "",
        "least": line["least"],
        "most": line["most"],
        "required": line["required"] == YES,
    }


def _column_initial(column: AskedField) -> dict[str, Any]:
    more = column.unit or "、".join(option.label for option in column.options)
    told = {
        "label": column.label,
        "type": column.type.value,
        "more": more,
        "required": YES if column.required else NO,
    }
    return {**told, "least": column.least, "most": column.most}


class TakeFieldForm(_DraftForm):
    """A standard field to be taken into a draft."""

    prefix = "take"

    key = forms.ChoiceField(label=_("标准字段"))

    def __init__(self, *args: Any, draft: RuleVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = {field.key for field in edition_fields.stated(draft)}
        self.left = [(key, gettext(field.label)) for key, field in STANDARD.items() if key not in there]
        # One that was taken meanwhile gets its sentence from the service.
        every = [(key, gettext(field.label)) for key, field in STANDARD.items()]
        self.fields["key"].choices = every if self.is_bound else self.left  # type: ignore[attr-defined]


class FieldPressForm(_DraftForm):
    """A button beside a field of a draft."""

    code = forms.SlugField(max_length=40)


class TargetForm(_DraftForm):
    """One target of a draft; `replaces` is the code of the target that is changed, empty for a new one."""

    prefix = "target"
    pairs = (("label", "stage"), ("number", "due_on"))

    replaces = forms.SlugField(max_length=40, required=False, widget=forms.HiddenInput)
    label = LineField(label=_("目标名称"), max_length=100, help_text=_("例如“区级双强六好型党组织”。"))
    stage = forms.ChoiceField(label=_("管哪一级的每个单位"))
    number = WholeField(label=_("累计命名数量"), min_value=1, max_value=MOST_NUMBER)
    due_on = DayField(label=_("截至"), help_text=_("当天命名的也算。"))
    clause = LineField(label=_("依据"), max_length=200)

    def __init__(self, *args: Any, draft: RuleVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = stages_with_lists(draft.award.final_stage)
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in stages]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(target: Target) -> dict[str, Any]:
        """A target as it stands, as the form takes it."""
        return {
            "replaces": target.code,
            "label": target.label,
            "stage": target.stage,
            "number": target.number,
            "due_on": target.due_on,
            "clause": target.clause,
        }


class ConditionForm(_DraftForm):
    """One condition of a draft; `replaces` is the code of the condition that is changed, empty for a new one."""

    prefix = "condition"
    pairs = (("kind", "years"), ("field_key", "refuses"), ("least", "most"))

    replaces = forms.SlugField(max_length=40, required=False, widget=forms.HiddenInput)
    label = LineField(label=_("条件名称"), max_length=100, help_text=_("例如“三年内未获劳动模范”。"))
    kind = forms.ChoiceField(label=_("条件类别"), choices=ConditionKind.choices)
    years = WholeField(
        label=_("几年以内"),
        min_value=1,
        max_value=MOST_LOOK_BACK,
        required=False,
        help_text=_("从命名之日算起，看获奖的条件用；不限年数的留空。"),
    )
    awards = forms.MultipleChoiceField(
        label=_("奖项"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("看获奖的条件选择，任何一个都算。"),
    )
    field_key = forms.ChoiceField(
        label=_("数字字段"), required=False, help_text=_("数量要求用；没有合适的，先到申报字段中添加。")
    )
    least = WholeField(label=_("下限"), required=False, min_value=-MOST_ANSWER, max_value=MOST_ANSWER)
    most = WholeField(label=_("上限"), required=False, min_value=-MOST_ANSWER, max_value=MOST_ANSWER)
    refuses = forms.BooleanField(
        label=_("不符合的不予受理"), required=False, help_text=_("不勾选的，只作提示。")
    )
    clause = LineField(label=_("依据"), max_length=200)

    def __init__(self, *args: Any, draft: RuleVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [field for field in edition_fields.stated(draft) if field.type == FieldType.NUMBER]
        choices: Choices = [("", "——"), *((field.key, gettext(field.label)) for field in numbers)]
        self.fields["field_key"].choices = choices  # type: ignore[attr-defined]
        named: Choices = list(Award.objects.in_order().values_list("code", "name"))
        self.fields["awards"].choices = named  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(condition: NomineeCondition) -> dict[str, Any]:
        """A condition as it stands, as the form takes it."""
        told = {name: getattr(condition, name) for name in CONDITION_FIELDS}
        return {"replaces": told.pop("code"), **told}


class TryForm(forms.Form):
    """A list to try rules on: pasted, a workbook, or one of the past."""

    pairs = (("file", "slate"), ("stage", "places"), ("previous_count", "previous_base"))

    text = BlockField(
        label=_("粘贴名单"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("或上传汇总表"),
        required=False,
        allow_empty_file=True,
        help_text=_("Excel 工作簿（.xlsx），不超过 10 MB、5,000 行。只作试算，不保存。"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )
    slate = forms.TypedChoiceField(
        label=_("或选一份以往的名单"), required=False, coerce=int, empty_value=None
    )
    stage = forms.ChoiceField(label=_("按哪一级的名单核验"))
    places = WholeField(
        label=_("名额"),
        min_value=0,
        max_value=MOST_NUMBER,
        required=False,
        help_text=_("不填则等于名单上的正选人数。"),
    )
    previous_count = WholeField(label=_("上一周期符合数"), min_value=0, max_value=MOST_NUMBER, required=False)
    previous_base = WholeField(label=_("上一周期命名数"), min_value=1, max_value=MOST_NUMBER, required=False)

    def __init__(
        self,
        *args: Any,
        edition: RuleVersion,
        slates: Choices,
        above: bool,
        columns: Iterable[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _(
            "从工作簿中连同表头一起复制，或自行输入，每行一个推荐对象，栏目之间用制表符或逗号隔开。须有的栏目：%(columns)s；“类别”不写的按正选计。"
        ) % {"columns": "、".join(columns)}
        stages = stages_with_lists(edition.award.final_stage)
        chosen: dict[str, Any] = {
            "slate": [("", _("不选")), *slates],
            "stage": [(stage.value, stage.label) for stage in reversed(stages)],
        }
        for name, choices in chosen.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if not above:
            del self.fields["previous_count"], self.fields["previous_base"]

    def clean(self) -> dict[str, Any]:
        """Exactly one list; the figures of the previous round together or not at all, and as a share."""
        given = super().clean() or self.cleaned_data
        brought = [
            bool(given.get("text")),
            given.get("file") is not None,
            bool(given.get("slate")),
        ]
        if not self.errors and sum(brought) != 1:
            raise forms.ValidationError(_("请粘贴名单、上传汇总表、选以往的名单，三者任选其一。"))
        count, base = given.get("previous_count"), given.get("previous_base")
        if (count is None) != (base is None) or (count is not None and base is not None and count > base):
            self.add_error("previous_count", _("上一周期的两个数字要一起填写，符合数不能多于命名数。"))
        return given


class PinForm(forms.Form):
    """Another edition for an award of a planned round."""

    rule_version = forms.TypedChoiceField(label=_("采用的规则版本"), coerce=int)

    def __init__(self, *args: Any, editions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule_version"].choices = editions  # type: ignore[attr-defined]


class PreviousForm(forms.Form):
    """What an award came to in its previous round, and who says so."""

    base = WholeField(label=_("上一周期命名数"), min_value=1, max_value=MOST_NUMBER)
    count = WholeField(label=_("其中符合数"), min_value=0, max_value=MOST_NUMBER)
    source = LineField(
        label=_("数字的来源"), max_length=200, help_text=_("命名决定的文号，或其他可查证的来源。")
    )
