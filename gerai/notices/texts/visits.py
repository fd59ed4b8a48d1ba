"""What visitors read about appointments and their errands."""

# What can be added to "appointment_missed", as far as it is true.
MISSED_TODAY = {
    "id": "Anda masih dapat datang hari ini sampai pukul {until} dan mengambil nomor.\n",
    "en": "You can still come today until {until} and take a number.\n",
}
MISSED_ONCE = {
    "id": "Tidak jadi datang? Batalkan sebelumnya: setelah dua janji terlewat dalam 60 hari, Anda hanya dapat "
    "memesan untuk hari ini dan besok.",
    "en": "Not coming after all? Cancel beforehand: after two missed appointments in 60 days you can only book for "
    "today and tomorrow.",
}
MISSED_AGAIN = {
    "id": "Karena dua janji terlewat dalam 60 hari, Anda hanya dapat memesan untuk hari ini dan besok; "
    "mulai {day} dua minggu ke depan lagi.",
    "en": "Because two appointments were missed in 60 days, you can only book for today and tomorrow; "
    "from {day} two weeks ahead again.",
}

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
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
    "appointment_missed": {
        "id": (
            "Janji temu {when} terlewat",
            "Kami tidak melihat Anda pada janji temu {when} untuk {services}, jadi janji itu sudah berakhir.\n{today}"
            "Buat janji baru: {url}\n{limit}",
        ),
        "en": (
            "Appointment {when} was missed",
            "We did not see you at your appointment {when} for {services}, so it is over.\n{today}"
            "Make a new one: {url}\n{limit}",
        ),
    },
    "appointment_late": {
        "id": (
            "Jam janji Anda sudah lewat: {when}",
            "Jam janji Anda sudah lewat lebih dari 10 menit. Anda masih dapat datang hari ini sampai pukul {until}: "
            "ketik kode {code} di kios, lalu antre seperti biasa.\nPindah jam atau batalkan: {url}",
        ),
        "en": (
            "Your appointment time has passed: {when}",
            "Your appointment was more than 10 minutes ago. You can still come today until {until}: "
            "type the code {code} at a kiosk, then queue as usual.\nMove or cancel it: {url}",
        ),
    },
    "appointment_tomorrow": {
        "id": (
            "Pengingat: janji temu {when}",
            "Pengingat: janji temu Anda di {mall} {when}, untuk {services}. Kode masuk: {code}.\n"
            "Datang, atau batalkan agar orang lain dapat memakainya: {url}",
        ),
        "en": (
            "Reminder: appointment {when}",
            "A reminder: your appointment at {mall} is {when}, for {services}. Check-in code: {code}.\n"
            "Say that you are coming, or cancel so that somebody else can use it: {url}",
        ),
    },
    "nearly_your_turn": {
        "id": (
            "Nomor {number}: sebentar lagi giliran Anda",
            "Nomor {number}, orang sebelum Anda di {agency}: {before}. Mendekatlah ke loket. Giliran Anda: {url}",
        ),
        "en": (
            "Number {number}: nearly your turn",
            "Number {number}, people before you at {agency}: {before}. Please come near the counters. "
            "Your turn: {url}",
        ),
    },
    "number_called": {
        "id": (
            "Nomor {number} dipanggil: ke loket {counter}",
            "Nomor {number}, silakan ke loket {counter} sekarang: {url}",
        ),
        "en": (
            "Number {number} is called: counter {counter}",
            "Number {number}, please come to counter {counter} now: {url}",
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
