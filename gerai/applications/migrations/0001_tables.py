# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
import gerai.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('applications', '0001_initial'),
        ('applications', '0002_returns'),
        ('applications', '0003_businesses_and_help'),
        ('applications', '0004_bundles'),
        ('applications', '0005_mandates'),
        ('applications', '0006_forecast'),
        ('applications', '0007_silence_index'),
        ('applications', '0008_outside'),
        ('applications', '0009_following'),
        ('applications', '0010_confirmations'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('agencies', '0001_tables'),
        ('catalogue', '0001_tables'),
        ('documents', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('occasion', models.CharField(max_length=60)),
                ('name', models.JSONField()),
                ('after', models.JSONField(default=dict)),
                ('at_mall', models.JSONField(default=list)),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bundles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('mall', 'person', 'occasion'), name='bundle_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('contact_index', models.BinaryField()),
                ('contact_sealed', models.BinaryField()),
                ('until', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('grantor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates_given', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates_held', to=settings.AUTH_USER_MODEL)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.service')),
            ],
            options={
                'indexes': [models.Index(fields=['contact_index'], name='mandate_contact')],
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.IntegerField()),
                ('last', models.IntegerField(default=0)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mall', 'year'), name='number_series_once')],
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('helped_until', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, default='', max_length=8)),
                ('follow_by', models.DateField(null=True)),
                ('number', models.CharField(max_length=32, null=True)),
                ('status', models.CharField(default='draft', max_length=12)),
                ('answers', models.JSONField(default=dict)),
                ('answers_sealed', models.BinaryField(null=True)),
                ('round', models.IntegerField(default=1)),
                ('corrections', models.JSONField(default=list)),
                ('correct_by', models.DateTimeField(null=True)),
                ('before_sealed', models.BinaryField(null=True)),
                ('created_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('complete_at', models.DateTimeField(null=True)),
                ('promised_at', models.DateTimeField(null=True)),
                ('forecast', models.JSONField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('rejection', models.JSONField(null=True)),
                ('outside', models.JSONField(null=True)),
                ('ready_for_pickup', models.BooleanField(default=False)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.agency')),
                ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to=settings.AUTH_USER_MODEL)),
                ('business', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='accounts.business')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.edition')),
                ('follows', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='applications.application')),
                ('helper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.mall')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalogue.service')),
                ('mandate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='applications.mandate')),
            ],
            options={
                'indexes': [models.Index(fields=['applicant', '-created_at'], name='application_of'), models.Index(condition=models.Q(('status', 'returned')), fields=['correct_by'], name='application_to_mend')],
                'constraints': [models.UniqueConstraint(fields=('mall', 'number'), name='application_number_once'), models.UniqueConstraint(condition=models.Q(('business__isnull', True), ('follows__isnull', True), ('status', 'draft')), fields=('applicant', 'service'), name='application_one_draft'), models.UniqueConstraint(condition=models.Q(('business__isnull', False), ('follows__isnull', True), ('status', 'draft')), fields=('applicant', 'service', 'business'), name='application_one_business_draft'), models.UniqueConstraint(condition=models.Q(('follows__isnull', False), ('status', 'draft')), fields=('follows',), name='application_one_following_draft'), models.CheckConstraint(condition=models.Q(models.Q(('follows__isnull', True), ('why', '')), models.Q(('follows__isnull', False), ('why__in', ['amend', 'renew'])), _connector='OR'), name='application_follows_for_a_reason'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted', 'returned', 'review', 'payment', 'decision', 'signing', 'approved', 'rejected', 'withdrawn', 'lapsed'])), name='application_status_known'), models.CheckConstraint(condition=models.Q(('submitted_at__isnull', True), ('number__isnull', False), _connector='OR'), name='application_submitted_has_number')],
            },
        ),
        migrations.CreateModel(
            name='BundleItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.IntegerField()),
                ('carried', models.JSONField(default=list)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bundled', to='applications.application')),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='applications.bundle')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.service')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bundle', 'service'), name='bundle_service_once')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(max_length=10)),
                ('round', models.IntegerField(default=0)),
                ('token_index', models.BinaryField(null=True, unique=True)),
                ('code_index', models.BinaryField(null=True)),
                ('secret_sealed', models.BinaryField(null=True)),
                ('claim_index', models.BinaryField(null=True)),
                ('digest', models.BinaryField(null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=8)),
                ('said_sealed', models.BinaryField(null=True)),
                ('until', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='applications.application')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signature', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('application',), name='confirmation_one_open'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('code_index',), name='confirmation_code_once'), models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'right', 'wrong'])), name='confirmation_outcome_known')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('requirement', models.CharField(max_length=30)),
                ('round', models.IntegerField(default=1)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='applications.application')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='documents.document')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('application', 'requirement'), name='attachment_one_per_requirement')],
            },
        ),
    ]
