"""The open tasks learn their service; applicants are found by whole words of their name."""

from django.db import migrations

SERVICES = """
UPDATE reviews_task SET service_id = a.service_id FROM applications_application a
WHERE a.id = reviews_task.case_id AND reviews_task.done_at IS NULL
"""
NAMES = "CREATE INDEX person_name_words ON accounts_person USING gin (to_tsvector('simple', name))"


class Migration(migrations.Migration):
    """Nothing is lost by going back: the column goes with the step before."""

    dependencies = [("reviews", "0003_saved_filters"), ("accounts", "0001_tables"), ("applications", "0001_tables")]

    operations = [
        migrations.RunSQL(SERVICES, migrations.RunSQL.noop),
        migrations.RunSQL(NAMES, "DROP INDEX person_name_words"),
    ]
