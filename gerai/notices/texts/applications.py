"""What applicants read about their application."""

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "application_confirm": {
        "id": (
            "Periksa permohonan Anda sebelum dikirim",
            "Petugas mengetik permohonan {service} untuk Anda. "
            "Periksa lalu jawab, dengan kode di layar petugas: {url}\n"
            "Anda tidak sedang di mal? Jangan dijawab, dan beri tahu kami.",
        ),
        "en": (
            "Check your application before it is sent",
            "An officer has typed the application for {service} for you. "
            "Check it and answer, with the code on the officer's screen: {url}\n"
            "You are not at the mall? Do not answer, and tell us.",
        ),
    },
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
    "application_prepared": {
        "id": (
            "Berkas {number} lengkap: tinggal datang",
            "Berkas permohonan {service} Anda lengkap.\n"
            "Datanglah ke mal dengan berkas aslinya: ambil nomor hari itu, atau buat janji temu.\nDari sini: {url}",
        ),
        "en": (
            "Application {number} is complete: now come",
            "The papers for {service} are complete.\n"
            "Come to the mall with the originals: take a number that day, or book a time.\nFrom here: {url}",
        ),
    },
    "visit_soon": {
        "id": (
            "Permohonan {number}: datanglah paling lambat {by}",
            "Berkas permohonan {service} Anda sudah lengkap dan menunggu Anda datang dengan aslinya. "
            "Sesudah {by} permohonan itu berakhir.\nAmbil nomor atau buat janji temu: {url}",
        ),
        "en": (
            "Application {number}: please come by {by}",
            "The papers for {service} are complete and wait for you to come with the originals. "
            "After {by} the application ends.\nTake a number or book a time: {url}",
        ),
    },
    "application_not_come": {
        "id": (
            "Permohonan {number} berakhir",
            "Anda belum datang untuk {service} sampai hari terakhirnya, jadi permohonan itu berakhir. "
            "Siapkan lagi kapan saja dengan isian yang sama: {url}",
        ),
        "en": (
            "Application {number} has ended",
            "You did not come for {service} by the last day, so the application has ended. "
            "Prepare it again at any time with the same answers: {url}",
        ),
    },
    "application_returned": {
        "id": (
            "Permohonan {number} perlu diperbaiki",
            "Ada bagian permohonan {service} yang perlu Anda perbaiki, paling lambat {mend_by}. "
            "Semuanya kami tulis di sini: {url}\nLewat hari itu permohonan berakhir.",
        ),
        "en": (
            "Please mend application {number}",
            "Some parts of your application for {service} need mending, by {mend_by}. "
            "All of them are listed here: {url}\nAfter that day the application ends.",
        ),
    },
    "application_recommended": {
        "id": (
            "Permohonan {number}: tinggal membayar {amount}",
            "Permohonan {service} disarankan untuk disetujui. Bayar {amount} paling lambat {pay_by} {where}: {url}\n"
            "Lewat hari itu permohonan berakhir.",
        ),
        "en": (
            "Application {number}: please pay {amount}",
            "Your application for {service} is recommended for approval. Pay {amount} by {pay_by} {where}: {url}\n"
            "After that day the application ends.",
        ),
    },
    "application_deemed": {
        "id": (
            "Permohonan {number} dikabulkan menurut undang-undang: tinggal membayar {amount}",
            "Kami tidak memutuskan permohonan {service} sampai batas waktunya, jadi menurut undang-undang permohonan "
            "Anda dikabulkan.\nIzinnya terbit begitu retribusinya dibayar. Bayar {amount} paling lambat {pay_by} "
            "{where}: {url}",
        ),
        "en": (
            "Application {number} is granted by law: please pay {amount}",
            "We did not decide on your application for {service} in time, so it is granted by law.\n"
            "Your permit is issued as soon as its fee is paid. Pay {amount} by {pay_by} {where}: {url}",
        ),
    },
    "application_unpaid": {
        "id": (
            "Permohonan {number} berakhir karena tidak dibayar",
            "Pembayaran {amount} untuk permohonan {service} tidak kami terima sampai {pay_by}, jadi permohonan ini "
            "berakhir. Anda tidak berutang apa pun; uang yang telanjur dibayar kami kembalikan.\n"
            "Anda dapat mengajukan lagi kapan saja dengan isian yang sama: {url}",
        ),
        "en": (
            "Application {number} has ended because it was not paid",
            "We did not receive your payment of {amount} for the application for {service} by {pay_by}, so it has "
            "ended. You owe nothing; money that comes too late is returned.\n"
            "You can apply again at any time with the same answers: {url}",
        ),
    },
    "application_clock": {
        "id": (
            "Waktu permohonan {number} berubah",
            "Waktu pemeriksaan permohonan {service} diubah menurut hukum. Dasar hukum dan janji yang baru: {url}",
        ),
        "en": (
            "The time for application {number} has changed",
            "The time for examining your application for {service} was changed by law. The ground and the new promise: "
            "{url}",
        ),
    },
    "outside_result": {
        "id": (
            "Permohonan {number}: {result} di {system}",
            "Permohonan {service} {result}. Keputusannya terbit di {system} dengan nomor {reference}.\n{where}.\n"
            "Dokumennya tersimpan di sini: {url}",
        ),
        "en": (
            "Application {number}: {result} by {system}",
            "Your application for {service} was {result}. The decision is in {system}, number {reference}.\n{where}.\n"
            "Its document is kept here: {url}",
        ),
    },
    "outside_at_counter": {
        "id": (
            "Permohonan {number}: {result}",
            "Permohonan {service} {result} di {system}.\n{where}.\nLihat di sini: {url}",
        ),
        "en": (
            "Application {number}: {result}",
            "Your application for {service} was {result} by {system}.\n{where}.\nSee it here: {url}",
        ),
    },
    "outside_corrected": {
        "id": (
            "Permohonan {number}: catatan dari {system} diperbaiki",
            "Catatan kami tentang {service} keliru dan sudah diperbaiki. Nomor yang benar di {system}: {reference}.\n"
            "{where}.\nAlasan dan dokumennya: {url}",
        ),
        "en": (
            "Application {number}: our record from {system} was corrected",
            "Our record about {service} was wrong and is corrected. The right number in {system}: {reference}.\n"
            "{where}.\nReason and document: {url}",
        ),
    },
    "objection_answered": {
        "id": (
            "Keberatan atas permohonan {number} sudah dijawab",
            "Keberatan Anda atas penolakan {service} sudah dijawab. Bacalah jawabannya di sini: {url}",
        ),
        "en": (
            "Your objection about application {number} has been answered",
            "Your objection to the rejection of {service} has been answered. Read the answer here: {url}",
        ),
    },
    "application_lapsed": {
        "id": (
            "Permohonan {number} berakhir tanpa perbaikan",
            "Perbaikan permohonan {service} tidak kami terima sampai batas waktunya, jadi permohonan ini berakhir.\n"
            "Anda dapat mengajukan lagi kapan saja: {url}",
        ),
        "en": (
            "Application {number} has ended without corrections",
            "We did not receive your corrections of the application for {service} in time, so it has ended.\n"
            "You can apply again at any time: {url}",
        ),
    },
    "application_mend_soon": {
        "id": (
            "Permohonan {number}: perbaiki paling lambat {by}",
            "Permohonan {service} Anda masih menunggu perbaikan. Kirim paling lambat {by}; lewat hari itu permohonan "
            "berakhir.\nPerbaiki di sini: {url}",
        ),
        "en": (
            "Application {number}: please mend it by {by}",
            "Your application for {service} still waits for corrections. Send them by {by}; after that day it ends.\n"
            "Mend it here: {url}",
        ),
    },
}
