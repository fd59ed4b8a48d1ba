# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
import gerai.core.ids
import gerai.floor.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('floor', '0001_initial'),
        ('floor', '0002_devices'),
        ('floor', '0003_counters'),
        ('floor', '0004_advice'),
        ('floor', '0005_hall'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('agencies', '0001_tables'),
        ('catalogue', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Advice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=6)),
                ('made_at', models.DateTimeField()),
                ('ahead', models.IntegerField(default=0)),
                ('waiting', models.IntegerField()),
                ('counters', models.IntegerField()),
                ('wait', models.FloatField()),
                ('people', models.IntegerField(default=0)),
                ('minutes', models.FloatField(default=0)),
                ('lack', models.IntegerField(default=0)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=10)),
                ('measured_at', models.DateTimeField(null=True)),
                ('real_wait', models.FloatField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'indexes': [models.Index(fields=['mall', '-made_at'], name='advice_recent')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('agency',), name='advice_one_open'), models.CheckConstraint(condition=models.Q(('kind__in', ['open', 'close', 'short'])), name='advice_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.JSONField()),
                ('zones', models.JSONField(blank=True, default=list)),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField()),
                ('every_minutes', models.IntegerField(default=0)),
                ('ended_at', models.DateTimeField(null=True)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['mall', 'until_at'], name='announcement_live')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_at__gt', models.F('from_at'))), name='announcement_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=60)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('hall', models.CharField(blank=True, default='', max_length=40)),
                ('zones', models.JSONField(blank=True, default=list)),
                ('entrance', models.CharField(blank=True, default='', max_length=2)),
                ('speaks', models.BooleanField(default=True)),
                ('flash', models.BooleanField(default=False)),
                ('address', models.CharField(blank=True, default='', max_length=60)),
                ('paired_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('trouble', models.CharField(blank=True, default='', max_length=16)),
                ('trouble_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('printer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='kiosks', to='floor.device')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['board', 'counter_api', 'kiosk', 'printer'])), name='device_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'counter_api'), _negated=True), ('person__isnull', False), _connector='OR'), name='device_counter_has_officer'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'printer'), _negated=True), models.Q(('address', ''), _negated=True), _connector='OR'), name='device_printer_has_address')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('paused_at', models.DateTimeField(null=True)),
                ('pause_reason', models.CharField(blank=True, default='', max_length=10)),
                ('pauses', models.IntegerField(default=0)),
                ('paused_seconds', models.IntegerField(default=0)),
                ('closed_at', models.DateTimeField(null=True)),
                ('counter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty', to='agencies.counter')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('services', models.ManyToManyField(blank=True, related_name='+', to='catalogue.service')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('counter',), name='duty_one_per_counter'), models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('person',), name='duty_one_per_person')],
            },
        ),
        migrations.CreateModel(
            name='WrongCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'indexes': [models.Index(fields=['mall', 'created_at'], name='wrong_code_recent')],
            },
        ),
        migrations.CreateModel(
            name='CallOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret', models.CharField(default=gerai.floor.models.new_secret, max_length=32, unique=True)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, default='', max_length=6)),
                ('advice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='floor.advice')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('advice', 'person'), name='call_out_once'), models.UniqueConstraint(condition=models.Q(('answer', '')), fields=('advice',), name='call_out_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('errand', models.BigIntegerField(null=True)),
                ('refusal', models.CharField(blank=True, default='', max_length=40)),
                ('sentence', models.CharField(blank=True, default='', max_length=300)),
                ('status', models.IntegerField(default=200)),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='floor.duty')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='answer_at')],
                'constraints': [models.UniqueConstraint(fields=('duty', 'key'), name='answer_once_per_key')],
            },
        ),
        migrations.CreateModel(
            name='Pairing',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('code_index', models.BinaryField(unique=True)),
                ('claim_hash', models.CharField(max_length=64)),
                ('place_index', models.BinaryField(default=b'')),
                ('address', models.CharField(blank=True, default='', max_length=60)),
                ('created_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='floor.device')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'indexes': [models.Index(fields=['mall', 'created_at'], name='pairing_recent')],
            },
        ),
        migrations.CreateModel(
            name='Said',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('holds_until', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='said', to='floor.device')),
            ],
            options={
                'indexes': [models.Index(fields=['holds_until'], name='said_holds')],
                'constraints': [models.UniqueConstraint(fields=('device', 'key'), name='said_once')],
            },
        ),
    ]
