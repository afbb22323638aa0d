"""§1 and §7 of docs/receipts.md: base64, JSON, canonical JSON, instants, documents. Knows nothing of receipts."""
import base64, hashlib, json, math, re
from datetime import datetime, timedelta
from decimal import Decimal


class Refused(Exception):
    """A rule that does not hold; its argument is the rule's code."""


def need(holds, code):
    if not holds:
        raise Refused(code)


# §1 Encodings

def sha256(data):
    return hashlib.sha256(data).hexdigest()


def units(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def strict_base64(text, url=False):
    """Bytes, or None unless they encode back to the same text."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4 * url), "-_" if url else None, validate=True)
    except ValueError:
        return None
    again = base64.urlsafe_b64encode(data).rstrip(b"=") if url else base64.b64encode(data)
    return data if again.decode() == text else None


def parse_json(text, unique=False):
    """As ECMAScript does: any depth, every number a double. Raises ValueError, and where names must be unique, for a repeated one."""
    def read_object(pairs):
        if unique and len(dict(pairs)) < len(pairs):
            raise ValueError("a repeated name")
        return dict(pairs)

    def refuse(_):  # NaN and Infinity, which Python would take
        raise ValueError("not JSON")

    def read(piece, constant=refuse):
        return json.loads(piece, parse_int=float, parse_constant=constant, object_pairs_hook=read_object)
    try:
        return read(text)
    except RecursionError:
        return parse_deep(text, read)


def parse_deep(text, read):
    """Python's parser recurses, so here it is given one container at a time, the innermost first. A finished one stands in its parent's
    text as NaN, which is no JSON, and for which the parser asks back."""
    opened = [([], [])]

    def close(end):
        pieces, children = opened.pop()
        finished = iter(children)
        return read("".join(pieces) + end, lambda _: next(finished))

    for token in re.split(r'("(?:[^"\\]++|\\.)*+"|[][{}])', text, flags=re.DOTALL):
        if token in ("[", "{"):
            opened.append(([token], []))
        elif token in ("]", "}"):
            if len(opened) == 1:
                raise ValueError("not JSON")
            value = close(token)
            opened[-1][0].append(" NaN ")
            opened[-1][1].append(value)
        elif not token.startswith('"') and re.search("[NI]", token):
            raise ValueError("not JSON")
        else:
            opened[-1][0].append(token)
    if len(opened) > 1:
        raise ValueError("not JSON")
    return close("")


def canonicalize(value, depth=0):
    """RFC 8785 text. `spell` encodes it, which refuses lone surrogates."""
    if depth > 64 or isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not canonical")
    if isinstance(value, list):
        return "[" + ",".join(canonicalize(item, depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonicalize(name)}:{canonicalize(value[name], depth + 1)}" for name in names) + "}"
    if not isinstance(value, float):
        return json.dumps(value, ensure_ascii=False)
    shortest = Decimal(repr(value)).normalize()  # repr finds ECMAScript's digits, in another notation
    return "0" if value == 0 else f"{shortest:f}" if -7 < shortest.adjusted() < 21 else f"{shortest:e}"


def spell(value):
    """Canonical bytes, or None where there are none."""
    try:
        return canonicalize(value).encode()
    except ValueError:
        return None


def read_canonical(data, not_utf8, not_json, not_canonical):
    """Parses canonical bytes; the codes are the caller's."""
    code = not_utf8
    try:
        text, code = data.decode(), not_json
        value, code = parse_json(text), not_canonical
    except ValueError:
        raise Refused(code) from None
    empty = sum(found[1] is not None for found in re.finditer(r'"(?:[^"\\]++|\\.)*+"|(\[\]|\{\})', text))
    need(spell(value) == data and units(text) + 1 - empty <= 8 * 1024 * 1024, code)
    return value


def milliseconds(v):
    """An instant as milliseconds since the year 0000, or None. Python's years begin at 1, so whole 400-year cycles are moved."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z", v):
        return None
    cycle, year = divmod(int(v[:4]), 400)
    try:
        since = datetime.fromisoformat(f"{2000 + year}{v[4:23]}") - datetime(2000, 1, 1)
    except ValueError:
        return None
    return since // timedelta(milliseconds=1) + cycle * 146097 * 86_400_000


# §7 Documents

def read_document(data):
    """The value of a document's bytes. Raises Refused where they are none."""
    try:
        need(len(data) <= 64 * 1024 * 1024, "ERR_DOCUMENT")
        value = parse_json(data.decode("utf-8-sig"), unique=True)
    except ValueError:
        raise Refused("ERR_DOCUMENT") from None
    count, waiting = 0, [value] if len(data) > 2_000_000 else []  # each value has a byte at least
    while waiting:
        each, count = waiting.pop(), count + 1
        waiting += each.values() if isinstance(each, dict) else each if isinstance(each, list) else []
    need(count <= 2_000_000, "ERR_DOCUMENT")
    return value
