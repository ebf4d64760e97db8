"""Rows of an import as they come from a workbook, where each stands in it, and what is found wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from appraisal.records.states import Channel, Control, Sector
from quotas.base.errors import FieldProblem, Reason
from quotas.base.states import Role


@dataclass(frozen=True)
class Heading:
    """A column as the person sees it: its letter and its heading."""

    letter: str
    text: str


@dataclass(frozen=True)
class RowProblem:
    """What is wrong, and where: nowhere given means the file, no row the sheet, no letter the row."""

    reason: Reason
    sheet: str = ""
    row: int | None = None
    letter: str = ""
    heading: str = ""

    @property
    def cell(self) -> str:
        """The address in the sheet, as far as there is one."""
        return f"{self.letter}{self.row}" if self.letter and self.row else ""


@dataclass(frozen=True)
class Source:
    """Where a row stands: the sheet, the row as numbered there, and its columns by field."""

    sheet: str
    row: int
    headings: Mapping[str, Heading] = field(repr=False)

    def problem(self, reason: Reason) -> RowProblem:
        """A problem of this row, at the column of its field when the sheet has one."""
        field = reason.field if isinstance(reason, FieldProblem) else None
        heading = self.headings.get(field or "", Heading("", ""))
        return RowProblem(reason, self.sheet, self.row, heading.letter, heading.text)


@dataclass(frozen=True)
class EmployerRow:
    """A unit to be registered. Bodies are given by code or name."""

    source: Source
    name: str
    credit_code: str
    registration_type: str
    body: str
    industry_body: str
    sector: Sector
    control: Control
    state_capital_permille: int | None
    employees: int
    union_members: int
    party_members: int
    union_name: str
    union_code: str
    party_org_name: str
    address: str
    applicant_name: str = ""
    applicant_username: str = ""
    applicant_phone: str = ""
    endorser_name: str = ""
    endorser_username: str = ""
    endorser_phone: str = ""
    industry: str = ""
    revenue: int | None = None
    assets: int | None = None


@dataclass(frozen=True)
class PostRow:
    """A person for a post of a body. The body is given by code or name; `body_name` only explains it."""

    source: Source
    body: str
    body_name: str
    role: Role
    name: str
    username: str
    phone: str
    email: str

    @property
    def is_empty(self) -> bool:
        """A post of the prepared form for which nobody was named."""
        return not (self.name or self.username or self.phone or self.email)


@dataclass(frozen=True)
class NominationRow:
    """A draft to be made for an applicant. Award by name or code, unit by credit code, applicant by account."""

    source: Source
    award: str
    channel: Channel
    credit_code: str
    nominee_name: str
    leader_name: str
    position: str
    identity_number: str
    phone: str
    deeds: str
    summary: str
    honours: str
    self_score: int | None
    applicant: str
    answers: Mapping[str, str] = field(default_factory=dict)
    """What stands in the columns of fields, by their names as headings; which field it is the award decides."""


@dataclass(frozen=True)
class WeightRow:
    """A body's weight in a calculation of places. The body is given by code or name; `name` only has to agree."""

    source: Source
    body: str
    name: str
    weight: int
    floor: int
    cap: int | None


@dataclass(frozen=True)
class ImportSlip:
    """What the owner of a new account is handed: for whom and as what, and the one-time password or a half of it."""

    place: str
    post: str
    name: str
    username: str
    phone: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Report:
    """
    What an import did, or would do: two runs over the same data give equal reports, saved or not.

    `accounts` is how many accounts are opened with it. `made` holds the numbers of the new rows and `slips` what their
    owners are handed, once they are saved.
    """

    rows: int
    created: int
    unchanged: int
    problems: tuple[RowProblem, ...]
    saved: bool = field(compare=False)
    made: tuple[int, ...] = field(compare=False)
    accounts: int = 0
    slips: tuple[ImportSlip, ...] = field(compare=False, default=(), repr=False)
