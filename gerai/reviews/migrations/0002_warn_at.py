from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [
        migrations.AddField("case", "warn_at", models.DateTimeField(null=True)),
        migrations.AddField("task", "warn_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "case", models.Index(fields=["warn_at"], condition=Q(closed_at=None), name="case_open_warn")
        ),
        migrations.AddIndex(
            "task", models.Index(fields=["warn_at"], condition=Q(done_at=None), name="task_open_warn")
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["due_at"], condition=Q(done_at=None, kind="completeness"), name="task_silence"
            ),
        ),
    ]
