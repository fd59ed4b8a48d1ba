# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('agencies', '0001_initial'),
        ('agencies', '0002_rosters'),
        ('agencies', '0003_bookable'),
        ('agencies', '0004_priorities'),
        ('agencies', '0005_substitutions'),
        ('agencies', '0006_surroundings'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mall',
            fields=[
                ('code', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('city', models.CharField(max_length=120)),
                ('timezone', models.CharField(default='Asia/Jakarta', max_length=40)),
                ('opening', models.JSONField(default=dict)),
                ('details', models.JSONField(default=dict)),
                ('priorities', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.JSONField()),
                ('short', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=12)),
                ('permit_pattern', models.CharField(default='{number:04d}/{agency}/{service}/{year}', max_length=60)),
                ('opening', models.JSONField(default=dict)),
                ('source', models.JSONField(default=dict)),
                ('live_at', models.DateTimeField(null=True)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agencies', to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'code'), name='agency_once_per_mall')],
            },
        ),
        migrations.CreateModel(
            name='Surroundings',
            fields=[
                ('mall', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='surroundings', serialize=False, to='agencies.mall')),
                ('content', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField()),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=20)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holidays', to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'date'), name='holiday_once')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('zone', models.CharField(default='', max_length=40)),
                ('agencies', models.ManyToManyField(related_name='counters', to='agencies.agency')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counters', to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'number'), name='counter_once_per_mall')],
            },
        ),
        migrations.CreateModel(
            name='OnCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.IntegerField()),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='on_call', to='agencies.agency')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('agency', 'person'), name='on_call_once')],
            },
        ),
        migrations.CreateModel(
            name='RosterDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.SmallIntegerField()),
                ('counters', models.JSONField(default=dict)),
                ('expected', models.JSONField(default=dict)),
                ('proposed', models.BooleanField(default=True)),
                ('bookable', models.JSONField(default=dict)),
                ('could_book', models.JSONField(default=dict)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster', to='agencies.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'weekday'), name='roster_day_once'), models.CheckConstraint(condition=models.Q(('weekday__gte', 0), ('weekday__lte', 6)), name='roster_weekday_known')],
            },
        ),
        migrations.CreateModel(
            name='Substitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=20)),
                ('form', models.CharField(max_length=4)),
                ('ground', models.CharField(max_length=200)),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField()),
                ('named_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('absent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='substitutions', to='agencies.agency')),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('substitute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['until_at'], name='substitution_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('form__in', ['an', 'plh', 'plt'])), name='substitution_form_known'), models.CheckConstraint(condition=models.Q(('until_at__gt', models.F('from_at'))), name='substitution_has_time'), models.CheckConstraint(condition=models.Q(('absent', models.F('substitute')), _negated=True), name='substitution_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=20)),
                ('active', models.BooleanField(default=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='agencies.agency')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('substitution', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.substitution')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'agency', 'person', 'role'), name='membership_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('role__in', ['agency_admin', 'auditor', 'counter_officer', 'information_desk', 'mall_manager', 'mayor', 'reviewer', 'signer', 'verifier'])), name='membership_role_known')],
            },
        ),
        migrations.CreateModel(
            name='CounterLoan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200)),
                ('lent_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('counter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loans', to='agencies.counter')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('returned_at', None)), fields=('counter', 'agency'), name='counter_loan_once')],
            },
        ),
    ]
