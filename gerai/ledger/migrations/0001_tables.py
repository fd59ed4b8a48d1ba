# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('ledger', '0001_initial'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mall', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=120)),
                ('actor_kind', models.CharField(max_length=12)),
                ('actor_id', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('data', models.JSONField(default=dict)),
                ('cause', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['mall', 'subject', 'id'], name='entry_subject'), models.Index(fields=['mall', 'kind', 'at'], name='entry_kind_at')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mall', models.CharField(max_length=12)),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('root', models.BinaryField()),
                ('chained', models.BinaryField()),
                ('signature', models.BinaryField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'first'), name='seal_once')],
            },
        ),
        migrations.CreateModel(
            name='Sequencer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done_below', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consumer', models.CharField(max_length=60)),
                ('mall', models.CharField(max_length=12)),
                ('position', models.BigIntegerField(default=0)),
                ('failures', models.IntegerField(default=0)),
                ('error', models.TextField(default='')),
                ('retry_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('consumer', 'mall'), name='subscription_once')],
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='ledger.entry')),
                ('mall', models.CharField(max_length=12)),
                ('position', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'position'), name='position_once_per_mall')],
            },
        ),
    ]
