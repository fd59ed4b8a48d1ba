"""Refusals of the catalogue. Pure."""

from typing import Any

from gerai.core.errors import DomainError


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


class LifeEventWrong(DomainError):
    """A moment of life without services."""

    code = "life_event_wrong"
    text = "Peristiwa hidup ini perlu nama dan paling sedikit satu layanan."
