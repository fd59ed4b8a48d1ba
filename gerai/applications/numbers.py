"""Numbers of applications: without gaps or doubles in a mall's year."""

from datetime import datetime

from gerai.agencies import queries as agencies
from gerai.applications.models import Application
from gerai.core import sql

# In one statement: two who send at once get two numbers, and the row stays locked until the number is told.
_NUMBER = """
INSERT INTO applications_numberseries (mall_id, year, last) VALUES (%(mall)s, %(year)s, 1)
ON CONFLICT (mall_id, year) DO UPDATE SET last = applications_numberseries.last + 1 RETURNING last
"""


def next_number(application: Application, now: datetime) -> str:
    """The next number of the mall's year; its row stays locked until the transaction ends."""
    year = agencies.calendar(application.mall).local(now).year
    last = sql.one(_NUMBER, {"mall": application.mall_id, "year": year})[0]
    return f"{application.mall_id}-{year}-{last:06d}"
