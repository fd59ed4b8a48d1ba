"""Why a permit is not changed or renewed now, and what to do instead. Pure."""

from gerai.core.errors import DomainError


class NotToBeChanged(DomainError):
    """Only a permit that holds is changed or renewed; `state` says which other thing to do."""

    code = "permit_not_to_be_changed"
    text = (
        "Izin ini tidak dapat diubah atau diperpanjang sekarang. Muat ulang halaman untuk melihat keadaannya."
    )
    status = 409


class ExpiredNotChanged(NotToBeChanged):
    """What is over is applied for anew."""

    code = "permit_expired_not_changed"
    text = "Masa berlaku izin ini sudah habis. Ajukan izin baru; isian yang lama dapat dipakai lagi."


class SuspendedNotChanged(NotToBeChanged):
    """First what it was suspended for."""

    code = "permit_suspended_not_changed"
    text = "Izin ini sedang dibekukan. Selesaikan dulu alasannya dengan instansi; sesudah aktif lagi, ajukan di sini."


class RevokedNotChanged(NotToBeChanged):
    """What was revoked is applied for anew."""

    code = "permit_revoked_not_changed"
    text = "Izin ini sudah dicabut. Ajukan izin baru bila alasan pencabutannya sudah diselesaikan."


class ReplacedNotChanged(NotToBeChanged):
    """The newer one is changed."""

    code = "permit_replaced_not_changed"
    text = "Izin ini sudah diganti. Buka izin penggantinya, lalu ajukan di sana."


class TooEarlyToRenew(DomainError):
    """A permit is renewed in its last days."""

    code = "permit_too_early_to_renew"
    text = "Perpanjangan dapat diajukan mulai {days} hari sebelum izin berakhir. Izin tanpa batas tidak diperpanjang."
    status = 409


class FollowedNotValid(DomainError):
    """The signing official cannot change what does not hold."""

    code = "permit_followed_not_valid"
    text = (
        "Izin yang diubah atau diperpanjang sedang tidak berlaku, jadi penggantinya tidak dapat terbit. Aktifkan dulu "
        "izin itu bila dibekukan, atau tolak permohonan ini dengan alasan tersebut."
    )
    status = 409


class BeingReplaced(DomainError):
    """For the seconds in which the replacement is signed, the old one stays as it is."""

    code = "permit_being_replaced"
    text = "Pengganti izin ini sedang ditandatangani. Tunggu sebentar, lalu ulangi pada izin yang baru."
    status = 409
