"""What every system has for everyone: help and contact first in its footer, then the accessibility statement.

The same words lead to the same pages at the same place everywhere (WCAG 3.2.4, 3.2.6).
"""

from poreka.for_everyone import pages, report
from poreka.web.routes import Access, Route
from poreka.web.system import NavigationItem

ACCESSIBILITY = [
    Route("GET", "/accessibility", pages.show_statement, Access.ANYONE),
    Route("GET", "/accessibility/report", report.show_form, Access.ANYONE),
    Route("POST", "/accessibility/report", report.send_report, Access.ANYONE, "report_barrier"),
]
ROUTES = [Route("GET", "/help", pages.show_help, Access.ANYONE), *ACCESSIBILITY]

FOOTER: tuple[NavigationItem, ...] = (
    NavigationItem("contact.title", "/help"),
    NavigationItem("accessibility.title", "/accessibility"),
)
