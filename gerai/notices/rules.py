"""How often a message is tried, and what is said when none gets out. Pure."""

from gerai.core.errors import DomainError

JOB = "notices.deliver"
ATTEMPTS = 8


class CodeNotSent(DomainError):
    """Mail server or gateway does not answer."""

    code = "code_not_sent"
    text = "Kode belum dapat dikirim. Coba lagi beberapa menit lagi, atau datang ke meja informasi."
    status = 503
