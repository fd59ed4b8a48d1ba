# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
import gerai.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('payments', '0001_initial'),
        ('payments', '0002_refunds'),
        ('payments', '0003_charges_waivers_and_statements'),
        ('payments', '0004_arrival_times'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('agencies', '0001_tables'),
        ('applications', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=64, unique=True)),
                ('body', models.JSONField()),
                ('received_at', models.DateTimeField()),
                ('result', models.CharField(max_length=30)),
            ],
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=32)),
                ('amount', models.BigIntegerField()),
                ('lines', models.JSONField()),
                ('status', models.CharField(default='open', max_length=10)),
                ('confirmed', models.BooleanField()),
                ('created_at', models.DateTimeField()),
                ('charge_ref', models.CharField(default='', max_length=64)),
                ('charge_url', models.CharField(default='', max_length=300)),
                ('charge_qris', models.TextField(default='')),
                ('charge_account', models.CharField(default='', max_length=24)),
                ('charge_expires_at', models.DateTimeField(null=True)),
                ('charge_attempt', models.IntegerField(default=0)),
                ('asked_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.agency')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invoice', to='applications.application')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'number'), name='invoice_number_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='invoice_amount_positive'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'paid', 'cancelled', 'waived'])), name='invoice_status_known')],
            },
        ),
        migrations.CreateModel(
            name='InvoiceSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.IntegerField()),
                ('last', models.IntegerField(default=0)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'year'), name='invoice_series_once')],
            },
        ),
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('lines', models.IntegerField(default=0)),
                ('compared_at', models.DateTimeField(null=True)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'day'), name='reconciliation_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_ref', models.CharField(max_length=64, unique=True)),
                ('amount', models.BigIntegerField()),
                ('paid_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(null=True)),
                ('channel', models.CharField(max_length=20)),
                ('statement_day', models.DateField(null=True)),
                ('invoice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payment', to='payments.invoice')),
            ],
        ),
        migrations.CreateModel(
            name='Difference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('reference', models.CharField(max_length=64)),
                ('invoice', models.CharField(max_length=40)),
                ('told', models.BigIntegerField(null=True)),
                ('ours', models.BigIntegerField(null=True)),
                ('result', models.CharField(default='', max_length=20)),
                ('closed_at', models.DateTimeField(null=True)),
                ('note', models.CharField(default='', max_length=300)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reconciliation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='payments.reconciliation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('reconciliation', 'kind', 'reference'), name='difference_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['missing_here', 'missing_there', 'amount', 'doubled', 'unknown', 'invoice'])), name='difference_kind_known'), models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(('note', ''), ('result', ''), _negated=True), _connector='OR'), name='difference_closed_with_word')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_ref', models.CharField(max_length=64, unique=True)),
                ('amount', models.BigIntegerField()),
                ('reason', models.CharField(max_length=20)),
                ('received_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(null=True)),
                ('statement_day', models.DateField(null=True)),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.invoice')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_amount_positive'), models.CheckConstraint(condition=models.Q(('reason__in', ['paid_twice', 'cancelled', 'wrong_amount', 'rejected', 'waived'])), name='refund_reason_known')],
            },
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invoice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='waiver', to='payments.invoice')),
            ],
        ),
    ]
