"""What is open already gets the instant of its next warning."""

from django.db import migrations

_NEXT = "{start} + greatest(due_at - {start}, interval '1 second') * (ARRAY[0.5, 0.8, 1.0])[warned + 1]"


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_warn_at")]

    operations = [
        migrations.RunSQL(
            f"UPDATE reviews_task SET warn_at = {_NEXT.format(start='opened_at')} WHERE done_at IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            f"""UPDATE reviews_case SET warn_at = {_NEXT.format(start="started_at")}
            WHERE closed_at IS NULL AND application_id NOT IN (SELECT case_id FROM reviews_pause WHERE ended_at IS NULL)""",
            migrations.RunSQL.noop,
        ),
    ]
