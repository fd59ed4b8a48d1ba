"""What applicants and officers read about a visit to the place that an application is about."""

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "inspection_proposed": {
        "id": (
            "Pilih waktu peninjauan untuk permohonan {number}",
            "{agency} ingin melihat tempat Anda untuk permohonan {service}. Pilih waktunya sampai {by}.\n"
            "Bila Anda tidak menjawab sampai saat itu, petugas boleh menetapkan waktunya sendiri. Batas waktu "
            "permohonan tetap berjalan.\nPilih waktu di sini: {url}",
        ),
        "en": (
            "Choose the time of the inspection for application {number}",
            "{agency} wants to see your place for the application for {service}. Choose the time until {by}.\n"
            "If you do not answer by then, the officer may set the time. The clock of the application goes on.\n"
            "Choose a time here: {url}",
        ),
    },
    "inspection_agreed": {
        "id": (
            "Peninjauan {number}: {when}",
            "Petugas {agency} datang {when} untuk permohonan {service}. Pastikan ada orang di tempat.\n"
            "Lihat, ubah, atau simpan ke kalender: {url}",
        ),
        "en": (
            "Inspection {number}: {when}",
            "An officer of {agency} comes {when} for the application for {service}. Somebody should be there.\n"
            "See, change or save it to your calendar: {url}",
        ),
    },
    "inspection_set": {
        "id": (
            "Waktu peninjauan {number} ditetapkan: {when}",
            "Karena belum ada jawaban Anda, {agency} menetapkan peninjauan untuk permohonan {service}: {when}.\n"
            "Pastikan ada orang di tempat. Bila tidak bisa, sampaikan sekarang di sini: {url}",
        ),
        "en": (
            "The time of inspection {number} has been set: {when}",
            "We have not heard from you. {agency} has set the inspection for the application for {service}: {when}.\n"
            "Please see that somebody is there. If you cannot, tell us now here: {url}",
        ),
    },
    "inspection_off": {
        "id": (
            "Peninjauan permohonan {number} tidak jadi",
            "Peninjauan {agency} untuk permohonan {service} tidak jadi. Alasan dan kelanjutannya: {url}",
        ),
        "en": (
            "The inspection for application {number} is off",
            "The inspection by {agency} for the application for {service} is off. Why, and what comes next: {url}",
        ),
    },
    "inspection_missed": {
        "id": (
            "Peninjauan permohonan {number}: tidak ada yang bertemu",
            "Pada waktu peninjauan {agency} untuk permohonan {service}, salah satu pihak tidak ada di tempat. "
            "Petugas mengusulkan waktu baru; batas waktu permohonan tetap berjalan.\nLihat catatannya: {url}",
        ),
        "en": (
            "Inspection for application {number}: nobody met",
            "At the time of the inspection by {agency} for the application for {service}, one side was not there. "
            "The officer proposes a new time; the clock of the application goes on.\nSee what was noted: {url}",
        ),
    },
    "inspection_tomorrow": {
        "id": (
            "Besok peninjauan {number}: {when}",
            "Pengingat: peninjauan {agency} untuk permohonan {service} {when}.\nLihat rinciannya: {url}",
        ),
        "en": (
            "Inspection {number} tomorrow: {when}",
            "A reminder: the inspection by {agency} for the application for {service} is {when}.\n"
            "See the details: {url}",
        ),
    },
    "inspection_reported": {
        "id": (
            "Hasil peninjauan permohonan {number} dapat dibaca",
            "Laporan peninjauan {agency} untuk permohonan {service} sudah masuk. Baca hasil dan fotonya: {url}",
        ),
        "en": (
            "The result of the inspection for application {number} can be read",
            "The report of the inspection by {agency} for the application for {service} has come in. "
            "Read the result and see the photos: {url}",
        ),
    },
    "inspection_chosen": {
        "id": (
            "{number}: pemohon memilih {when}",
            "Pemohon {service} memilih {when} untuk peninjauan.\nBuka tugasnya: {url}",
        ),
        "en": (
            "{number}: the applicant chose {when}",
            "The applicant for {service} chose {when} for the inspection.\nOpen the task: {url}",
        ),
    },
    "inspection_declined": {
        "id": (
            "{number}: usulkan waktu peninjauan lagi",
            "Pemohon {service} tidak bisa pada waktu peninjauan itu, atau tidak ada yang bertemu. Batas waktu tetap "
            "berjalan.\nBaca alasannya dan usulkan lagi: {url}",
        ),
        "en": (
            "{number}: please propose other times for the inspection",
            "The applicant for {service} cannot come at that time, or nobody met at the place. The clock goes on.\n"
            "Read the reason and propose again: {url}",
        ),
    },
    "inspection_clash": {
        "id": (
            "Jam peninjauan {number} berbenturan",
            "Tugas {number} sekarang milik Anda, tetapi {when} Anda sudah punya peninjauan lain. "
            "Pemohon masih menunggu pada jam itu: ubah waktunya di sini: {url}",
        ),
        "en": (
            "The hour of inspection {number} clashes",
            "The task about {number} is now yours, but {when} you have another inspection. "
            "The applicant still expects somebody then: change the time here: {url}",
        ),
    },
    "inspection_duty": {
        "id": (
            "Besok peninjauan {number}: {when}",
            "Pengingat: Anda meninjau tempat {service} {when}.\nBuka halaman lapangan selagi ada jaringan: {url}",
        ),
        "en": (
            "Inspection {number} tomorrow: {when}",
            "A reminder: you inspect the place of {service} {when}.\n"
            "Open the field page while there is a network: {url}",
        ),
    },
}
