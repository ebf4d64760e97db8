"""Workbooks in and out: lists that go up, registers and nominations that come in, and the forms for them."""

from appraisal.spreadsheets.apportionments import calculation_workbook
from appraisal.spreadsheets.columns import EMPLOYER_COLUMNS, NOMINATION_COLUMNS, Column
from appraisal.spreadsheets.imports import (
    employer_template,
    nomination_template,
    post_template,
    read_employers,
    read_nominations,
    read_posts,
    read_weights,
    weights_template,
)
from appraisal.spreadsheets.lists import list_columns, read_list
from appraisal.spreadsheets.reader import MAX_BYTES, MAX_ROWS
from appraisal.spreadsheets.slates import CHECK_HEADINGS, SLATE_HEADINGS, final_workbook, slate_workbook

__all__ = [
    "CHECK_HEADINGS",
    "EMPLOYER_COLUMNS",
    "MAX_BYTES",
    "MAX_ROWS",
    "NOMINATION_COLUMNS",
    "SLATE_HEADINGS",
    "Column",
    "calculation_workbook",
    "employer_template",
    "final_workbook",
    "list_columns",
    "nomination_template",
    "post_template",
    "read_employers",
    "read_list",
    "read_nominations",
    "read_posts",
    "read_weights",
    "slate_workbook",
    "weights_template",
]
