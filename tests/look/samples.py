"""Sample data for the gallery: every part of a page with the facts it meets in a real round."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django import forms

from quotas.base.clock import SHANGHAI
from quotas.templatetags import px

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
LONG_NAME = "江苏省常熟市虞山高新技术产业开发区精密机械制造股份有限公司第一分公司工会委员会"


def at(month: int, day: int, hour: int = 17, minute: int = 30, year: int = 2026) -> datetime:
    """A moment of the sample round."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


class DecisionForm(forms.Form):
    """A decision with its opinion."""

    decision = forms.ChoiceField(label="审核结论", choices=[("approve", "通过"), ("return", "退回补正")])
    opinion = forms.CharField(
        label="审核意见",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
        help_text="退回补正时请写明补什么、怎样补。",
    )


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="单位名称", max_length=100, help_text="与营业执照一致。")
    code = forms.CharField(label="统一社会信用代码", max_length=18)
    founded = forms.DateField(
        label="成立日期", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    ownership = forms.ChoiceField(
        label="所有制", choices=[("", "请选择"), ("private", "非公有制"), ("public", "公有制")]
    )
    kind = forms.ChoiceField(
        label="推荐对象",
        choices=[("unit", "单位"), ("team", "班组"), ("person", "个人")],
        widget=forms.RadioSelect,
    )
    deeds = forms.CharField(label="主要事迹", widget=forms.Textarea(attrs={"rows": 4}), max_length=1500)
    evidence = forms.FileField(
        label="佐证材料", required=False, help_text="PDF、JPG、PNG，每份不超过 10 MB。"
    )
    promise = forms.BooleanField(label="以上内容属实，如有不实愿承担相应责任。")


def shell() -> dict[str, Any]:
    """What the brand bar and the navigation show."""
    works = [
        ("待办", "inbox", 312),
        ("申报", "nomination", 0),
        ("名单", "slate", 2),
        ("公示", "notice", 0),
        ("名额", "quota", 0),
        ("单位资料", "folder", 0),
        ("统计", "chart", 0),
        ("台账", "ledger", 0),
    ]
    return {
        "nav": [
            {"label": label, "url": f"#{icon}", "icon": icon, "active": icon == "inbox", "count": count}
            for label, icon, count in works
        ],
        "shell": {
            "round": "江苏省总工会 2026 年度评选",
            "rounds": [
                {"label": "江苏省总工会 2026 年度评选", "url": "#", "active": True},
                {"label": "江苏省总工会 2024 年度评选", "url": "#", "active": False},
            ],
            "deadline": {"label": "县级推荐截止", "at": at(11, 25), "days": 5, "late": False},
            "user": "陈建国",
            "post": "常熟市总工会 · 审核人",
            "help_url": "#help",
        },
        "breadcrumb": [
            {"label": "待办", "url": "#"},
            {"label": "模范职工之家", "url": "#"},
            {"label": "部件一览", "url": ""},
        ],
    }


def _check(**members: Any) -> dict[str, Any]:
    base = {
        "label": "非公",
        "count": 3,
        "base": 5,
        "required": 3,
        "margin": 0,
        "holds": True,
        "sentence": "",
        "clause": "000 二.3",
    }
    return base | {"rule": "要求 ≥ 50 %（至少 3）"} | members


CITIES = [
    ("3201", "南京市", 18), ("3202", "无锡市", 14), ("3203", "徐州市", 11), ("3204", "常州市", 12), ("3205", "苏州市", 24),
    ("3206", "南通市", 15), ("3207", "连云港市", 6), ("3208", "淮安市", 5), ("3209", "盐城市", 8), ("3210", "扬州市", 9),
    ("3211", "镇江市", 7), ("3212", "泰州市", 0), ("3213", "宿迁市", 4),
]  # fmt: skip


def parts() -> dict[str, Any]:
    """Everything the gallery shows."""
    stages = [
        {
            "name": "企业",
            "tone": "done",
            "passed": True,
            "word": "已推荐",
            "who": "常熟某某机械有限公司",
            "at": date(2026, 10, 28),
        },
        {
            "name": "县",
            "tone": "current",
            "current": True,
            "word": "联审中",
            "who": "常熟市总工会、常熟市委组织部",
            "at": at(11, 18, 9, 5),
        },
        {
            "name": "市",
            "tone": "todo",
            "ahead": True,
            "word": "",
            "who": "苏州市总工会、市委组织部",
            "at": None,
        },
        {"name": "省", "tone": "todo", "ahead": True, "word": "", "who": "江苏省总工会", "at": None},
    ]
    opinions = [
        {
            "body": "常熟市总工会", "post": "审核人", "by": "陈建国", "at": at(11, 18, 9, 5), "label": "通过", "tone": "done",
            "text": "职工代表大会表决程序完备，工会经费足额拨缴，同意推荐。", "on_behalf": "周敏",
        },
        {
            "body": "常熟市委组织部", "post": "审核人", "by": "沈丽", "at": at(11, 12, 16, 40), "label": "退回补正", "tone": "returned",
            "text": "公示只有 4 个工作日，少于规定的 5 个工作日（000 二.4）。请补足公示并上传公示照片。", "on_behalf": "",
        },
    ]  # fmt: skip
    return {
        "heading": "部件一览",
        "statuses": [
            ("待办", "todo"), ("临期", "soon"), ("逾期", "late"), ("通过", "done"), ("退回补正", "returned"),
            ("不予推荐", "declined"), ("冻结", "frozen"), ("办理中", "current"), ("不经过", "skipped"), ("说明", "info"),
        ],
        "icons": px.ICONS,
        "moments": {
            "soon": at(11, 20), "late": at(11, 18), "near": at(11, 22), "far": at(12, 15), "past": at(3, 5, year=2025),
        },
        "stages": stages,
        "stages_short": [*stages[:1], {"name": "县", "tone": "returned", "current": True, "word": "退回补正", "who": "", "at": at(11, 12)}, stages[3]],
        "checks": [
            _check(sentence="再增加 1 家公有制企业后仍满足（3/6 = 50 %）；再增加 2 家则不满足（3/7 = 42.8 %）。"),
            _check(label="一线职工", count=1, base=5, required=2, margin=-1, holds=False, rule="要求 ≥ 40 %（至少 2）",
                   sentence="还差 1 名一线职工。请从拟推荐库中换入，或减少 1 名非一线人选。"),
            _check(label="名额", count=5, base=6, required=None, margin=1, rule="至多 6", clause="", sentence=""),
        ],
        "review_checks": [
            {"label": "职代会表决票数相符", "holds": True, "note": "应到 120，实到 112，同意 108，反对 2，弃权 2"},
            {"label": "单位公示满 5 个工作日", "holds": False, "note": "公示 4 个工作日（11月3日至11月6日）"},
            {"label": "工会经费足额拨缴", "holds": True, "note": ""},
            {"label": "所有制核验", "holds": None, "note": "等待市场监督管理部门答复"},
        ],
        "opinions": opinions,
        "events": [
            {"sentence": "陈建国（常熟市总工会审核人）通过了申报", "tone": "done", "at": at(11, 18, 9, 5), "text": ""},
            {"sentence": "沈丽（中共常熟市委组织部审核人）把申报退回补正", "tone": "returned", "at": at(11, 12, 16, 40), "text": "公示少于 5 个工作日。"},
            {"sentence": "王芳把申报提交单位审核", "tone": "todo", "at": at(10, 28, 11, 20), "text": ""},
        ],
        "evidence": [
            {"label": "职工代表大会决议", "name": "职代会决议.pdf", "url": "#", "size": "1.2 MB", "at": at(10, 27), "by": "王芳", "delete_url": "#"},
            {"label": "公示照片", "missing": True, "note": "应在 11月25日 17:30 前上传。"},
        ],
        "sections": [
            {
                "id": "basic", "title": "一、基本情况",
                "rows": [
                    {"label": "单位名称", "value": LONG_NAME},
                    {"label": "统一社会信用代码", "value": "91320581MA1ABCDE2X"},
                    {"label": "职工人数", "value": "486", "was": "468", "changed": True, "note": "第二次提交时更正"},
                    {"label": "所有制", "value": "非公有制", "note": "2026年10月30日由常熟市总工会核验"},
                ],
            },
            {"id": "deeds", "title": "二、主要事迹", "rows": [{"label": "事迹摘要", "value": "连续三年开展技能竞赛。\n职工书屋全年开放。"}]},
        ],
        "choices": [
            {"value": "approve", "label": "通过", "tone": "done", "key": "a", "help": "", "next": "通过后进入苏州市总工会、市委组织部联审。"},
            {"value": "return", "label": "退回补正", "tone": "returned", "key": "r", "help": "单位须在 11月25日 17:30 前补正。", "next": "退回常熟某某机械有限公司，补正后回到本环节。"},
            {"value": "decline", "label": "不予推荐", "tone": "declined", "key": "", "help": "", "next": "本次申报到此为止，单位会收到理由。"},
        ],
        "phrases": ["材料齐全，同意推荐。", "请补充公示照片。", "表决票数与应到人数不符，请核对。"],
        "decision_form": DecisionForm({"decision": "approve", "opinion": ""}),
        "form": SampleForm({"name": "", "code": "9132058", "kind": "unit", "deeds": "简述"}),
        "steps": [
            {"label": "申报", "at": at(10, 31)},
            {"label": "县级推荐", "at": at(11, 25), "note": "还有 5 天"},
            {"label": "市级推荐", "at": at(12, 5)},
            {"label": "省级审定", "at": at(12, 18)},
            {"label": "公示", "at": date(2026, 12, 25)},
        ],
        "funnel": [
            {"label": "申报", "count": 2041, "url": "#"}, {"label": "县级通过", "count": 1320}, {"label": "市级通过", "count": 486},
            {"label": "省级审定", "count": 160, "note": "名额 160"},
        ],
        "cities": [{"code": code, "name": name, "value": value, "note": f"非公 {value // 2}", "url": "#"} for code, name, value in CITIES],
        "refusal": {
            "what": "这份名单还不能提交。",
            "figures": "非公有制 2 家，占 5 家的 40 %，低于要求的 50 %（000 二.3）。",
            "remedy": "请从拟推荐库中至少换入 1 家非公有制企业。", "url": "#", "url_label": "打开拟推荐库",
        },
        "groups": [
            {"label": "奖项", "name": "award", "options": [{"value": "home", "label": "模范职工之家", "count": 96}, {"value": "team", "label": "工人先锋号", "count": 41}]},
            {"label": "期限", "name": "due", "single": True, "options": [{"value": "late", "label": "已逾期", "count": 3}, {"value": "today", "label": "今天", "count": 12}, {"value": "week", "label": "本周", "count": 58}]},
        ],
        "search": {"name": "q", "label": "名称、申报编号或信用代码"},
        "columns": [
            {"tick": True}, {"label": "期限", "key": "due"}, {"label": "推荐对象", "key": "name"}, {"label": "奖项"}, {"label": "来自"},
            {"label": "所有制"}, {"label": "得分", "key": "score", "num": True}, {"label": "上次办理"},
        ],
        "rows": [
            SimpleNamespace(pk=n, due=at(11, 17 + n % 9), name=LONG_NAME if n == 3 else f"常熟市第{n}纺织厂工会",
                            unit=f"江苏常熟第{n}纺织有限公司", award="模范职工之家", body="常熟市总工会", stage="县级联审",
                            score=92 - n, private=n % 3 != 0, last="退回一次" if n % 4 == 0 else "")
            for n in range(1, 13)
        ],
        "acts": [{"label": "批量通过", "name": "act", "value": "approve", "tone": "primary"}, {"label": "批量退回", "name": "act", "value": "return"}],
    }  # fmt: skip
