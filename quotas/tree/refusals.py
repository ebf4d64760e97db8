"""The refusal of everything for which a person holds no post."""

from quotas.base.errors import NotPermitted, Worded, Wording
from quotas.base.errors import marked as _


class ActNotHeld(NotPermitted):
    act: Worded
    words = Wording(
        _("您不能办理这一步。"),
        _("这一步需要在该单位具有“%(act)s”的岗位权限，您目前没有。"),
        _("如确应由您办理，请联系安全管理员授权；否则请转给有权限的同事。"),
    )
