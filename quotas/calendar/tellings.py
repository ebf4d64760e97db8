"""How the ledger of the calendar is read."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from quotas.ledger.tellings import StreamWords, Telling

STREAMS: Mapping[str, StreamWords] = {
    "calendar": StreamWords(
        _("工作日历"),
        {
            "seed_calendar": _("载入节假日"),
            "announce_year": _("录入年度放假安排"),
            "correct_year": _("更正年度放假安排"),
        },
        {
            "years": _("年份"),
            "days": _("天数"),
            "source": _("来源文件"),
            "dropped": _("删去的日期"),
            "added": _("列入的日期"),
        },
        tellings={
            "seed_calendar": Telling(_("%(who)s载入了 %(days)s 天节假日和调休")),
            "announce_year": Telling(_("%(who)s录入了年度放假安排，依据 %(source)s")),
            "correct_year": Telling(_("%(who)s更正了年度放假安排，依据 %(source)s")),
        },
    ),
}
