"""§13 of docs/receipts.md: keys and notes, policies of logs, checkpoints and proofs. Knows nothing of receipts."""
import hashlib, re
from types import SimpleNamespace
from canonical import need, strict_base64
from signatures import holds_ed25519, is_vetted

NAME = re.compile("[^+\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


def sha(*pieces):
    return hashlib.sha256(b"".join(pieces)).digest()


def decimal(text):
    """The number, or None for what is no decimal."""
    value = int(text) if re.fullmatch("0|[1-9][0-9]{0,15}", text) else None
    return value if value is not None and value < 2**53 else None


def base64_of(text, length):
    data = strict_base64(text)
    return data if data is not None and len(data) == length else None


# §13.2 Keys and notes

def read_vkey(text, kind):
    name, ident, encoded = [*text.split("+", 2), "", ""][:3]
    data = base64_of(encoded, 33)
    need(NAME.fullmatch(name) and data and data[0] == kind and is_vetted(data[1:]), "ERR_TRUST_POLICY")
    need(ident == sha(name.encode(), b"\n", data)[:4].hex(), "ERR_TRUST_POLICY")
    return SimpleNamespace(name=name, id=bytes.fromhex(ident), public=data[1:])


def read_note(note):
    """The text, and of each line its name, id and signature; None for what is no note."""
    if re.search("[\x00-\x09\x0b-\x1f\ud800-\udfff]", note) or "\n\n" not in note or not note.endswith("\n"):
        return None
    end = note.rindex("\n\n")
    lines = []
    for line in note[end + 2:-1].split("\n"):
        dash, name, encoded = (line.split(" ") + ["", ""])[:3]
        data = strict_base64(encoded)
        if line.count(" ") != 2 or dash != "—" or not NAME.fullmatch(name) or data is None or len(data) < 5:
            return None
        lines.append((name, data[:4], data[4:]))
    return (note[:end + 1], lines) if len(lines) <= 100 else None


def by(lines, key):
    return [signature for name, ident, signature in lines if (name, ident) == (key.name, key.id)]


def is_signed(text, lines, key):
    own = by(lines, key)
    return bool(own) and all(len(each) == 64 and holds_ed25519(key.public, each, text.encode()) for each in own)


def is_cosignature(text, data, key):
    if len(data) != 72 or data[0] > 127:
        return False
    said = "cosignature/v1\ntime %d\n%s" % (int.from_bytes(data[:8], "big"), text)
    return holds_ed25519(key.public, data[8:], said.encode())


# §13.3 Log policies

def read_log_policy(text):
    need(not re.search("[\x00-\x08\x0b-\x1f\x7f]", text), "ERR_TRUST_POLICY")
    logs, witnesses, groups, members, quorum = [], {}, {}, [], []

    def define(name):
        need(name != "none" and name not in witnesses and name not in groups, "ERR_TRUST_POLICY")

    for line in text.split("\n"):
        items = re.findall("[^ \t]+", line)
        if not items or items[0].startswith("#"):
            continue
        word, *rest = items
        if word == "log" and len(rest) in (1, 2):
            logs.append(read_vkey(rest[0], 1))
        elif word == "witness" and len(rest) in (2, 3):
            define(rest[0])
            witnesses[rest[0]] = read_vkey(rest[1], 4)
        elif word == "group" and len(rest) >= 3:
            name, asked, *of = rest
            k = dict(any=1, all=len(of)).get(asked, decimal(asked))
            define(name)
            need(k is not None and 1 <= k <= len(of) and all(each in witnesses or each in groups for each in of), "ERR_TRUST_POLICY")
            groups[name] = (k, of)
            members += of
        else:
            need(word == "quorum" and len(rest) == 1, "ERR_TRUST_POLICY")
            need(rest[0] == "none" or rest[0] in witnesses or rest[0] in groups, "ERR_TRUST_POLICY")
            quorum += rest
    for keys in (logs, witnesses.values()):
        need(len({key.public for key in keys}) == len(keys), "ERR_TRUST_POLICY")
    need(len(set(members)) == len(members) and len(quorum) == 1, "ERR_TRUST_POLICY")
    return SimpleNamespace(logs=logs, witnesses=witnesses, groups=groups, quorum=quorum[0])


def is_quorum(policy, saw, name):
    if name not in policy.groups:
        return name == "none" or name in saw
    k, of = policy.groups[name]
    return sum(is_quorum(policy, saw, each) for each in of) >= k


# §13.4, §13.5 Checkpoints and proofs

def read_checkpoint(policy, note):
    """Size and root of a checkpoint that counts; None for any other."""
    text, lines = read_note(note) or ("", [])
    said = text.split("\n")
    if len(said) < 4 or "" in said[:-1] or decimal(said[1]) is None or base64_of(said[2], 32) is None:
        return None
    if not any(key.name == said[0] and is_signed(text, lines, key) for key in policy.logs):
        return None
    cosigned = {name: [is_cosignature(text, each, key) for each in by(lines, key)] for name, key in policy.witnesses.items()}
    if not all(all(each) for each in cosigned.values()):
        return None
    saw = {name for name, each in cosigned.items() if each}
    return (decimal(said[1]), base64_of(said[2], 32)) if is_quorum(policy, saw, policy.quorum) else None


def root_of(leaf, index, size, path):
    if size == 1:
        return None if path else leaf
    if not path:
        return None
    k = 1 << (size - 1).bit_length() - 1
    below = root_of(leaf, index, k, path[:-1]) if index < k else root_of(leaf, index - k, size - k, path[:-1])
    return below and (sha(b"\1", below, path[-1]) if index < k else sha(b"\1", path[-1], below))


def holds(policy, entry, proof):
    head, blank, note = proof.partition("\n\n")
    header, *lines = head.split("\n")
    if header != "c2sp.org/tlog-proof@v1" or not blank:
        return False
    if lines and lines[0].startswith("extra "):
        if strict_base64(lines.pop(0)[6:]) is None:
            return False
    index = decimal(lines[0][6:]) if lines and lines[0].startswith("index ") else None
    path, checkpoint = [base64_of(line, 32) for line in lines[1:]], read_checkpoint(policy, note)
    if index is None or None in path or len(path) > 63 or checkpoint is None:
        return False
    size, root = checkpoint
    return index < size and root_of(sha(b"\0", entry), index, size, path) == root
