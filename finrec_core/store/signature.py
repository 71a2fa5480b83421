"""The signature: Ed25519, by a key that lies in the folder of keys, outside the store and its backups."""

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from finrec_core.store import keys
from finrec_core.store.error import StoreError

FILE = "anchor-signing.pem"


class SigningKey:
    """The key that signs anchors; made where the folder holds none yet. Raises `StoreError`."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        if not self.file.exists():
            made = Ed25519PrivateKey.generate()
            text = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            keys.keep(self.file, text)
        self._key = _read(self.file)

    @property
    def public(self) -> str:
        """The public key as hexadecimal digits, which whoever checks an anchor needs."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, text: bytes) -> str:
        """Return the signature of a text as hexadecimal digits."""
        return self._key.sign(text).hex()

    def __repr__(self) -> str:
        return f"SigningKey({self.public[:16]})"


def public_key(folder: Path) -> str | None:
    """Return the public key of the folder's signing key, None where it holds none; makes nothing."""
    file = folder / FILE
    return _read(file).public_key().public_bytes_raw().hex() if file.exists() else None


def signed(public: str, signature: str, text: bytes) -> bool:
    """Return whether a signature is that of a text by the owner of a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read(file: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{file}: this signing key cannot be read ({error}).") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreError(f"{file}: this is no Ed25519 key.")
    return key
