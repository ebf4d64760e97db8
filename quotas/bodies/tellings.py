"""How the ledger of bodies and organs is read."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from quotas.ledger.tellings import StreamWords, Telling

STREAMS: Mapping[str, StreamWords] = {
    "organs": StreamWords(
        _("载入机关"),
        {"seed_organs": _("载入机关")},
        {"number": _("数量")},
        tellings={"seed_organs": Telling(_("%(who)s载入了 %(number)s 个机关"))},
    ),
    "organ": StreamWords(
        _("机关"),
        {"update_organ": _("修改机关信息")},
        {"name": _("机关名称"), "public_telephone": _("电话"), "address": _("地址")},
        tellings={"update_organ": Telling(_("%(who)s修改了%(thing)s的机关信息"))},
    ),
    "bodies": StreamWords(
        _("推荐单位"),
        {"load_bodies": _("载入推荐单位")},
        {"codes": _("推荐单位")},
        tellings={"load_bodies": Telling(_("%(who)s载入了推荐单位"))},
        refers={"codes": "body"},
    ),
}
