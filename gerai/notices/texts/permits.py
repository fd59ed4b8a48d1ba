"""What holders read about their permit."""

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "permit_issued": {
        "id": (
            "{service} Anda sudah terbit",
            "{service} Anda sudah terbit dengan nomor {number}.\nUnduh di sini: {url}",
        ),
        "en": (
            "Your {service} has been issued",
            "Your {service} has been issued under number {number}.\nDownload it here: {url}",
        ),
    },
    "permit_refused": {
        "id": (
            "Permohonan {service} ditolak",
            "Permohonan {service} ditolak. Alasan, dasar hukum dan cara berkeberatan ada di surat {number}: {url}",
        ),
        "en": (
            "Your application for {service} was rejected",
            "Your application for {service} was rejected. Reason, legal ground and how to object are in letter "
            "{number}: {url}",
        ),
    },
    "permit_correcting": {
        "id": (
            "Kami membetulkan izin {number}",
            "Ada kesalahan dari pihak kami di izin {number} ({service}), dan kami membetulkannya tanpa biaya.\n"
            "Yang dibetulkan: {why}\n"
            "Izin Anda tetap berlaku sampai yang baru terbit. Anda tidak perlu berbuat apa-apa.\nLihat: {url}",
        ),
        "en": (
            "We are correcting permit {number}",
            "There is a mistake of ours in permit {number} ({service}), and we are correcting it at no cost.\n"
            "What is corrected: {why}\n"
            "Your permit stays valid until the new one is issued. There is nothing for you to do.\nSee: {url}",
        ),
    },
    "permit_revoked": {
        "id": (
            "{service} {number} dicabut",
            "{service} Anda dengan nomor {number} dicabut dan tidak berlaku lagi.\n"
            "Alasannya, dan cara mengajukan keberatan: {url}",
        ),
        "en": (
            "{service} {number} was revoked",
            "Your {service} under number {number} was revoked and is not valid any more.\n"
            "The reason, and how to object: {url}",
        ),
    },
    "permit_suspended": {
        "id": (
            "{service} {number} dibekukan",
            "{service} Anda dengan nomor {number} dibekukan dan sementara tidak berlaku.\n"
            "Alasan, dasar hukum dan yang perlu Anda lakukan: {url}",
        ),
        "en": (
            "{service} {number} was suspended",
            "Your {service} under number {number} was suspended and is not valid for the time being.\n"
            "The reason, the legal ground and what to do: {url}",
        ),
    },
    "permit_lifted": {
        "id": (
            "{service} {number} berlaku lagi",
            "Pembekuan {service} Anda dengan nomor {number} sudah berakhir. Izin ini berlaku lagi: {url}",
        ),
        "en": (
            "{service} {number} is valid again",
            "The suspension of your {service} under number {number} has ended. It is valid again: {url}",
        ),
    },
    "permit_replaced": {
        "id": (
            "{service} {number} sudah diganti",
            "{service} dengan nomor {number} sudah diganti oleh izin yang baru, yang diajukan rekan usaha Anda: {url}",
        ),
        "en": (
            "{service} {number} was replaced",
            "The {service} under number {number} was replaced by a new permit that a colleague of your business "
            "asked for: {url}",
        ),
    },
    "permit_ends": {
        "id": (
            "{service} {number} berakhir {day}",
            "{service} Anda dengan nomor {number} berlaku sampai {day}.\n"
            "Bila masih diperlukan, ajukan perpanjangan sekarang agar tidak terputus. Lihat izinnya di sini: {url}",
        ),
        "en": (
            "{service} {number} ends on {day}",
            "Your {service} under number {number} is valid until {day}.\n"
            "If you still need it, apply for renewal now so that there is no gap. See the permit here: {url}",
        ),
    },
}
