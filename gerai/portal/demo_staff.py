"""Who works for the agencies in the demo, so that no application of the pilot waits for nobody. Made up."""

from dataclasses import dataclass

TITLES = {
    "verifier": "Pemeriksa kelengkapan",
    "both": "Pemeriksa kelengkapan dan teknis",
    "reviewer": "Pemeriksa teknis",
    "signer": "Penanda tangan",
}
ADDRESSES = {"verifier": "periksa", "both": "periksa", "reviewer": "teknis", "signer": "kepala"}


@dataclass(frozen=True)
class Account:
    """Who the demo has: what to call the account, its address and name, its NIK, its role."""

    title: str
    email: str
    name: str
    nik: str  # of the form of a NIK, of nobody: the serials 9001 and up
    role: str = ""
    agency: str = ""
    phone: str | None = None  # with one, an officer is on call: in the back office, comes when called
    also: str = ""  # a second role at the same agency
    quiet: bool = False  # one of many: in the file of the accounts, not in what is printed


_STAFF = (
    ("verifier", "BANKBKL", "Siti Rahmah"),
    ("verifier", "BAPENDA", "Arif Budiman"),
    ("verifier", "BEACUKAI", "Yuni Astuti"),
    ("verifier", "BNN", "Beni Hasibuan"),
    ("verifier", "BPJSKES", "Mega Puspita"),
    ("verifier", "BPJSTK", "Candra Gunawan"),
    ("verifier", "BPN", "Desi Ratnasari"),
    ("verifier", "BPOM", "Darmawan Saleh"),
    ("verifier", "BPRS", "Wahyu Ningsih"),
    ("both", "DIKBUD", "Edi Suprapto"),
    ("verifier", "DINKES", "Ika Safitri"),
    ("both", "DINSOS", "Ferry Irawan"),
    ("verifier", "DISHUB", "Elvira Zuraida"),
    ("both", "DISNAKER", "Guntur Mahendra"),
    ("both", "DISPERINDAG", "Novita Sari"),
    ("both", "DKPP", "Hasan Basri"),
    ("verifier", "DKUKM", "Herlina Wati"),
    ("verifier", "DLH", "Iskandar Zulkarnain"),
    ("verifier", "DUKCAPIL", "Rosmala Dewi"),
    ("verifier", "IMIGRASI", "Joni Efendi"),
    ("verifier", "KEJARI", "Kartini Yusuf"),
    ("verifier", "KEMENAG", "Kurniadi Putra"),
    ("both", "KESBANGPOL", "Suryani Basri"),
    ("verifier", "KPP", "Lukman Hakim"),
    ("verifier", "KUMHAM", "Marlena Putri"),
    ("verifier", "PA", "Mulyadi Rahman"),
    ("verifier", "PDAM", "Asmawati Nur"),
    ("both", "PERKIM", "Nasrul Amri"),
    ("verifier", "PLN", "Tri Wulandari"),
    ("verifier", "PN", "Oki Setiawan"),
    ("both", "POLRESTA", "Hasnah Ilyas"),
    ("verifier", "PUPR", "Prima Wijaya"),
    ("verifier", "TASPEN", "Leni Marlina"),
    ("reviewer", "DPMPTSP", "Ramadhan Syah"),
    ("signer", "DIKBUD", "Zahara Amin"),
    ("signer", "DINSOS", "Syahrul Gunawan"),
    ("signer", "DISHUB", "Fauziah Hanum"),
    ("signer", "DISNAKER", "Taufik Hidayat"),
    ("signer", "DISPERINDAG", "Rini Oktarina"),
    ("signer", "DKPP", "Usman Harun"),
    ("signer", "KESBANGPOL", "Sri Hartati"),
    ("signer", "PERKIM", "Wawan Kurniawan"),
    ("signer", "PUPR", "Vivi Andriani"),
)


def _account(number: int, work: str, agency: str, name: str) -> Account:
    born = number % 28 + 1 + (40 if number % 2 == 0 else 0)  # women's days are counted from 40
    return Account(
        f"{TITLES[work]} {agency}",
        f"{ADDRESSES[work]}@{agency.lower()}.example",
        name,
        f"177101{born:02d}{number % 12 + 1:02d}{75 + number % 20}{9101 + number}",
        "verifier" if work == "both" else work,
        agency,
        also="reviewer" if work == "both" else "",
        quiet=True,
    )


# One for each role that a service of the pilot needs beside the main accounts.
STAFF = [_account(number, *row) for number, row in enumerate(_STAFF)]
