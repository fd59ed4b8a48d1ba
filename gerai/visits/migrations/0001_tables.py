# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
import gerai.core.ids
import gerai.visits.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('visits', '0001_initial'),
        ('visits', '0002_appointments'),
        ('visits', '0003_closures'),
        ('visits', '0004_forecasts'),
        ('visits', '0005_number_blocks'),
        ('visits', '0006_one_at_counter'),
        ('visits', '0007_company'),
        ('visits', '0008_calendar_feeds'),
        ('visits', '0009_call_by_text'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('agencies', '0001_tables'),
        ('applications', '0001_tables'),
        ('catalogue', '0001_tables'),
        ('permits', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('nonce', models.CharField(blank=True, default='', max_length=16)),
                ('changed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Calibration',
            fields=[
                ('agency', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='calibration', serialize=False, to='agencies.agency')),
                ('intervals', models.JSONField(default=dict)),
                ('speed', models.FloatField(default=1.0)),
                ('forecast_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Learnt',
            fields=[
                ('service', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='learnt', serialize=False, to='catalogue.service')),
                ('served', models.IntegerField()),
                ('minutes', models.FloatField()),
                ('spread', models.FloatField()),
                ('updated_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('capacity', models.IntegerField()),
                ('booked', models.IntegerField(default=0)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.agency')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'starts_at'), name='slot_once'), models.CheckConstraint(condition=models.Q(('booked__gte', 0), ('booked__lte', models.F('capacity'))), name='slot_not_overbooked')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('stage', models.CharField(default='arrived', max_length=10)),
                ('entrance', models.CharField(default='', max_length=2)),
                ('number', models.IntegerField(null=True)),
                ('secret', models.CharField(default=gerai.visits.models.new_secret, max_length=32, unique=True)),
                ('request_key', models.CharField(max_length=64, null=True, unique=True)),
                ('claim_hash', models.CharField(blank=True, default='', max_length=64)),
                ('priority', models.CharField(blank=True, default='', max_length=10)),
                ('party', models.IntegerField(default=1)),
                ('company', models.CharField(blank=True, db_default='', default='', max_length=12)),
                ('language', models.CharField(default='id', max_length=2)),
                ('code', models.CharField(max_length=6, null=True)),
                ('slot_at', models.DateTimeField(null=True)),
                ('booked_at', models.DateTimeField(null=True)),
                ('reserved_until', models.DateTimeField(null=True)),
                ('coming_at', models.DateTimeField(null=True)),
                ('revision', models.IntegerField(default=0)),
                ('arrived_at', models.DateTimeField(null=True)),
                ('own_order', models.BooleanField(default=False)),
                ('call_by_text', models.BooleanField(db_default=False, default=False)),
                ('away_until', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('stage__in', ['reserved', 'confirmed'])), fields=['mall', 'slot_at'], name='visit_ahead'), models.Index(condition=models.Q(('stage', 'arrived')), fields=['mall', 'day'], name='visit_in_the_mall'), models.Index(fields=['person', '-day'], name='visit_of')],
                'constraints': [models.UniqueConstraint(fields=('mall', 'day', 'entrance', 'number'), name='visit_number_once'), models.UniqueConstraint(fields=('mall', 'day', 'code'), name='visit_code_once'), models.CheckConstraint(condition=models.Q(('stage__in', ['reserved', 'confirmed', 'arrived', 'ended', 'cancelled', 'expired', 'missed'])), name='visit_stage_known'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['arrived', 'ended']), _negated=True), models.Q(('arrived_at__isnull', False), ('number__isnull', False)), _connector='OR'), name='visit_arrived_has_number'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['reserved', 'confirmed']), _negated=True), models.Q(('person__isnull', False), ('slot_at__isnull', False)), _connector='OR'), name='visit_appointment_has_slot'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'reserved'), _negated=True), ('reserved_until__isnull', False), _connector='OR'), name='visit_reserved_expires'), models.CheckConstraint(condition=models.Q(('party__gte', 1), ('party__lte', 10)), name='visit_party_counts')],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('reason', models.CharField(max_length=200)),
                ('closed_at', models.DateTimeField()),
                ('reopened_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.service')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('reopened_at', None)), fields=['mall', 'day'], name='closure_today')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('reopened_at', None)), fields=('agency', 'service', 'day'), name='closure_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='NumberBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('entrance', models.CharField(max_length=2)),
                ('holder', models.CharField(max_length=60)),
                ('first', models.IntegerField()),
                ('last', models.IntegerField()),
                ('leased_at', models.DateTimeField()),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'day', 'entrance', 'first'), name='number_block_once')],
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('entrance', models.CharField(max_length=2)),
                ('last', models.IntegerField()),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'day', 'entrance'), name='visit_series_once')],
            },
        ),
        migrations.CreateModel(
            name='Errand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.IntegerField()),
                ('party', models.SmallIntegerField(db_default=1, default=1)),
                ('state', models.CharField(default='planned', max_length=10)),
                ('slot_at', models.DateTimeField(null=True)),
                ('rank_at', models.DateTimeField(null=True)),
                ('joined_at', models.DateTimeField(null=True)),
                ('called_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('calls', models.IntegerField(default=0)),
                ('outcome', models.CharField(blank=True, default='', max_length=12)),
                ('note', models.TextField(blank=True, default='')),
                ('forecast_low_at', models.DateTimeField(null=True)),
                ('forecast_high_at', models.DateTimeField(null=True)),
                ('said_low', models.IntegerField(null=True)),
                ('said_high', models.IntegerField(null=True)),
                ('model_low', models.FloatField(null=True)),
                ('model_high', models.FloatField(null=True)),
                ('load_class', models.IntegerField(null=True)),
                ('hit', models.BooleanField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.agency')),
                ('application', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='applications.application')),
                ('counter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='agencies.counter')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('permit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='permits.permit')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.service')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='errands', to='visits.visit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['mall', 'agency', 'rank_at', 'id'], name='errand_next'), models.Index(fields=['mall', 'called_at'], name='errand_called')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'called', 'serving', 'held'])), fields=('visit',), name='errand_one_live_place'), models.UniqueConstraint(condition=models.Q(('state__in', ['called', 'serving'])), fields=('mall', 'counter'), name='errand_one_at_counter'), models.CheckConstraint(condition=models.Q(('state__in', ['booked', 'planned', 'waiting', 'called', 'serving', 'held', 'done', 'absent', 'left', 'closed'])), name='errand_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), _negated=True), ('rank_at__isnull', False), _connector='OR'), name='errand_waiting_has_rank'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'booked'), _negated=True), ('slot_at__isnull', False), _connector='OR'), name='errand_booked_has_slot')],
            },
        ),
        migrations.CreateModel(
            name='WaitingListEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('party', models.SmallIntegerField(db_default=1, default=1)),
                ('joined_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('offered', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.visit')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('services', models.ManyToManyField(related_name='+', to='catalogue.service')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['mall', 'day', 'joined_at'], name='waiting_list')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('person', 'day'), name='waiting_list_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='SlotShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.IntegerField()),
                ('errand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='visits.errand')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='visits.slot')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('slot', 'errand'), name='slot_share_once'), models.CheckConstraint(condition=models.Q(('minutes__gt', 0)), name='slot_share_counts')],
            },
        ),
    ]
