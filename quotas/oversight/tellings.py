"""How the ledger of the upkeep is read."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from quotas.ledger.tellings import StreamWords, Telling

STREAMS: Mapping[str, StreamWords] = {
    "upkeep": StreamWords(
        _("系统维护"),
        {"verify": _("全面核验"), "back_up": _("备份")},
        {"wrong": _("不一致或没有做成的项数")},
        tellings={
            "verify": Telling(_("%(who)s完成了全面核验，%(wrong)s 项不一致"), None),
            "back_up": Telling(_("%(who)s登记了一次备份，%(wrong)s 项没有做成"), None),
        },
    ),
}
