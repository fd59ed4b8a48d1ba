"""Tries at passwords and codes, to slow down guessing."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Try",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_index", models.BinaryField()),
                ("created_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["subject_index", "created_at"], name="try_recent")]},
        ),
    ]
