"""Units, people and nominations by workbook."""
