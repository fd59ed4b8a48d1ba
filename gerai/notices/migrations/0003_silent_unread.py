from django.db import migrations


class Migration(migrations.Migration):
    """What never went out was never read: people without an address find it unread on their page."""

    dependencies = [
        ('notices', '0002_inbox_and_choices'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE notices_notice SET read_at = NULL WHERE status IN ('silent', 'failed', 'queued')",
            migrations.RunSQL.noop,
        ),
    ]
