# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('notices', '0001_initial'),
        ('notices', '0002_inbox_and_choices'),
        ('notices', '0003_silent_unread'),
        ('notices', '0004_reports_and_devices'),
        ('notices', '0005_unreachable'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unreachable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact_index', models.BinaryField(unique=True)),
                ('since', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                ('channel', models.CharField(blank=True, default='', max_length=8)),
                ('reminders', models.BooleanField(default=True)),
                ('news', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['', 'email', 'text'])), name='notice_choice_channel_known')],
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('endpoint_index', models.BinaryField(unique=True)),
                ('subscription_sealed', models.BinaryField()),
                ('browser_index', models.BinaryField()),
                ('password_index', models.BinaryField()),
                ('since', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['browser_index'], name='device_browser')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mall', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('template', models.CharField(blank=True, default='', max_length=40)),
                ('contact_sealed', models.BinaryField(null=True)),
                ('channel', models.CharField(max_length=8)),
                ('urgent', models.BooleanField(default=False)),
                ('subject', models.CharField(max_length=160)),
                ('body', models.TextField()),
                ('path', models.TextField(blank=True, default='')),
                ('status', models.CharField(default='queued', max_length=8)),
                ('attempts', models.IntegerField(default=0)),
                ('sending', models.IntegerField(default=1)),
                ('text_outcome', models.CharField(blank=True, default='', max_length=14)),
                ('text_outcome_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, default='', max_length=60)),
                ('created_at', models.DateTimeField()),
                ('deliver_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-id'], name='notice_inbox'), models.Index(condition=models.Q(('read_at', None)), fields=['person'], name='notice_unread'), models.Index(condition=models.Q(('status', 'failed')), fields=['mall', '-id'], name='notice_failed'), models.Index(fields=['mall', 'created_at'], name='notice_recent')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['queued', 'sent', 'failed', 'silent'])), name='notice_status_known')],
            },
        ),
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(default='queued', max_length=8)),
                ('attempts', models.IntegerField(default=0)),
                ('last_error', models.CharField(blank=True, default='', max_length=60)),
                ('sent_at', models.DateTimeField(null=True)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pushes', to='notices.device')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pushes', to='notices.notice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('notice', 'device'), name='push_once'), models.CheckConstraint(condition=models.Q(('status__in', ['queued', 'sent', 'failed'])), name='push_status_known')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=64, unique=True)),
                ('sending', models.IntegerField()),
                ('outcome', models.CharField(max_length=14)),
                ('at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='notices.notice')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['delivered', 'failed', 'undeliverable'])), name='report_outcome_known')],
            },
        ),
    ]
