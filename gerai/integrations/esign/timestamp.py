"""Time stamps, RFC 3161: from an authority over HTTP, or from a small one inside the process (P-256, SHA-256)."""

import secrets
from typing import Any

import httpx
from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps import TimeStamper

from gerai.core import clock
from gerai.integrations.esign.pki import Identity

# The arc for examples (ITU-T X.660): a trial stamp follows no published policy.
POLICY = "2.999.1"
TIMEOUT = 10.0


class HttpTimeStamper(TimeStamper):
    """Asks a time stamping authority (RFC 3161, section 3.4)."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """
        Its answer; pyHanko looks at what it says.

        :raises httpx.HTTPError, ValueError: if there is none
        """
        headers = {"Content-Type": "application/timestamp-query"}
        answer = httpx.post(self.url, content=req.dump(), headers=headers, timeout=TIMEOUT)
        answer.raise_for_status()
        return tsp.TimeStampResp.load(answer.content)


class LocalTimeStamper(TimeStamper):
    """Answers time stamp requests with the installation's own TSA certificate."""

    def __init__(self, identity: Identity, chain: list[asn1_x509.Certificate]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.key = identity.key
        der = identity.certificate.public_bytes(serialization.Encoding.DER)
        self.certificate = asn1_x509.Certificate.load(der)
        self.chain = chain

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Of the process's own clock."""
        return self.response(req)

    def response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """A granted response, signed now."""
        made = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(self._info(req))})
        # Parsed again from its bytes: a structure under construction is encoded anew at every level above it.
        token = cms.ContentInfo.load(made.dump())
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})

    def _info(self, req: tsp.TimeStampReq) -> bytes:
        told: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": req["message_imprint"],
            "serial_number": secrets.randbits(62) | 1 << 62,
            "gen_time": clock.now().replace(microsecond=0),
            "tsa": asn1_x509.GeneralName(name="directory_name", value=self.certificate.subject),
        }
        if req["nonce"].native is not None:
            told["nonce"] = req["nonce"]
        return bytes(tsp.TSTInfo(told).dump())

    def _signed(self, info: bytes) -> cms.SignedData:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(info)
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute(
                    "signing_time", cms.Time({"utc_time": core.UTCTime(clock.now().replace(microsecond=0))})
                ),
                simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(self.certificate)),
                simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {
                        "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                            {
                                "issuer": self.certificate.issuer,
                                "serial_number": self.certificate.serial_number,
                            }
                        )
                    }
                ),
                "digest_algorithm": sha256,
                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
                "signed_attrs": attributes,
                "signature": self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": cms.DigestAlgorithms((sha256,)),
                "encap_content_info": cms.EncapsulatedContentInfo(
                    {"content_type": "tst_info", "content": cms.ParsableOctetString(info)}
                ),
                "certificates": [self.certificate, *self.chain],
                "signer_infos": [signer],
            }
        )
