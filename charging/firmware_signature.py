"""Who made a firmware: its signature, and the certificate that it is held against.

2.0.1 L01.FR.04, L01.FR.12 and the white paper for 1.6 want RSA-PSS or ECSchnorr over SHA-256. Nobody signs by
ECSchnorr (ISO 14888-3) with the tools there are; with a key on a curve it is ECDSA here.
"""

import base64
import binascii
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

LEAST_RSA_BITS = 2048
LEAST_CURVE_BITS = 224
"""2.0.1 A00.FR.502, .503."""


def certificate_trouble(pem: str, at: datetime) -> str | None:
    """Why a signing certificate cannot be used at that time; None: it can. Its issuer is not looked for."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        key = certificate.public_key()
    except ValueError:
        return "it is no certificate in PEM"
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        return f"it is valid from {certificate.not_valid_before_utc} to {certificate.not_valid_after_utc}"
    if isinstance(key, rsa.RSAPublicKey):
        return None if key.key_size >= LEAST_RSA_BITS else f"its key has less than {LEAST_RSA_BITS} bits"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return None if key.key_size >= LEAST_CURVE_BITS else f"its key has less than {LEAST_CURVE_BITS} bits"
    return "its key is neither RSA nor on a curve of NIST"


def is_signed(digest: bytes, signature: str, pem: str) -> bool:
    """Whether the owner of a certificate signed a file with this SHA-256; `signature` is Base64."""
    try:
        raw = base64.b64decode(signature, validate=True)
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
        if isinstance(key, rsa.RSAPublicKey):
            salted = padding.PSS(padding.MGF1(SHA256()), padding.PSS.AUTO)
            key.verify(raw, digest, salted, Prehashed(SHA256()))
            return True
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(raw, digest, ec.ECDSA(Prehashed(SHA256())))
            return True
    except (ValueError, binascii.Error, InvalidSignature):
        return False
    return False
