"""§6.2 and §6.3 of docs/receipts.md: keys, and the signatures that hold under them. Knows nothing of receipts and of whom to trust."""
import base64, functools, hashlib
from types import SimpleNamespace
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from canonical import parse_json, strict_base64

# §6.1, §6.2 Ed25519. `cryptography` checks the plain equation, as the page asks, but takes any bytes for a key, so keys are vetted here.

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a, b):
    product = D * a[0] * b[0] * a[1] * b[1] % P
    return ((a[0] * b[1] + a[1] * b[0]) * pow(1 + product, -1, P) % P, (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, P) % P)


@functools.lru_cache(4096)
def is_vetted(data):
    """The canonical encoding of a point that is of neither small nor mixed order."""
    if len(data) != 32:
        return False
    sign, y = data[31] >> 7, int.from_bytes(data, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return False
    point, total = (x if x % 2 == sign else P - x, y), (0, 1)
    for bit in bin(L)[2:]:
        total = add(total, total)
        total = add(total, point) if bit == "1" else total
    return point != (0, 1) and total == (0, 1)


def holds_ed25519(key, sig, data):
    if len(sig) != 64 or sig[:32] == b"\x01" + bytes(31):  # an R on which libraries differ
        return False
    try:
        return Ed25519PublicKey.from_public_bytes(key).verify(sig, data) is None
    except InvalidSignature:
        return False


# §6.3 P-256

P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def is_point(data):
    """64 bytes, the coordinates of a point of P-256."""
    x, y = int.from_bytes(data[:32]), int.from_bytes(data[32:])
    return len(data) == 64 and x < P256 and y < P256 and (y * y - x * x * x + 3 * x - P256_B) % P256 == 0


def holds_p256(point, r, s, data):
    if not (0 < r < P256_ORDER and 0 < s < P256_ORDER):
        return False
    public = ec.EllipticCurvePublicNumbers(int.from_bytes(point[:32]), int.from_bytes(point[32:]), ec.SECP256R1()).public_key()
    try:
        return public.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256())) is None
    except InvalidSignature:
        return False


def magnitude(number):
    """The shortest big-endian bytes of a positive integer whose first bit is 0, as DER and mpint ask."""
    return number.to_bytes(number.bit_length() // 8 + 1)


def read_der(data):
    """r and s of a strict DER signature. Numbers below 2^256 need one length byte everywhere."""
    integer = lambda number: b"\x02" + bytes([len(magnitude(number))]) + magnitude(number)
    length = data[3] if len(data) > 3 else 0
    r, s = int.from_bytes(data[4:4 + length]), int.from_bytes(data[6 + length:])
    whole = integer(r) + integer(s) if max(r, s) < 2**256 else b""
    if not whole or data != b"\x30" + bytes([len(whole)]) + whole:
        raise ValueError("not strict DER")
    return r, s


# §6.3 The two forms of assertion. A key's material is its 32 bytes of Ed25519, or the 64 of its point of P-256.
# Whatever reads raises ValueError for an encoding that is at fault.

def read_jwk(jwk):
    x, y = strict_base64(jwk["x"], url=True), strict_base64(jwk["y"], url=True)
    if x is None or y is None or len(x) != 32 or len(y) != 32 or not is_point(x + y):
        raise ValueError("not a P-256 key")
    return x + y


def read_credential(text):
    data = strict_base64(text, url=True)
    if data is None or not 1 <= len(data) <= 1023:
        raise ValueError("not a credential")
    return data


SSH_TYPES = ("ssh-ed25519", "ecdsa-sha2-nistp256", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com")


def take(data):
    """An SSH string, and what comes after it."""
    length = int.from_bytes(data[:4])
    if len(data) < 4 + length:
        raise ValueError("cut short")
    return data[4:4 + length], data[4 + length:]


def ssh_string(data):
    return len(data).to_bytes(4) + data


def read_ssh_key(text):
    kind, _, encoded = text.partition(" ")
    blob = strict_base64(encoded)
    if kind not in SSH_TYPES or blob is None:
        raise ValueError("not an SSH key")
    own, rest = take(blob)
    data, rest = take(rest)
    if "ed25519" in kind:
        material, sound = data, is_vetted(data)
    else:
        point, rest = take(rest)
        material, sound = point[1:], data == b"nistp256" and point[:1] == b"\x04" and is_point(point[1:])
    application, rest = take(rest) if kind.startswith("sk-") else (None, rest)
    if own != kind.encode() or not sound or rest:
        raise ValueError("not an SSH key")
    return SimpleNamespace(kind=kind, blob=blob, material=material, application=application)


# Each of these two takes an assertion of the right shape and the intent's bytes. It gives the key's material and whether it proves
# presence, and of WebAuthn where (the origin, and the hash of the relying party's id), or None where the assertion does not hold.

def read_webauthn(assertion, intent):
    material = read_jwk(assertion["publicKey"])
    read_credential(assertion["credential"])
    data, client, sig = (strict_base64(assertion[name], url=True) for name in ("authenticatorData", "clientDataJSON", "signature"))
    if None in (data, client, sig):
        return None
    said = parse_json(client.decode(), unique=True)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(intent).digest()).rstrip(b"=").decode()
    if not isinstance(said, dict) or said.get("type") != "webauthn.get" or said.get("challenge") != challenge:
        return None
    if said.get("crossOrigin", False) is not False or not isinstance(said.get("origin"), str):
        return None
    if len(data) < 37 or len(data) > 37 and not data[32] & 0xC0 or data[32] & 0x05 != 0x05:  # AT or ED; UP and UV
        return None
    if not holds_p256(material, *read_der(sig), data + hashlib.sha256(client).digest()):
        return None
    return SimpleNamespace(material=material, presence=True, origin=said["origin"], party=data[:32])


def read_ssh(assertion, intent):
    key, data = read_ssh_key(assertion["publicKey"]), strict_base64(assertion["signature"])
    if data is None or data[:10] != b"SSHSIG" + bytes([0, 0, 0, 1]):
        return None
    blob, rest = take(data[10:])
    namespace, rest = take(rest)
    reserved, rest = take(rest)
    algorithm, rest = take(rest)
    sig, rest = take(rest)
    if (blob, namespace, reserved, rest) != (key.blob, b"countersign", b"", b"") or algorithm not in (b"sha256", b"sha512"):
        return None
    signed = b"SSHSIG" + b"".join(map(ssh_string, (namespace, reserved, algorithm, hashlib.new(algorithm.decode(), intent).digest())))
    kind, rest = take(sig)
    sig, rest = take(rest)
    if key.application is not None:  # one byte of flags, four of a counter
        if len(rest) != 5 or not rest[0] & 0x01:
            return None
        signed, rest = hashlib.sha256(key.application).digest() + rest + hashlib.sha256(signed).digest(), b""
    if kind != key.kind.encode() or rest:
        return None
    if "ed25519" in key.kind:
        true = holds_ed25519(key.material, sig, signed)
    else:
        first, rest = take(sig)
        second, rest = take(rest)
        r, s = int.from_bytes(first), int.from_bytes(second)
        true = (first, second, rest) == (magnitude(r), magnitude(s), b"") and holds_p256(key.material, r, s, signed)
    return SimpleNamespace(material=key.material, presence=key.application is not None) if true else None


def read_assertion(assertion, intent):
    try:
        return dict(webauthn=read_webauthn, ssh=read_ssh)[assertion["type"]](assertion, intent)
    except ValueError:  # an encoding at fault
        return None
