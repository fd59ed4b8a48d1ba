"""Invoices that are open already get a last day, too: thirty days from the upgrade, so that nobody is surprised."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations
from django.utils import timezone


def give_days(apps: Any, schema_editor: Any) -> None:
    for invoice in apps.get_model("payments", "Invoice").objects.filter(status="open", pay_by=None):
        local = timezone.now().astimezone(ZoneInfo(invoice.mall.timezone))
        last = local.date() + timedelta(days=30)
        invoice.pay_by = datetime.combine(last, time(23, 59, 59), local.tzinfo)
        invoice.save(update_fields=["pay_by"])


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_last_day_to_pay")]
    operations = [migrations.RunPython(give_days, migrations.RunPython.noop, elidable=True)]
