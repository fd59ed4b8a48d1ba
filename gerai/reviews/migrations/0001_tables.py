# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
import gerai.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('reviews', '0001_initial'),
        ('reviews', '0002_warn_at'),
        ('reviews', '0003_fill_warn_at'),
        ('reviews', '0004_second_looks'),
        ('reviews', '0005_objections'),
        ('reviews', '0006_foretold'),
        ('reviews', '0007_supervisors'),
        ('reviews', '0008_silence_index'),
        ('reviews', '0010_inspections'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('agencies', '0001_tables'),
        ('applications', '0001_tables'),
        ('documents', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='case', serialize=False, to='applications.application')),
                ('stage', models.IntegerField(default=-1)),
                ('fee_amount', models.BigIntegerField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('warned', models.IntegerField(default=0)),
                ('warn_at', models.DateTimeField(null=True)),
                ('extra_days', models.IntegerField(default=0)),
                ('promise_days', models.IntegerField(null=True)),
                ('deemed_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('expected_low', models.DateField(null=True)),
                ('expected_high', models.DateField(null=True)),
                ('said_low', models.DateField(null=True)),
                ('said_high', models.DateField(null=True)),
                ('hit', models.BooleanField(null=True)),
                ('breach', models.FloatField(null=True)),
                ('likely_late', models.BooleanField(default=False)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.agency')),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['mall', 'due_at'], name='case_open_due'), models.Index(condition=models.Q(('closed_at', None)), fields=['warn_at'], name='case_open_warn'), models.Index(condition=models.Q(('closed_at', None), ('deemed_at', None)), fields=['due_at'], name='case_silence')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=16)),
                ('key', models.CharField(max_length=40)),
                ('round', models.IntegerField(default=1)),
                ('again', models.IntegerField(default=0)),
                ('title', models.JSONField()),
                ('days', models.IntegerField()),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('warned', models.IntegerField(default=0)),
                ('warn_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(default='', max_length=12)),
                ('note', models.TextField(default='')),
                ('corrections', models.JSONField(default=list)),
                ('given_at', models.DateTimeField(null=True)),
                ('given_reason', models.CharField(blank=True, default='', max_length=300)),
                ('done_as', models.CharField(blank=True, default='', max_length=4)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.agency')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='reviews.case')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_for', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['agency', 'role', 'due_at'], name='task_inbox'), models.Index(condition=models.Q(('done_at', None)), fields=['due_at'], name='task_open_due'), models.Index(condition=models.Q(('done_at', None)), fields=['warn_at'], name='task_open_warn'), models.Index(condition=models.Q(('done_at', None), ('kind', 'completeness')), fields=['due_at'], name='task_silence')],
                'constraints': [models.UniqueConstraint(fields=('case', 'key', 'round', 'again'), name='task_once_per_round'), models.CheckConstraint(condition=models.Q(('kind__in', ['completeness', 'recommend', 'inspect', 'verify', 'assess', 'decide', 'objection', 'outside', 'opinion'])), name='task_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('outcome', '')), models.Q(('done_at__isnull', False), ('outcome__in', ['approve', 'return', 'reject', 'cancelled', 'again', 'answered'])), _connector='OR'), name='task_outcome_known')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('written_at', models.DateTimeField()),
                ('for_route', models.BooleanField()),
                ('text_sealed', models.BinaryField()),
                ('struck_at', models.DateTimeField(null=True)),
                ('struck_reason', models.CharField(blank=True, default='', max_length=300)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='reviews.case')),
                ('struck_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('struck_at', None), ('struck_by', None), ('struck_reason', '')), models.Q(('struck_at__isnull', False), ('struck_by__isnull', False), models.Q(('struck_reason', ''), _negated=True)), _connector='OR'), name='note_struck_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=30)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ground', models.CharField(blank=True, default='', max_length=300)),
                ('until_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='reviews.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('case',), name='pause_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='objection', serialize=False, to='reviews.case')),
                ('filed_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('text_sealed', models.BinaryField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('granted', models.BooleanField(null=True)),
                ('answer', models.JSONField(null=True)),
                ('successor', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='came_from', to='applications.application')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('answered_at', None)), fields=['due_at'], name='objection_open')],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='opinion', serialize=False, to='reviews.task')),
                ('asked_at', models.DateTimeField()),
                ('question_sealed', models.BinaryField()),
                ('personal', models.BooleanField(default=False)),
                ('files', models.JSONField(default=list)),
                ('reason_sealed', models.BinaryField(null=True)),
                ('answer_sealed', models.BinaryField(null=True)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('of_task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked', to='reviews.task')),
            ],
        ),
        migrations.CreateModel(
            name='OutsideResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(max_length=120)),
                ('result', models.CharField(max_length=8)),
                ('reference', models.CharField(max_length=80)),
                ('decided_on', models.DateField()),
                ('where', models.CharField(blank=True, default='', max_length=300)),
                ('recorded_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, default='', max_length=300)),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='reviews.outsideresult')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='reviews.task')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaces', None)), fields=('task',), name='outside_first_once_per_task'), models.CheckConstraint(condition=models.Q(('replaces', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='outside_correction_has_reason'), models.CheckConstraint(condition=models.Q(('result__in', ['granted', 'rejected', 'returned'])), name='outside_result_known')],
            },
        ),
        migrations.CreateModel(
            name='SiteVisit',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('silent_since', models.DateTimeField()),
                ('starts_at', models.DateTimeField(null=True)),
                ('by_notice', models.BooleanField(default=False)),
                ('revision', models.IntegerField(default=0)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason_sealed', models.BinaryField(null=True)),
                ('absent', models.CharField(blank=True, default='', max_length=10)),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='reviews.task')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'agreed')), fields=['starts_at'], name='site_visit_ahead')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'agreed'])), fields=('task',), name='site_visit_one_open'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'agreed', 'declined', 'called_off', 'missed', 'held'])), name='site_visit_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'agreed'), _negated=True), ('starts_at__isnull', False), _connector='OR'), name='site_visit_agreed_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField(unique=True)),
                ('made_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('finding', models.CharField(max_length=10)),
                ('sealed', models.BinaryField()),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reviews.task')),
                ('visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reviews.sitevisit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('finding__in', ['fits', 'mend', 'unfit'])), name='report_finding_known')],
            },
        ),
        migrations.CreateModel(
            name='VisitTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('held', models.BooleanField(default=True)),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='times', to='reviews.sitevisit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('held', True)), fields=('officer', 'starts_at'), name='visit_time_one_place'), models.UniqueConstraint(fields=('visit', 'starts_at'), name='visit_time_once')],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('key', models.UUIDField(primary_key=True, serialize=False)),
                ('report_key', models.UUIDField()),
                ('point', models.CharField(blank=True, default='', max_length=40)),
                ('taken_at', models.DateTimeField()),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='reviews.task')),
                ('report', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='reviews.report')),
            ],
        ),
    ]
