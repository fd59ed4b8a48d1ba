"""The messages, in both languages. {placeholders} are filled from the notice's data."""

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "application_submitted": {
        "id": (
            "Permohonan {number} kami terima",
            "Permohonan {service} Anda kami terima dengan nomor {number}.\n"
            "Kelengkapan berkas kami jawab paling lama 1 hari kerja.\nIkuti di sini: {url}",
        ),
        "en": (
            "We have received application {number}",
            "We have received your application for {service} under number {number}.\n"
            "We answer whether it is complete within 1 working day.\nFollow it here: {url}",
        ),
    },
    "application_complete": {
        "id": (
            "Berkas {number} lengkap",
            "Berkas permohonan {service} Anda lengkap dan sedang diperiksa.\n"
            "Kami janji selesai paling lambat {by}.\nIkuti di sini: {url}",
        ),
        "en": (
            "Application {number} is complete",
            "Your application for {service} is complete and under review.\n"
            "We promise to finish by {by}.\nFollow it here: {url}",
        ),
    },
    "application_returned": {
        "id": (
            "Permohonan {number} perlu diperbaiki",
            "Ada bagian permohonan {service} yang perlu Anda perbaiki. Semuanya kami tulis di sini: {url}",
        ),
        "en": (
            "Please mend application {number}",
            "Some parts of your application for {service} need mending. All of them are listed here: {url}",
        ),
    },
    "application_recommended": {
        "id": (
            "Permohonan {number}: tinggal membayar",
            "Permohonan {service} disarankan untuk disetujui. Lihat tagihan dan bayar di sini: {url}",
        ),
        "en": (
            "Application {number}: please pay",
            "Your application for {service} is recommended for approval. See the invoice and pay here: {url}",
        ),
    },
    "application_rejected": {
        "id": (
            "Permohonan {number} ditolak",
            "Permohonan {service} ditolak. Alasan, dasar hukum dan cara berkeberatan: {url}",
        ),
        "en": (
            "Application {number} was rejected",
            "Your application for {service} was rejected. Reason, legal ground and how to object: {url}",
        ),
    },
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
        "id": ("Surat penolakan {number}", "Surat penolakan untuk {service} ada di sini: {url}"),
        "en": ("Letter of refusal {number}", "The letter of refusal for {service} is here: {url}"),
    },
    "permit_revoked": {
        "id": (
            "{service} {number} dicabut",
            "{service} Anda dengan nomor {number} dicabut. Alasannya ada di sini: {url}",
        ),
        "en": (
            "{service} {number} was revoked",
            "Your {service} under number {number} was revoked. The reason is here: {url}",
        ),
    },
    "come_to_counter": {
        "id": (
            "{agency} perlu satu loket lagi",
            "{agency} perlu satu loket lagi: {waiting} orang menunggu. Bisa datang sekarang? Jawab di sini: {url}",
        ),
        "en": (
            "{agency} needs one more counter",
            "{agency} needs one more counter: {waiting} people are waiting. Can you come now? Answer here: {url}",
        ),
    },
    "errand_not_today": {
        "id": (
            "Nomor {number}: {agencies} tidak sempat melayani Anda hari ini",
            "Mohon maaf, {agencies} hari ini tidak sempat melayani urusan Anda dengan nomor {number}.\n"
            "Kami buka lagi {opens}. Datanglah saat buka dan tunjukkan pesan ini di meja informasi.\n"
            "Lihat waktu tunggu sebelum berangkat: {url}",
        ),
        "en": (
            "Number {number}: {agencies} could not serve you today",
            "We are sorry: {agencies} could not serve you today under number {number}.\n"
            "We open again {opens}. Come when we open and show this message at the information desk.\n"
            "See the waits before you leave home: {url}",
        ),
    },
    "agency_closed_today": {
        "id": (
            "{agencies} tidak melayani lagi hari ini",
            "{agencies} hari ini tidak melayani lagi: {reason}.\nUrusan Anda yang lain tetap kami panggil.\n"
            "Kami buka lagi {opens}. Keadaan nomor dan janji temu Anda: {url}",
        ),
        "en": (
            "{agencies} serves nobody more today",
            "{agencies} serves nobody more today: {reason}.\nYour other errands are called as usual.\n"
            "We open again {opens}. Your number and your appointments: {url}",
        ),
    },
    "agency_open_again": {
        "id": (
            "{agencies} melayani lagi",
            "{agencies} melayani lagi hari ini, dan tempat Anda masih ada. Lihat di sini: {url}",
        ),
        "en": (
            "{agencies} serves again",
            "{agencies} serves again today, and you have kept your place. See here: {url}",
        ),
    },
    "code": {
        "id": (
            "Kode Anda {digits}",
            "Kode Anda: {digits}. Berlaku 10 menit. Jangan berikan kepada siapa pun.",
        ),
        "en": ("Your code {digits}", "Your code: {digits}. Valid for 10 minutes. Do not give it to anybody."),
    },
    "appointment_booked": {
        "id": (
            "Janji temu {when}",
            "Janji temu Anda di {mall}: {when}.\nUrusan: {services}.\nKode masuk: {code}. Ketik kode ini di kios, "
            "atau buka halaman janji di ponsel.\nUbah atau batalkan di sini: {url}",
        ),
        "en": (
            "Appointment {when}",
            "Your appointment at {mall}: {when}.\nFor: {services}.\nCheck-in code: {code}. Type it at a kiosk, "
            "or open the appointment on your phone.\nChange or cancel here: {url}",
        ),
    },
    "appointment_moved": {
        "id": (
            "Janji temu dipindah ke {when}",
            "Janji temu Anda di {mall} sekarang: {when}.\nKode masuk: {code}.\nUbah atau batalkan di sini: {url}",
        ),
        "en": (
            "Appointment moved to {when}",
            "Your appointment at {mall} is now: {when}.\nCheck-in code: {code}.\nChange or cancel here: {url}",
        ),
    },
    "appointment_cancelled": {
        "id": (
            "Janji temu dibatalkan",
            "Janji temu Anda pada {when} sudah dibatalkan. "
            "Terima kasih sudah memberi tahu; jam itu dapat dipakai orang lain.",
        ),
        "en": (
            "Appointment cancelled",
            "Your appointment on {when} is cancelled. Thank you for telling us; somebody else can use the time.",
        ),
    },
    "appointment_offered": {
        "id": (
            "Ada jam kosong {when}",
            "Ada jam kosong untuk Anda: {when} ({services}). Kami simpan sampai pukul {until}.\n"
            "Terima atau lepas: {url}",
        ),
        "en": (
            "A time is free {when}",
            "A time is free for you: {when} ({services}). We keep it until {until}.\nTake it or let it go: {url}",
        ),
    },
    "appointment_offer_over": {
        "id": (
            "Tawaran jam sudah lewat",
            "Jam yang kami simpan untuk Anda pada {when} sudah kami lepas. Anda dapat memilih jam lain kapan saja.",
        ),
        "en": (
            "The offer is over",
            "We have let go the time we kept for you on {when}. You can choose another time whenever you like.",
        ),
    },
    "appointment_closed": {
        "id": (
            "Janji temu {when} batal karena layanan tutup",
            "Mohon maaf: pada {when} layanan {services} tutup, jadi janji temu Anda batal. "
            "Pilih waktu lain di sini: {url}",
        ),
        "en": (
            "Appointment {when} is off: the service is closed",
            "We are sorry: on {when} the service {services} is closed, so your appointment is off. "
            "Choose another time: {url}",
        ),
    },
    "appointment_tomorrow": {
        "id": (
            "Besok: janji temu {when}",
            "Pengingat: janji temu Anda di {mall} {when}, untuk {services}. Kode masuk: {code}.\n"
            "Datang, atau batalkan agar orang lain dapat memakainya: {url}",
        ),
        "en": (
            "Tomorrow: appointment {when}",
            "A reminder: your appointment at {mall} is {when}, for {services}. Check-in code: {code}.\n"
            "Say that you are coming, or cancel so that somebody else can use it: {url}",
        ),
    },
    "appointment_soon": {
        "id": (
            "Sebentar lagi: janji temu {when}",
            "Janji temu Anda di {mall} {when}. Kode masuk: {code}. "
            "Lebih dari 10 menit terlambat, Anda antre seperti biasa.\n"
            "Lihat atau batalkan: {url}",
        ),
        "en": (
            "Soon: appointment {when}",
            "Your appointment at {mall} is {when}. Check-in code: {code}. "
            "If you are more than 10 minutes late you queue as usual.\nSee or cancel it: {url}",
        ),
    },
}
