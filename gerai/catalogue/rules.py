"""Refusals of the catalogue. Pure."""

from typing import Any

from gerai.core.errors import DomainError

# The owner's two steps after the stages, in working days: sum up and set the fee, then decide and sign.
ASSESS_DAYS = 1
DECIDE_DAYS = 1
# The components of a service standard that an agency may state once for all its services (UU 25/2009 art. 21,
# PermenPANRB 15/2014); the other seven of the fourteen are each service's own.
COMPONENTS = (
    "facilities",
    "competence",
    "supervision",
    "staffing",
    "service_guarantee",
    "safety_guarantee",
    "evaluation",
)
# The roles whose inbox shows tasks of a route; a task of another role nobody could ever open.
TASK_ROLES = ("reviewer", "signer", "verifier")
LONGEST_TASK = 40  # letters of "stage.task", by which a task is known
OURS = "gerai"  # the system of record of a service whose permit is issued here


def working_days(days: int, kind: str) -> int:
    """How many working days a promise holds at least: calendar days and hours may hold weekends."""
    if kind == "working":
        return days
    weeks, rest = divmod(days if kind == "calendar" else days // 24, 7)
    return weeks * 5 + max(0, rest - 2)


def stage_days(days: int, kind: str) -> int:
    """
    How many days all stages of a route may take together, so that the promise is kept when each uses its days.

    Promises of one or two days leave no day of its own for every step: one day for the stage, and the owner's
    steps share the last. What is finished in the same visit has no stages.
    """
    promised = working_days(days, kind)
    return max(1, promised - ASSESS_DAYS - DECIDE_DAYS) if promised > 0 else 0


def is_outside(system_of_record: str) -> bool:
    """Whether another system decides and issues; then Gerai prepares, tracks deadlines and keeps the result."""
    return system_of_record.strip().casefold() != OURS


class FileRefused(DomainError):
    """The file has mistakes; `problems` lists all of them with their lines. Nothing was written."""

    code = "joining_file_refused"
    text = "Ada {count} kesalahan dalam berkas ini. Perbaiki baris yang disebut, lalu coba lagi."

    def __init__(self, problems: list[Any]) -> None:
        super().__init__(count=len(problems))
        self.args = (self.code, *map(str, problems[:5]))
        self.problems = problems


class NotYourAgency(DomainError):
    """An agency's file changes that agency only."""

    code = "joining_not_your_agency"
    text = "Berkas ini milik instansi lain. Anda hanya dapat mengajukan berkas instansi Anda sendiri."


class SamePerson(DomainError):
    """Fees and routes are published by a second person."""

    code = "proposal_same_person"
    text = "Anda yang mengajukan, jadi orang lain yang menerbitkan. Minta rekan Anda memeriksanya."
    status = 409


class ProposalClosed(DomainError):
    """It was published or taken back already."""

    code = "proposal_closed"
    text = "Usulan ini sudah diterbitkan atau ditarik. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class WordingUnchanged(DomainError):
    """There is nothing to propose."""

    code = "wording_unchanged"
    text = "Naskah ini sama dengan yang berlaku. Ubah dulu, lalu simpan."
    status = 409


class LifeEventWrong(DomainError):
    """A moment of life without services, or one in which something waits for what comes later."""

    code = "life_event_wrong"
    text = (
        "Peristiwa hidup ini perlu nama dan paling sedikit satu layanan. Izin yang ditunggu layanan lain harus lebih "
        "dulu dalam urutannya."
    )
