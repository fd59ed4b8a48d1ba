"""What the tests of signing share: permits that wait for it, a batch begun, how it stands."""

from gerai.accounts import services as accounts
from gerai.core import clock
from gerai.integrations.esign.double import PASSPHRASE
from gerai.permits import batches
from gerai.permits.models import Permit
from gerai.reviews import decisions
from gerai.reviews.tests.make import MONDAY, World, content

FREE = {"fee": {**content()["fee"], "amount": "0"}}
NIK = "1771031207839003"  # known at the double by this name


def official() -> World:
    """A world whose signer is known at the national service."""
    world = World(**FREE)
    world.signer.name = "dr. Bayu Pratama"
    accounts._set_nik(world.signer, NIK)
    world.signer.save()
    return world


def ready(world: World, count: int = 1) -> list[int]:
    """The tasks of so many applications that wait for the decision."""
    found = []
    for _ in range(count):
        application = world.reviewed()
        world.assess(application)
        found.append(world.task(application, "decide").pk)
    return found


def decided(world: World, count: int = 1) -> list[Permit]:
    """Permits that are decided and not signed yet."""
    for task_id in ready(world, count):
        decisions.approve(person=world.signer, task_id=task_id, now=MONDAY)
    return list(Permit.objects.order_by("number"))


def start(world: World, permits: list[Permit], passphrase: str = PASSPHRASE) -> None:
    ids = [permit.pk for permit in permits]
    batches.start(person=world.signer, permit_ids=ids, passphrase=passphrase, tell_time=clock.now)


def states() -> list[tuple[str, str]]:
    return list(Permit.objects.order_by("number").values_list("status", "sign_failure"))


# -- the code, whoever signs ---------------------------------------------------------------------------------
