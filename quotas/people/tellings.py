"""How the ledger of posts and accounts is read."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from quotas.base.states import (
    Role,
)
from quotas.ledger.tellings import StreamWords, Telling

STREAMS: Mapping[str, StreamWords] = {
    "user": StreamWords(
        _("岗位任免"),
        {
            "appoint": _("任命岗位"),
            "dismiss": _("免去岗位"),
            "propose_post": _("提出岗位人选"),
            "refuse_post": _("未授予岗位"),
        },
        {"user": _("账号"), "name": _("姓名"), "role": _("岗位")},
        {"role": {role.value: role.label for role in Role}},
        tellings={
            "appoint": Telling(_("%(who)s任命%(name)s为%(body)s%(role)s"), None),
            "dismiss": Telling(_("%(who)s免去%(name)s的%(body)s%(role)s岗位"), None),
            "propose_post": Telling(_("%(who)s提出%(name)s任%(body)s%(role)s"), None),
            "refuse_post": Telling(_("%(who)s没有授予%(name)s%(body)s%(role)s岗位"), None),
        },
        refers={"user": "user"},
    ),
    "account": StreamWords(
        _("账号"),
        {
            "create_account": _("开设账号"),
            "deactivate_account": _("停用账号"),
            "reactivate_account": _("恢复账号"),
            "reset_password": _("重置密码"),
            "reissue_half": _("补发半份一次性密码"),
            "change_password": _("修改密码"),
            "ask_reset": _("申请重置密码"),
            "confirm_reset": _("复核并重置密码"),
            "decline_reset": _("未同意重置密码"),
        },
        {"username": _("登录名"), "name": _("姓名"), "active": _("启用"), "asked_by": _("申请人")},
        tellings={
            "create_account": Telling(_("%(who)s为%(name)s开设了账号 %(username)s"), None),
            "deactivate_account": Telling(_("%(who)s停用了%(name)s的账号"), None),
            "reactivate_account": Telling(_("%(who)s恢复了%(name)s的账号"), None),
            "reset_password": Telling(_("%(who)s重置了%(name)s的密码"), None),
            "reissue_half": Telling(_("%(who)s为%(name)s补发了半份一次性密码"), None),
            "change_password": Telling(_("%(who)s修改了自己的密码"), None),
            "ask_reset": Telling(_("%(who)s申请重置%(name)s的密码"), None),
            "confirm_reset": Telling(_("%(who)s复核%(asked_by)s的申请，重置了%(name)s的密码"), None),
            "decline_reset": Telling(_("%(who)s没有同意%(asked_by)s重置%(name)s密码的申请"), None),
        },
    ),
    "posts": StreamWords(
        _("岗位"),
        {"create_posts": _("建立岗位")},
        {"posts": _("岗位")},
        tellings={"create_posts": Telling(_("%(who)s建立了推荐单位的岗位"))},
        refers={"posts": "post"},
    ),
}
