# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
import gerai.core.ids
import gerai.feedback.models
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('feedback', '0001_initial'),
        ('feedback', '0002_numbers'),
    ]

    initial = True

    dependencies = [
        ('agencies', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=32, null=True)),
                ('kind', models.CharField(max_length=12)),
                ('text_sealed', models.BinaryField()),
                ('contact_sealed', models.BinaryField(null=True)),
                ('secret', models.CharField(default=gerai.feedback.models.new_secret, max_length=32, unique=True)),
                ('created_at', models.DateTimeField()),
                ('check_due_at', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(default='')),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='agencies.agency')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'number'), name='complaint_number_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['service', 'illegal_fee', 'facility', 'other'])), name='complaint_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='ComplaintSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(max_length=3)),
                ('year', models.IntegerField()),
                ('last', models.IntegerField(default=0)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'prefix', 'year'), name='complaint_series_once')],
            },
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(default='', max_length=30)),
                ('subject', models.CharField(max_length=80)),
                ('score', models.IntegerField()),
                ('elements', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.agency')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('subject', 'agency'), name='survey_once'), models.CheckConstraint(condition=models.Q(('score__in', [1, 2, 3, 4])), name='survey_score_known')],
            },
        ),
    ]
