"""Messages about money: what is still to be paid, what goes back."""

# Where one pays, as {where}: a mall may have no bank whose counter takes cash.
HERE = {"id": "di halaman ini", "en": "on this page"}
AT_COUNTER = {
    "id": "di halaman ini, atau sebutkan nomor tagihannya di loket bank di mal",
    "en": "on this page, or tell the invoice number at the bank's counter in the mall",
}

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "payment_soon": {
        "id": (
            "Permohonan {number}: bayar {amount} paling lambat {pay_by}",
            "Permohonan {service} Anda masih menunggu pembayaran {amount}. Bayar paling lambat {pay_by}; lewat hari "
            "itu permohonan berakhir.\nBayar {where}: {url}",
        ),
        "en": (
            "Application {number}: please pay {amount} by {pay_by}",
            "Your application for {service} still waits for its payment of {amount}. Pay by {pay_by}; after that day "
            "it ends.\nPay {where}: {url}",
        ),
    },
    "payment_soon_deemed": {
        "id": (
            "Permohonan {number}: bayar {amount} paling lambat {pay_by}",
            "Permohonan {service} Anda sudah dikabulkan menurut undang-undang. Izinnya terbit begitu {amount} dibayar, "
            "paling lambat {pay_by}.\nBayar {where}: {url}",
        ),
        "en": (
            "Application {number}: please pay {amount} by {pay_by}",
            "Your application for {service} is granted by law. Its permit is issued as soon as {amount} is paid, by "
            "{pay_by} at the latest.\nPay {where}: {url}",
        ),
    },
    "payment_past_deemed": {
        "id": (
            "Permohonan {number}: {amount} belum dibayar",
            "Hari terakhir membayar, {pay_by}, sudah lewat. Permohonan {service} Anda tetap dikabulkan menurut "
            "undang-undang, tetapi izinnya baru terbit setelah {amount} dibayar.\nBayar {where}: {url}",
        ),
        "en": (
            "Application {number}: {amount} is not paid yet",
            "The last day to pay, {pay_by}, has passed. Your application for {service} stays granted by law, but its "
            "permit is issued only once {amount} is paid.\nPay {where}: {url}",
        ),
    },
    "fee_waived": {
        "id": (
            "Permohonan {number}: Anda tidak perlu membayar {amount}",
            "{agency} membebaskan biaya permohonan {service}. Anda tidak perlu membayar apa-apa, dan permohonannya "
            "diteruskan untuk ditandatangani.\nDasarnya: {url}",
        ),
        "en": (
            "Application {number}: you need not pay {amount}",
            "{agency} has waived the fee of the application for {service}. Nothing is to be paid, and it goes on to "
            "be signed.\nThe ground: {url}",
        ),
    },
    "refund_owed": {
        "id": (
            "Permohonan {number}: {amount} akan dikembalikan kepada Anda",
            "Kami menerima {amount} untuk permohonan {service}, tetapi {why}. Uang itu milik Anda: {agency} "
            "mengembalikannya, dan Anda menerima pesan begitu sudah.\nLihat: {url}",
        ),
        "en": (
            "Application {number}: {amount} will be returned to you",
            "We received {amount} for the application for {service}, but {why}. The money is yours: {agency} returns "
            "it, and you get a message as soon as it has.\nSee: {url}",
        ),
    },
    "refund_returned": {
        "id": (
            "Permohonan {number}: {amount} sudah dikembalikan",
            "{agency} sudah mengembalikan {amount} untuk permohonan {service}. Nomor acuan bank: {reference}.\n"
            "Bila uangnya belum Anda terima, tanyakan dengan nomor itu. Lihat: {url}",
        ),
        "en": (
            "Application {number}: {amount} has been returned",
            "{agency} has returned {amount} for the application for {service}. The bank's reference: {reference}.\n"
            "If you have not received it, ask with that reference. See: {url}",
        ),
    },
    "reconciled_differs": {
        "id": (
            "Rekonsiliasi {day}: {count} perbedaan dengan bank",
            "Catatan mal dan berkas bank untuk {day} berbeda di {count} tempat. Periksa, lalu tulis apa yang sudah "
            "dilakukan: {url}",
        ),
        "en": (
            "Reconciliation of {day}: {count} differences from the bank",
            "The mall's books and the bank's file for {day} differ in {count} places. Look into it and write what was "
            "done: {url}",
        ),
    },
    "reconciled_not": {
        "id": (
            "Rekonsiliasi {day} belum dapat dilakukan",
            "{why}. Hari itu belum dicocokkan; kami mencobanya lagi setiap jam. Hubungi bank bila sampai siang belum "
            "juga: {url}",
        ),
        "en": (
            "Reconciliation of {day} has not been possible",
            "{why}. That day is not compared yet; we try again every hour. Ask the bank if it is not by noon: {url}",
        ),
    },
}
