"""Where numbers come from: an entrance's series of a day, and the blocks that machines hold of it. Models."""

from django.db import models

from gerai.agencies.models import Mall


class NumberSeries(models.Model):
    """The last number given at an entrance on a day."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    entrance = models.CharField(max_length=2)
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "day", "entrance"], name="visit_series_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.entrance} {self.last}"


class NumberBlock(models.Model):
    """Spare numbers lent to one machine for one day: it gives them itself while the server is away."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    entrance = models.CharField(max_length=2)
    holder = models.CharField(max_length=60)  # the machine's id
    first = models.IntegerField()
    last = models.IntegerField()
    leased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "day", "entrance", "first"], name="number_block_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.entrance} {self.first}-{self.last}"
