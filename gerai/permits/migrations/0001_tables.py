# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
import django.db.models.functions.text
import gerai.core.ids
import gerai.permits.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('permits', '0001_initial'),
        ('permits', '0003_suspension_and_register'),
        ('permits', '0004_suspended'),
        ('permits', '0005_status_lists'),
        ('permits', '0006_signing'),
        ('permits', '0007_replaced_and_placed'),
        ('permits', '0008_taken_over'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('agencies', '0001_tables'),
        ('applications', '0001_tables'),
        ('catalogue', '0001_tables'),
        ('documents', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Permit',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(default='permit', max_length=8)),
                ('number', models.CharField(max_length=120)),
                ('lat', models.FloatField(null=True)),
                ('lon', models.FloatField(null=True)),
                ('content', models.JSONField()),
                ('content_sealed', models.BinaryField(null=True)),
                ('status', models.CharField(default='signing', max_length=16)),
                ('secret', models.CharField(default=gerai.permits.models.new_secret, max_length=40, unique=True)),
                ('decided_name', models.CharField(max_length=120)),
                ('decided_title', models.CharField(max_length=200)),
                ('decided_at', models.DateTimeField()),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(null=True)),
                ('certified', models.BooleanField(default=False)),
                ('signed_at', models.DateTimeField(null=True)),
                ('sign_failed_at', models.DateTimeField(null=True)),
                ('sign_failure', models.CharField(blank=True, default='', max_length=40)),
                ('held_until', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoke_reason', models.CharField(blank=True, default='', max_length=1000)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('handed_over_at', models.DateTimeField(null=True)),
                ('receiver', models.CharField(blank=True, default='', max_length=120)),
                ('proof', models.CharField(blank=True, default='', max_length=200)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permits', to='agencies.agency')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='permit', to='applications.application')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='permit', to='documents.document')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.edition')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permits', to=settings.AUTH_USER_MODEL)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacement', to='permits.permit')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.service')),
            ],
            options={
                'indexes': [models.Index(fields=['holder', '-decided_at'], name='permit_of'), models.Index(condition=models.Q(('status', 'signing')), fields=['decided_at'], name='permit_unsigned'), models.Index(fields=['agency', '-decided_at', '-id'], name='permit_register'), models.Index(condition=models.Q(('status', 'valid')), fields=['valid_until'], name='permit_ends'), models.Index(django.db.models.functions.text.Upper(django.db.models.functions.text.Replace(models.F('number'), models.Value(' '), models.Value(''))), name='permit_by_number'), models.Index(condition=models.Q(('lat__isnull', False)), fields=['mall', 'lat'], name='permit_on_map'), models.Index(condition=models.Q(('status__in', ['suspended', 'revoked', 'replaced'])), fields=['status'], name='permit_withdrawn')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'number'), name='permit_number_once_per_agency'), models.CheckConstraint(condition=models.Q(('status__in', ['signing', 'valid', 'suspended', 'revoked', 'replaced'])), name='permit_status_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['permit', 'refusal'])), name='permit_kind_known'), models.CheckConstraint(condition=models.Q(('status', 'signing'), models.Q(('document__isnull', False), ('signed_at__isnull', False)), _connector='OR'), name='permit_signed_has_file'), models.CheckConstraint(condition=models.Q(models.Q(('lat', None), ('lon', None)), models.Q(('lat__isnull', False), ('lat__range', (-90, 90)), ('lon__isnull', False), ('lon__range', (-180, 180))), _connector='OR'), name='permit_place_whole'), models.CheckConstraint(condition=models.Q(models.Q(('replaced_at', None), models.Q(('status', 'replaced'), _negated=True)), models.Q(('replaced_at__isnull', False), ('status', 'replaced')), _connector='OR'), name='permit_replaced_has_time')],
            },
        ),
        migrations.CreateModel(
            name='PermitSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('year', models.IntegerField()),
                ('last', models.IntegerField(default=0)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'kind', 'year'), name='permit_series_once')],
            },
        ),
        migrations.CreateModel(
            name='StatusList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('given', models.IntegerField(default=0)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'number'), name='status_list_once')],
            },
        ),
        migrations.CreateModel(
            name='StatusPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.IntegerField()),
                ('permit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='place', to='permits.permit')),
                ('status_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='permits.statuslist')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('status_list', 'index'), name='status_place_once'), models.CheckConstraint(condition=models.Q(('index__gte', 0), ('index__lt', 65536)), name='status_place_in_list')],
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=1000)),
                ('ground', models.CharField(max_length=300)),
                ('suspended_at', models.DateTimeField()),
                ('lift_reason', models.CharField(blank=True, default='', max_length=1000)),
                ('lift_ground', models.CharField(blank=True, default='', max_length=300)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('permit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='permits.permit')),
                ('suspended_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('permit',), name='suspension_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='suspension_lifted_whole')],
            },
        ),
    ]
