#!/usr/bin/env python3
"""A second implementation of docs/receipts.md, for Python 3.11 with `cryptography`. Numbers in comments are that page's rules.

    python3 verify.py bundle.json trust.json [run]

prints `valid`, `incomplete`, or the first failing code and the receipt at fault; exits 0, 3 or 1, and 2 for unusable input.
"""
import base64, functools, hashlib, json, math, re, sys
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

class Refused(Exception):
    """A rule that does not hold; its argument is the rule's code."""

def need(holds, code):
    if not holds:
        raise Refused(code)

# §1 Encodings

sha256 = lambda data: hashlib.sha256(data).hexdigest()
units = lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2

def strict_base64(text, url=False):
    """Bytes, or None unless they encode back to the same text."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4 * url), "-_" if url else None, validate=True)
    except ValueError:
        return None
    again = base64.urlsafe_b64encode(data).rstrip(b"=") if url else base64.b64encode(data)
    return data if again.decode() == text else None

def parse_json(text):
    """As ECMAScript does: any depth, every number a double. Python's parser recurses, so it is given one container at a time, the
    innermost first; a finished one stands in its parent's text as NaN, which is no JSON, and for which the parser asks back."""
    opened = [([], [])]

    def close(end):
        pieces, children = opened.pop()
        finished = iter(children)
        return json.loads("".join(pieces) + end, parse_int=float, parse_constant=lambda _: next(finished))

    for token in re.split(r'("(?:[^"\\]++|\\.)*+"|[][{}])', text, flags=re.DOTALL):
        if token in ("[", "{"):
            opened.append(([token], []))
        elif token in ("]", "}"):
            value = close(token)
            opened[-1][0].append(" NaN ")
            opened[-1][1].append(value)
        elif not token.startswith('"') and re.search("[NI]", token):  # NaN and Infinity, which Python would take
            raise ValueError("not JSON")
        else:
            opened[-1][0].append(token)
    if len(opened) > 1:
        raise ValueError("not JSON")
    return close("")

def canonical(value, depth=0):
    """RFC 8785 text. `spell` encodes it, which refuses lone surrogates."""
    if depth > 64 or isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not canonical")
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name], depth + 1)}" for name in names) + "}"
    if not isinstance(value, float):
        return json.dumps(value, ensure_ascii=False)
    shortest = Decimal(repr(value)).normalize()  # repr finds ECMAScript's digits, in another notation
    return "0" if value == 0 else f"{shortest:f}" if -7 < shortest.adjusted() < 21 else f"{shortest:e}"

def spell(value):
    try:
        return canonical(value).encode()
    except ValueError:
        return None

def read_canonical(data, not_utf8, not_json, not_canonical):
    """Parses canonical bytes; the codes are the caller's."""
    code = not_utf8
    try:
        text, code = data.decode(), not_json
        value, code = parse_json(text), not_canonical
        empty = sum(found[1] is not None for found in re.finditer(r'"(?:[^"\\]++|\\.)*+"|(\[\]|\{\})', text))
        need(spell(value) == data and units(text) + 1 - empty <= 8 * 1024 * 1024, code)
        return value
    except ValueError:
        raise Refused(code) from None

def read_artifact(data, shape, code):
    value = read_canonical(data, code, code, code)
    need(fits(value, shape), code)
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

# §2–§7 What objects hold. Types: 1-200 text of so many units; # integer (from-to); =a|b one of these words; any; bool; a pattern of
# PATTERNS or another object; type* an array (of from-to); type? or null. The eight kinds have the frame in front.

PATTERNS = dict(run="[A-Za-z0-9_-]{1,64}", kid="[A-Za-z0-9_-]{43}", hex="[0-9a-f]{64}", digest="sha256:[0-9a-f]{64}")
FRAME = "run:run seq:# prev:digest? kid:kid issuedAt:instant policy:digest "
KINDS = dict(  # who signs, subjects, own fields
    alert=("agent", "alert policy", "issuer:1-300 source:1-200 title:1-300 firedAt:instant startedBy:actor continues:continued?"),
    evidence=("agent", "code", "items:item*0-200 summary:0-4000"),
    proposal=("agent", "action code", "revision:#1- supersedes:digest? summary:0-4000 risk:=low|medium|high feedback:feedback?"),
    preview=("runtime", "action code", "proposal:digest execution:call changes:change*0-100 expiresAt:instant"),
    decision=("human", "action", "decision:=approve|reject|request_changes proposal:digest preview:digest reason:0-2000 reviewer:actor"),
    execution=("runtime", "action", "decision:digest? execution:call status:=executed|failed|withheld reason:0-2000 written:bool"
               " changes:change*0-100 more:bool recovered:bool"),
    outcome=("runtime", "report", "execution:digest? status:=resolved|unresolved|not_run reason:0-2000 before:tally after:tally?"),
    handoff=("agent", "summary repository", "outcome:digest"))
MORE_SUBJECTS = dict(
    alert=lambda p: ["parent"] * (p.continues is not None), evidence=lambda p: [f"item-{i + 1}" for i in range(len(p.items))],
    preview=lambda p: ["before"] * any(change["before"] for change in p.changes),
    execution=lambda p: ["result"] * (p.status == "executed"))
OBJECTS = dict(
    {kind: FRAME + own for kind, (_, _, own) in KINDS.items()},
    actor="id:1-200 method:1-40", item="name:1-200 connector:1-100 method:1-100", continued="run:run handoff:digest",
    feedback="text:1-2000 applied:1-500*0-20 notApplied:1-500*0-20", change="path:1-500 before:digest? after:digest",
    call="id:1-200 seq:#", tally="requests:# failed:# good:# goodFailed:#",
    POLICY="version:#1-1 rule:0-2000 connector:1-100 method:1-100 decisionSeconds:#1-31536000 revisions:#1-1000 separateReviewer:bool",
    ACTION="connector:1-100 method:1-100 args:any", WRITE_FILE="path:1-500 content:0-1000000 before:digest?",
    ENVELOPE="payloadType:string payload:string1398104 signatures:signature*1-1", signature="keyid:kid sig:string88",
    STATEMENT="_type:=https://in-toto.io/Statement/v1 subject:subject*1-300 predicateType:string predicate:any",
    subject="name:string digest:sha256", sha256="sha256:hex",
    TRUST="version:#1-1 issuer:1-300 keys:key*1-1000",
    key="kty:=OKP crv:=Ed25519 x:string43 kid:kid role:=agent|human|runtime notBefore:instant? notAfter:instant? revokedAt:instant?",
    BUNDLE="mediaType:=application/vnd.countersign.bundle+json;version=1 run:run receipts:any*0-100000 artifacts:ARTIFACTS")
OBJECTS = {name: dict(member.split(":", 1) for member in members.split()) for name, members in OBJECTS.items()}

def fits(v, shape):
    if shape.endswith("?"):
        return v is None or fits(v, shape[:-1])
    if "*" in shape:
        of, low, high = re.fullmatch(r"(.+)\*(\d+)-(\d+)", shape).groups()
        return isinstance(v, list) and int(low) <= len(v) <= int(high) and all(fits(item, of) for item in v)
    if shape in OBJECTS:
        members = OBJECTS[shape]
        return isinstance(v, dict) and v.keys() == members.keys() and all(fits(v[name], members[name]) for name in v)
    if shape == "MANIFEST":
        return isinstance(v, dict) and all(fits(path, "1-500") and fits(digest, "digest") for path, digest in v.items())
    if shape == "ARTIFACTS":
        return isinstance(v, dict) and len(v) <= 100_000 and all(isinstance(text, str) for text in v.values())
    if shape in ("any", "bool"):
        return shape == "any" or isinstance(v, bool)
    if shape.startswith("#"):
        low, _, high = shape[1:].partition("-")
        return isinstance(v, float) and v.is_integer() and int(low or 0) <= v <= int(high or 2**53 - 1)
    if not isinstance(v, str):
        return False
    if shape == "instant" or shape in PATTERNS:
        return milliseconds(v) is not None if shape == "instant" else re.fullmatch(PATTERNS[shape], v) is not None
    if shape.startswith(("=", "string")):
        return v in shape[1:].split("|") if shape.startswith("=") else units(v) <= int(shape[6:] or sys.maxsize)
    low, high = map(int, shape.split("-"))
    return low <= units(v) <= high and not re.search("[\ud800-\udfff]", v)

# §6 Keys. `cryptography` checks the plain equation, as the page asks, but takes any bytes for a key, so keys are vetted here.

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

def add(a, b):
    product = D * a[0] * b[0] * a[1] * b[1] % P
    return ((a[0] * b[1] + a[1] * b[0]) * pow(1 + product, -1, P) % P, (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, P) % P)

@functools.cache
def is_vetted(data):
    """A canonical encoding of a point that is neither of small nor of mixed order."""
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

def read_trust(trust):
    need(fits(trust, "TRUST"), "ERR_TRUST_POLICY")
    keys = {}
    for key in trust["keys"]:
        data = strict_base64(key["x"], url=True)
        need(data and len(data) == 32 and is_vetted(data) and key["kid"] not in keys, "ERR_TRUST_POLICY")
        jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{key["x"]}"}}'.encode()
        need(strict_base64(key["kid"], url=True) == hashlib.sha256(jwk).digest(), "ERR_TRUST_POLICY")
        keys[key["kid"]] = SimpleNamespace(**key, public=Ed25519PublicKey.from_public_bytes(data))
    return SimpleNamespace(issuer=trust["issuer"], keys=keys)

# §8.1 Opening an envelope

def decode_envelope(envelope):
    need(fits(envelope, "ENVELOPE"), "ERR_ENVELOPE")  # 1
    need(envelope["payloadType"] == "application/vnd.in-toto+json", "ERR_PAYLOAD_TYPE")
    payload, (signature,) = strict_base64(envelope["payload"]), envelope["signatures"]
    sig = strict_base64(signature["sig"])
    need(payload is not None and sig is not None and len(sig) == 64, "ERR_BASE64")
    return payload, signature["keyid"], sig

def read_statement(payload):
    value = read_canonical(payload, "ERR_UTF8", "ERR_JSON", "ERR_NOT_CANONICAL")  # 7–9
    need(fits(value, "STATEMENT"), "ERR_STATEMENT")  # 10
    kind = next((kind for kind in KINDS if value["predicateType"] == f"urn:countersign:receipt:{kind}:v1"), None)
    need(kind, "ERR_KIND_UNKNOWN")
    need(fits(value["predicate"], kind), "ERR_STATEMENT")
    p, subject = SimpleNamespace(**value["predicate"]), {each["name"]: each["digest"]["sha256"] for each in value["subject"]}
    names = KINDS[kind][1].split() + MORE_SUBJECTS.get(kind, lambda p: [])(p)
    need([each["name"] for each in value["subject"]] == names, "ERR_SUBJECTS")
    return SimpleNamespace(kind=kind, subject=subject, p=p)

def open_receipt(envelope, trust):
    payload, keyid, sig = decode_envelope(envelope)
    need(keyid in trust.keys, "ERR_KEY_UNKNOWN")  # 5
    key, pae = trust.keys[keyid], b"DSSEv1 28 application/vnd.in-toto+json %d %s" % (len(payload), payload)
    need(sig[:32] != b"\x01" + bytes(31) and holds(key.public, sig, pae), "ERR_SIGNATURE")  # an R on which libraries differ
    r = read_statement(payload)
    need(r.p.kid == keyid, "ERR_KID_MISMATCH")
    need(key.role == KINDS[r.kind][0], "ERR_KEY_ROLE")  # 15
    need(key.revokedAt is None, "ERR_KEY_REVOKED")
    need((key.notBefore or "") <= r.p.issuedAt < (key.notAfter or "~"), "ERR_KEY_WINDOW")
    r.digest = "sha256:" + sha256(pae)
    return r

def holds(public, sig, data):
    try:
        return public.verify(sig, data) is None
    except InvalidSignature:
        return False

# §8.2–§8.5 Placing a receipt

FOLLOWERS = {None: ["alert"], "alert": ["evidence"], "evidence": ["proposal", "outcome"], "proposal": ["preview"],
             "preview": ["decision", "execution"], "decision": ["execution"], "execution": ["proposal", "outcome"],
             "outcome": ["handoff"], "handoff": []}

class Chain:
    """The fold. `place` takes one opened receipt, or raises and leaves the chain as it was."""

    def __init__(self, trust, artifacts):
        self.trust, self.artifacts = trust, artifacts
        self.run = self.head = self.time = self.last = self.alert = self.policy = self.round = self.execution = self.outcome = None
        self.count, self.executions, self.consumed, self.writes, self.written = 0, set(), set(), {}, False

    def place(self, r):
        p = r.p
        need(r.kind != "alert" or p.issuer == self.trust.issuer, "ERR_ISSUER")  # 18
        need(self.run in (None, p.run), "ERR_RUN")
        need(p.seq == self.count, "ERR_SEQ")  # 20
        need(p.prev == self.head, "ERR_PREV")
        need(self.alert is None or p.policy == self.alert.p.policy, "ERR_POLICY_CHANGED")
        need(self.time is None or p.issuedAt >= self.time, "ERR_TIME_BACKWARDS")
        need(self.last != "handoff", "ERR_AFTER_HANDOFF")
        need(r.kind != "execution" or p.decision not in self.consumed, "ERR_DECISION_CONSUMED")  # 25
        need(r.kind in FOLLOWERS[self.last], "ERR_KIND_ORDER")
        need(all(digest in self.artifacts for digest in r.subject.values()), "ERR_ARTIFACT_MISSING")
        getattr(self, r.kind + "_", lambda *_: None)(r, p)
        self.run, self.time, self.head, self.last, self.count = p.run, p.issuedAt, r.digest, r.kind, self.count + 1

    def alert_(self, r, p):
        need(p.policy == "sha256:" + r.subject["policy"], "ERR_POLICY_CHANGED")  # 28
        self.policy = SimpleNamespace(**read_artifact(self.artifacts[r.subject["policy"]], "POLICY", "ERR_POLICY"))
        self.alert = r

    def proposal_(self, r, p):
        last = self.round
        back = last if last and last.decision and last.decision.p.decision == "request_changes" else None
        on = last if last and last.execution and last.execution.p.more else None
        need(not last or back or on, "ERR_ROUND_NOT_DUE")  # 30
        need(p.revision == (back.proposal.p.revision + 1 if back else 1), "ERR_REVISION")
        need(p.revision <= self.policy.revisions, "ERR_REVISION_LIMIT")
        need(p.supersedes == (back.proposal.digest if back else None), "ERR_SUPERSEDES")
        need((p.feedback and p.feedback["text"]) == (back.decision.p.reason if back else None), "ERR_FEEDBACK")
        need(not on or r.subject["code"] == on.proposal.subject["code"], "ERR_CODE")  # 35
        action = read_artifact(self.artifacts[r.subject["action"]], "ACTION", "ERR_ACTION")
        call, args, changes = (action["connector"], action["method"]), action["args"], []
        need(call == (self.policy.connector, self.policy.method), "ERR_NOT_GATED")
        if call == ("repository", "write_file"):
            need(fits(args, "WRITE_FILE"), "ERR_ACTION")
            changes = [dict(path=args["path"], before=args["before"], after="sha256:" + sha256(args["content"].encode()))]
        self.round = SimpleNamespace(continues=on and on.preview.p.execution, changes=changes, proposal=r, preview=None,
                                     decision=None, execution=None)

    def preview_(self, r, p):
        opened, call, before = self.round.proposal, p.execution, self.round.continues
        need(p.proposal == opened.digest, "ERR_PROPOSAL")  # 39
        need(r.subject["action"] == opened.subject["action"], "ERR_ACTION_MISMATCH")
        need(r.subject["code"] == opened.subject["code"], "ERR_CODE")
        need(call["id"] == before["id"] and call["seq"] > before["seq"] if before else call["id"] not in self.executions,
             "ERR_EXECUTION_ID")
        need(milliseconds(p.expiresAt) - milliseconds(p.issuedAt) <= self.policy.decisionSeconds * 1000, "ERR_EXPIRY")
        need(p.changes == self.round.changes, "ERR_CHANGES")
        start = p.changes[0]["before"] if p.changes else None
        need(start == ("sha256:" + r.subject["before"] if "before" in r.subject else None), "ERR_CHANGES")  # 45
        self.executions.add(call["id"])
        self.round.preview = r

    def decision_(self, r, p):
        opened, preview = self.round.proposal, self.round.preview
        need(p.proposal == opened.digest, "ERR_PROPOSAL")  # 46
        need(p.preview == preview.digest, "ERR_PREVIEW")
        need(r.subject["action"] == opened.subject["action"], "ERR_ACTION_MISMATCH")
        need(p.issuedAt < preview.p.expiresAt, "ERR_DECISION_LATE")
        need(not self.policy.separateReviewer or p.reviewer["id"] != self.alert.p.startedBy["id"], "ERR_REVIEWER")  # 50
        need(p.decision != "request_changes" or p.reason != "", "ERR_DECISION_REASON")
        need(p.decision != "request_changes" or opened.p.revision < self.policy.revisions, "ERR_REVISION_LIMIT")
        self.round.decision = r

    def execution_(self, r, p):
        decision, preview = self.round.decision, self.round.preview.p
        executed, approved = p.status == "executed", bool(decision) and decision.p.decision == "approve"
        need(p.decision == (decision.digest if decision else None), "ERR_DECISION")  # 53
        need(r.subject["action"] == self.round.proposal.subject["action"], "ERR_ACTION_MISMATCH")
        need(p.execution == preview.execution, "ERR_EXECUTION_ID")
        need((p.status != "withheld") == approved, "ERR_EXECUTION_STATUS")
        need(decision or p.issuedAt >= preview.expiresAt, "ERR_EXECUTION_EARLY")
        need(p.written == executed, "ERR_WRITTEN")
        need(p.changes == (preview.changes if executed else []), "ERR_CHANGES")
        need(executed or not p.more, "ERR_MORE")  # 60
        self.consumed |= {p.decision} - {None}
        self.written |= executed
        self.writes |= {change["path"]: change["after"] for change in p.changes}
        self.round.execution = self.execution = r

    def outcome_(self, r, p):
        need(p.execution == (self.execution.digest if self.execution else None), "ERR_OUTCOME_EXECUTION")  # 61
        for t in filter(None, (p.before, p.after)):
            need(t["failed"] <= t["requests"] and t["good"] <= t["requests"] and t["goodFailed"] <= t["good"], "ERR_TALLY")
        need((p.after is not None) == self.written, "ERR_TALLY")
        cured = p.after and p.after["failed"] == p.after["goodFailed"] == 0
        need(p.status == ("not_run" if p.after is None else "resolved" if cured else "unresolved"), "ERR_OUTCOME_STATUS")
        self.outcome = r

    def handoff_(self, r, p):
        need(p.outcome == self.outcome.digest, "ERR_HANDOFF_OUTCOME")  # 65
        manifest = read_artifact(self.artifacts[r.subject["repository"]], "MANIFEST", "ERR_REPOSITORY")
        need(all(digest[7:] in self.artifacts for digest in manifest.values()), "ERR_ARTIFACT_MISSING")
        need(all(manifest.get(path) == digest for path, digest in self.writes.items()), "ERR_REPOSITORY")

# §8.6 The bundle as a whole

def manifest_of(r, artifacts):
    """The files in the repository of a handoff, none where it is not at hand or no manifest."""
    try:
        return read_artifact(artifacts.get(r.subject["repository"], b""), "MANIFEST", "ERR_REPOSITORY")
    except Refused:
        return {}

def judge(bundle, trust, run=None):
    """The failures in the order of the report, as (code, seq or None), and what was read on the way; None for what cannot be opened."""
    decoded = {name: strict_base64(item) for name, item in bundle["artifacts"].items()}
    artifacts = {name: data for name, data in decoded.items() if data is not None and sha256(data) == name}
    chain, receipts, failures = Chain(trust, artifacts), [], []
    for seq, envelope in enumerate(bundle["receipts"]):
        receipts.append(None)
        try:
            receipts[-1] = open_receipt(envelope, trust)
            if not failures:
                chain.place(receipts[-1])
        except Refused as refusal:
            failures.append((str(refusal), seq))
    rules = ((run in (None, bundle["run"]), "ERR_RUN_UNEXPECTED"), (receipts, "ERR_CHAIN_EMPTY"),
             (chain.run in (None, bundle["run"]), "ERR_BUNDLE_RUN"))  # 69–71
    failures = [(code, None) for true, code in rules if not true][:1] + failures
    failures += [("ERR_ARTIFACT_ALTERED", None)] * (len(decoded) - len(artifacts))
    if all(receipts):
        named = {digest for r in receipts for digest in r.subject.values()}
        manifests = {r.subject["repository"]: r for r in receipts if r.kind == "handoff"}
        named |= {digest[7:] for r in manifests.values() for digest in manifest_of(r, artifacts).values()}
        failures += [("ERR_ARTIFACT_UNNAMED", None)] * len(artifacts.keys() - named)
    if not failures and chain.last != "handoff":
        failures = [("ERR_INCOMPLETE", None)]
    return SimpleNamespace(failures=failures, receipts=receipts, artifacts=artifacts)

def verify(bundle, trust_policy, run=None):
    """The failures. Raises Refused where the input is unusable."""
    trust = read_trust(trust_policy)
    need(fits(bundle, "BUNDLE"), "ERR_BUNDLE")
    return judge(bundle, trust, run).failures

# §12 Following a run to the one it continues

def follow(bundle, trust_policies, parents=()):
    """The failures of the run, then of each before it. Raises Refused where the input is unusable."""
    trusts = [read_trust(policy) for policy in trust_policies]
    issuers, named = {trust.issuer: trust for trust in trusts}, set()
    need(len(issuers) == len(trusts), "ERR_TRUST_POLICY")
    need(all(fits(each, "BUNDLE") for each in (*parents, bundle)), "ERR_BUNDLE")
    held = [(parent["run"], spell(parent)) for parent in parents]

    def lineage(bundle, trust):
        runs = [judge(bundle, trust)]
        first = runs[0].receipts[0] if runs[0].receipts else None
        if first and first.kind == "alert" and first.p.continues:
            try:
                check_parent(runs, bundle, trust, **first.p.continues, sha=first.subject["parent"])
            except Refused as refusal:
                runs[0].failures.append((str(refusal), None))
        return runs

    def check_parent(runs, bundle, trust, run, handoff, sha):
        named.add(run)
        taken = next((each for each in held if each[1] and sha256(each[1]) == sha), None) \
            or next((each for each in reversed(held) if each[0] == run), None)
        if taken:
            held[:] = [each for each in held if each is not taken and (not each[1] or each[1] != taken[1])]
        data = taken[1] if taken else strict_base64(bundle["artifacts"].get(sha, "!"))
        need(data is not None, "ERR_PARENT_BUNDLE")  # 75
        parent, code = read_artifact(data, "BUNDLE", "ERR_PARENT_BUNDLE"), "ERR_PARENT_REPOSITORY"
        try:
            alert = read_statement(decode_envelope((parent["receipts"] or [None])[0])[0])
            trust = issuers.get(alert.p.issuer) if alert.kind == "alert" else trust
        except Refused:
            pass  # the child's own policy says what is wrong
        need(trust, "ERR_PARENT_ISSUER")
        runs += lineage(parent, trust)
        need(sha256(data) == sha, "ERR_PARENT_BUNDLE")  # 77
        need(not runs[1].failures, "ERR_PARENT_INVALID")
        need(parent["run"] == run, "ERR_PARENT_RUN")
        need(runs[1].receipts[-1].digest == handoff, "ERR_PARENT_HANDOFF")  # 80
        files = manifest_of(runs[1].receipts[-1], runs[1].artifacts)
        for r in filter(None, runs[0].receipts):
            if r.kind == "preview":
                need(all(files.get(change["path"]) == change["before"] for change in r.p.changes), code)
            elif r.kind == "execution":
                files |= {change["path"]: change["after"] for change in r.p.changes}
            elif r.kind == "handoff":
                need(files == manifest_of(r, runs[0].artifacts), code)

    runs = lineage(bundle, trusts[0])
    need({parent["run"] for parent in parents} <= named or verdict(runs[0].failures) == "invalid", "ERR_BUNDLE")
    return [each.failures for each in runs]

def verdict(failures):
    return "valid" if not failures else "incomplete" if {code for code, _ in failures} == {"ERR_INCOMPLETE"} else "invalid"

def read_document(path):
    with open(path, "rb") as file:
        try:
            return parse_json(file.read().decode("utf-8-sig"))
        except ValueError:
            return None  # which fits no shape

def main(bundle, trust, run=None):
    try:
        failures = verify(read_document(bundle), read_document(trust), run)
    except Refused as refusal:
        failures = [(str(refusal), None)]
    code, seq = failures[0] if failures else ("valid", None)
    print("incomplete" if code == "ERR_INCOMPLETE" else code, *([] if seq is None else [f"at receipt {seq}"]))
    return dict(valid=0, ERR_TRUST_POLICY=2, ERR_BUNDLE=2, ERR_INCOMPLETE=3).get(code, 1)

if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
