"""How the ledger of imports is read."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from quotas.ledger.tellings import StreamWords, Telling

STREAMS: Mapping[str, StreamWords] = {
    "import": StreamWords(
        _("批量导入"),
        {
            "import_employers": _("导入单位"),
            "import_posts": _("导入岗位人员"),
            "import_nominations": _("导入申报"),
        },
        {"created": _("新建的"), "accounts": _("开设账号数")},
        tellings={
            "import_employers": Telling(_("%(who)s从表格导入了单位")),
            "import_posts": Telling(_("%(who)s从表格导入了岗位人员")),
            "import_nominations": Telling(_("%(who)s从表格导入了申报")),
        },
    ),
}
