"""The register of units and the people who act for them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.records.querysets import EmployerQuerySet
from appraisal.records.states import NON_PUBLIC_CONTROLS, Control, Industry, Sector, UnitRole
from quotas.arithmetic.size_class import size_class
from quotas.base.columns import EnumField, SearchField, one_of
from quotas.tree.models import Body


class Employer(models.Model):
    """A unit 申报单位 in the register, known by its unified social credit code.

    It counts as non-public only when its control is *verified* (by whom, when, on what proof) and is neither
    state nor collective. `control` is what the unit states; `verified_control` is what an official confirmed.
    """

    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("单位名称"), max_length=120)
    registration_type = models.CharField(
        _("登记注册类型"), max_length=40, blank=True, help_text=_("仅供参考，所有制以控股情况为准。")
    )
    body = models.ForeignKey(
        Body, models.PROTECT, related_name="employers", verbose_name=_("所在县（市、区）")
    )
    industry_body = models.ForeignKey(
        Body,
        models.PROTECT,
        related_name="industry_employers",
        null=True,
        blank=True,
        verbose_name=_("所属省产业工会"),
    )
    sector = EnumField(_("单位性质"), max_length=15, of=Sector, default=Sector.ENTERPRISE)
    industry = models.CharField(_("行业"), max_length=4, choices=Industry.choices, blank=True)
    revenue = models.PositiveBigIntegerField(_("营业收入（万元）"), null=True, blank=True)
    assets = models.PositiveBigIntegerField(_("资产总额（万元）"), null=True, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    employees = models.PositiveIntegerField(_("职工人数"), default=0)
    union_members = models.PositiveIntegerField(_("工会会员人数"), default=0)
    party_members = models.PositiveIntegerField(_("党员人数"), default=0)
    union_name = models.CharField(_("工会名称"), max_length=120, blank=True)
    union_code = models.CharField(_("工会统一社会信用代码"), max_length=18, blank=True)
    party_org_name = models.CharField(_("党组织名称"), max_length=120, blank=True)
    control = EnumField(_("控股情况"), max_length=20, of=Control, default=Control.UNKNOWN)
    state_capital_permille = models.PositiveSmallIntegerField(
        _("国有资本占比（‰）"), null=True, blank=True, help_text=_("500‰ 及以上为国有控股。")
    )
    verified_control = EnumField(_("核定控股情况"), max_length=20, of=Control, default=Control.UNKNOWN)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    verified_on_proof = models.CharField(_("核验依据"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    search = SearchField(of=("name", "credit_code", "union_name"))

    objects = EmployerQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ["credit_code"]
        constraints = [
            one_of("sector", Sector.choices, "employer_sector_valid"),
            one_of("control", Control.choices, "employer_control_valid"),
            one_of("verified_control", Control.choices, "employer_verified_control_valid"),
            models.CheckConstraint(
                condition=models.Q(verified_control=Control.UNKNOWN, verified_by=None, verified_at=None)
                | (
                    ~models.Q(verified_control=Control.UNKNOWN)
                    & models.Q(verified_by__isnull=False, verified_at__isnull=False)
                    & ~models.Q(verified_on_proof="")
                ),
                name="employer_verification_complete",
            ),
            models.CheckConstraint(
                condition=models.Q(state_capital_permille=None) | models.Q(state_capital_permille__lte=1000),
                name="employer_state_capital_range",
            ),
        ]
        indexes = [models.Index(fields=["name"], name="employer_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.verified_control != Control.UNKNOWN

    @property
    def is_non_public(self) -> bool:
        """Verified as neither state- nor collectively controlled. Unverified counts as public."""
        return self.verified_control in NON_PUBLIC_CONTROLS

    @property
    def size(self) -> str:
        """Its size class (`SizeClass`) by what the register knows; empty where that does not decide it."""
        if self.sector != Sector.ENTERPRISE:
            return ""
        return size_class(self.industry, employees=self.employees, revenue=self.revenue, assets=self.assets)


class UnitPost(models.Model):
    """A person who acts for a unit, as applicant or as endorser."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="unit_posts")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="posts")
    role = EnumField(_("角色"), max_length=10, of=UnitRole)

    class Meta:
        verbose_name = _("单位岗位")
        verbose_name_plural = _("单位岗位")
        constraints = [
            models.UniqueConstraint(fields=["user", "employer", "role"], name="unit_post_once"),
            one_of("role", UnitRole.choices, "unit_post_role_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.employer} {self.get_role_display()}"
