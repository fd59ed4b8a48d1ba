# The tables as they are; it stands for the steps that led here (docs/decisions/0017).

import django.db.models.deletion
import gerai.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_try'),
        ('accounts', '0003_registers_and_businesses'),
        ('accounts', '0004_authenticator'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('email', models.EmailField(max_length=254, null=True, unique=True)),
                ('phone', models.CharField(max_length=20, null=True, unique=True)),
                ('phone_verified', models.BooleanField(default=False)),
                ('nik_sealed', models.BinaryField(null=True)),
                ('nik_index', models.BinaryField(null=True)),
                ('nik_masked', models.CharField(blank=True, default='', max_length=16)),
                ('proven_at', models.DateTimeField(null=True)),
                ('language', models.CharField(default='id', max_length=2)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['nik_index'], name='person_nik')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('proven_at__isnull', False)), fields=('nik_index',), name='person_proven_nik_once'), models.CheckConstraint(condition=models.Q(('proven_at__isnull', True), ('nik_index__isnull', False), _connector='OR'), name='person_proven_has_nik')],
            },
        ),
        migrations.CreateModel(
            name='Business',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('nib', models.CharField(max_length=13)),
                ('name', models.CharField(max_length=200)),
                ('legal_form', models.CharField(blank=True, default='', max_length=60)),
                ('record_sealed', models.BinaryField(null=True)),
                ('proven_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['nib'], name='business_nib')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('proven_at__isnull', False)), fields=('nib',), name='business_proven_nib_once')],
            },
        ),
        migrations.CreateModel(
            name='Try',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_index', models.BinaryField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['subject_index', 'created_at'], name='try_recent')],
            },
        ),
        migrations.CreateModel(
            name='Authenticator',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('secret_sealed', models.BinaryField()),
                ('last_step', models.BigIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='authenticator', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='BusinessInvite',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=12)),
                ('contact_index', models.BinaryField()),
                ('contact_sealed', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('business', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invites', to='accounts.business')),
            ],
            options={
                'indexes': [models.Index(fields=['contact_index'], name='invite_contact')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('business', 'contact_index'), name='invite_once')],
            },
        ),
        migrations.CreateModel(
            name='BusinessMember',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=12)),
                ('active', models.BooleanField(default=True)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('business', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='accounts.business')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='business_members', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('active', True)), fields=('business', 'person'), name='business_member_once'), models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'staff', 'consultant'])), name='business_role_known')],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.UUIDField(default=gerai.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=10)),
                ('contact_index', models.BinaryField()),
                ('hashed', models.CharField(max_length=64)),
                ('payload', models.BinaryField(null=True)),
                ('tries', models.IntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['contact_index', 'created_at'], name='code_recent')],
            },
        ),
        migrations.CreateModel(
            name='RegisterCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(max_length=12)),
                ('differs', models.JSONField(default=list)),
                ('record_sealed', models.BinaryField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='register_check', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['match', 'mismatch', 'unreachable'])), name='register_outcome_known')],
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hashed', models.CharField(max_length=64)),
                ('used_at', models.DateTimeField(null=True)),
                ('authenticator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to='accounts.authenticator')),
            ],
        ),
    ]
