from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    """Until now the time of arrival was taken for the time of payment."""
    apps.get_model("payments", "Payment").objects.filter(received_at=None).update(received_at=F("paid_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_charges_waivers_and_statements'),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
