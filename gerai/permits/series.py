"""Taking numbers from an agency's series: none twice, none left out."""

from datetime import date

from gerai.agencies.models import Agency
from gerai.core import sql
from gerai.permits import queries, rules
from gerai.permits.models import PermitSeries

_SERIES = "WHERE x.agency_id = %s AND x.kind = %s AND x.year = %s FOR UPDATE"


def take_number(agency: Agency, service: str, day: date, kind: str) -> str:
    """Take the next number of an agency. Its row stays locked until the decision commits: none skipped or doubled."""
    year = rules.series_year(agency.permit_pattern, day)
    found = sql.objects(PermitSeries, _SERIES, [agency.pk, kind, year])
    if not found:
        begin = {"last": queries.begin_of(agency, kind, year)}
        PermitSeries.objects.get_or_create(agency=agency, kind=kind, year=year, defaults=begin)
        found = sql.objects(PermitSeries, _SERIES, [agency.pk, kind, year])
    row = found[0]
    row.last, made = queries.free_number(agency, service, day, kind, row.last)
    sql.put(row, "last")
    return made
