"""What is sent to publish a notice."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from quotas.base.fields import DayField, VersionForm
from quotas.base.outside import LineField


class PublishForm(VersionForm):
    """When a notice runs and who hears objections. Without an end the computed day holds."""

    starts_on = DayField(label=_("开始日期"))
    ends_on = DayField(
        label=_("结束日期"),
        required=False,
        help_text=_("不填则按规定天数计算；填写其他日期须说明理由。"),
    )
    override_reason = LineField(label=_("调整结束日期的理由"), max_length=200, required=False)
    late_reason = LineField(
        label=_("公示晚于期限仍要发布的理由"),
        max_length=200,
        required=False,
        help_text=_("只在公示结束太晚、名单不能在期限前上报或审定时填写；理由记入台账。"),
    )
    contact = LineField(
        label=_("受理异议的其他联系方式"),
        max_length=200,
        required=False,
        help_text=_("署名机关的电话、地址自动列出；另有受理部门、邮箱时填写，向社会公开。"),
    )

    def values(self) -> dict[str, Any]:
        """What the service is called with."""
        return {
            name: self.cleaned_data[name]
            for name in ("starts_on", "ends_on", "override_reason", "late_reason", "contact")
        }
