# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
import gerai.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('catalogue', '0001_initial'),
        ('catalogue', '0002_proposal'),
        ('catalogue', '0004_bundles'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('agencies', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Screener',
            fields=[
                ('mall', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='agencies.mall')),
                ('content', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('name', models.JSONField()),
                ('keywords', models.JSONField(default=list)),
                ('kind', models.CharField(max_length=24)),
                ('online', models.BooleanField(default=False)),
                ('counter_minutes', models.IntegerField()),
                ('active', models.BooleanField(default=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='agencies.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'code'), name='service_once_per_agency')],
            },
        ),
        migrations.CreateModel(
            name='LifeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('name', models.JSONField()),
                ('services', models.JSONField()),
                ('after', models.JSONField(default=dict)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'code'), name='life_event_once')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('agency_code', models.CharField(max_length=20)),
                ('text', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('published_by__isnull', True), models.Q(('published_by', models.F('made_by')), _negated=True), _connector='OR'), name='proposal_two_people')],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('content', models.JSONField()),
                ('status', models.CharField(max_length=12)),
                ('published_at', models.DateTimeField()),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='catalogue.service')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('service', 'number'), name='edition_number_once'), models.UniqueConstraint(condition=models.Q(('status', 'published')), fields=('service',), name='edition_one_published'), models.CheckConstraint(condition=models.Q(('status__in', ['published', 'superseded'])), name='edition_status_known')],
            },
        ),
    ]
