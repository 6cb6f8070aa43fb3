"""Reports for people: one HTML file each, that opens offline."""

from admissions.report.allocation import report_html

__all__ = ["report_html"]
