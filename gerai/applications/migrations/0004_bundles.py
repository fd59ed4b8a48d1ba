"""Services that are applied for together."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gerai.core.ids


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0002_rosters'),
        ('applications', '0003_businesses_and_help'),
        ('catalogue', '0003_frozen_editions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
    ]
