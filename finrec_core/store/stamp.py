"""The time stamp: a word of an authority outside (RFC 3161) that a signature was there at a moment."""

from datetime import datetime
from hashlib import sha512
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from finrec_core.store.error import StoreError

PATIENCE = 10  # seconds
LARGEST = 1_000_000  # bytes of an answer; a real one has a few thousand


class StampError(StoreError):
    """No time stamp, or none of this text; the message is one sentence."""


def ask(url: str, text: bytes) -> bytes:
    """Return an authority's stamp of a text, which is sent as its hash alone; raises `StampError`."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise StampError(f'"{url}" is no address of a time stamp authority: it begins with http or https.')
    request = TimestampRequestBuilder().data(text).build()
    asked = Request(url, request.as_bytes(), {"Content-Type": "application/timestamp-query"})  # noqa: S310
    try:
        with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - http or https, as checked
            token = answer.read(LARGEST)
    except (URLError, OSError, ValueError) as error:
        raise StampError(f"The time stamp authority {url} gave no answer ({error}).") from error
    response = _read(token)
    if response.status != 0 or response.tst_info.nonce != request.nonce:
        raise StampError(f"The time stamp authority {url} refused, or answered another question.")
    _fits(response, text)
    return token


def moment(token: bytes, text: bytes, roots: Path | None = None) -> datetime:
    """Return when a text was stamped; raises `StampError` where the stamp is of another text, or damaged.

    Who signed it is checked against the certificates of `roots`, a PEM file; without them it is not.
    """
    response = _read(token)
    _fits(response, text)
    if roots is not None:
        builder = VerifierBuilder()
        try:
            for certificate in load_pem_x509_certificates(roots.read_bytes()):
                builder = builder.add_root_certificate(certificate)
            builder.build().verify_message(response, text)
        except (OSError, ValueError) as error:
            raise StampError(f"{roots}: these certificates cannot be read ({error}).") from error
        except VerificationError as error:
            raise StampError(f"the time stamp is not signed by who {roots} names ({error}).") from error
    return response.tst_info.gen_time


def _read(token: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(token)
    except ValueError as error:
        raise StampError(f"this is no time stamp ({error}).") from error


def _fits(response: TimeStampResponse, text: bytes) -> None:
    try:
        imprint = response.tst_info.message_imprint.message
    except ValueError as error:  # a refusal has no token
        raise StampError(f"the time stamp holds no token ({error}).") from error
    if imprint != sha512(text).digest():
        raise StampError("the time stamp is of another text.")
