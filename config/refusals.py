"""What is said when the database is busy."""

from quotas.base.errors import Conflict, Wording
from quotas.base.errors import marked as _


class DatabaseBusy(Conflict):
    words = Wording(
        _("别人正在办理同一事项，这次没有办成。"),
        _("等候超过了时限；您这次的操作没有保存任何内容。"),
        _("请过几秒钟返回上一页再试。"),
    )


class DatabaseBusyPartly(Conflict):
    words = Wording(
        _("别人正在办理同一事项，这次只办成了一部分。"),
        _("在此之前办成的已经保存，其余的没有保存。"),
        _("请先查看哪些已经办成，再办理其余的。"),
    )
