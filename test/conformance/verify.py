#!/usr/bin/env python3
"""A second implementation of docs/receipts.md, for Python 3.11 with `cryptography`. Numbers in comments are that page's rules.

    python3 verify.py bundle.json trust.json    prints `valid`, `incomplete` or the first failing code; exits 0, 3, 1 (2: unusable)
    python3 verify.py --corpus corpus.json      judges every case of the corpus; exits 1 if any disagrees
"""
import base64
import functools
import hashlib
import json
import math
import re
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
SIGNER = dict(alert="agent", evidence="agent", proposal="agent", preview="runtime", decision="human",
              execution="runtime", outcome="runtime", handoff="agent")
FOLLOWERS = {None: ["alert"], "alert": ["evidence"], "evidence": ["proposal", "outcome"], "proposal": ["preview"],
             "preview": ["decision", "execution"], "decision": ["execution"], "execution": ["proposal", "outcome"],
             "outcome": ["handoff"], "handoff": []}


class Refused(Exception):
    """A rule that does not hold; its argument is the rule's code."""


def need(holds, code):
    if not holds:
        raise Refused(code)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def units(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def strict_base64(text, url=False):
    """Bytes, or None unless they encode back to the same text."""
    try:
        data = base64.b64decode(text.translate({45: 43, 95: 47}) + "=" * (-len(text) % 4) if url else text, validate=True)
    except ValueError:
        return None
    again = base64.urlsafe_b64encode(data).rstrip(b"=") if url else base64.b64encode(data)
    return data if again.decode() == text else None


# JSON. Python's own parser takes NaN and recurses, so this one keeps its stack on the heap; every number becomes a double.
TOKEN = re.compile(r'[ \t\n\r]*+(?:([][{},:])|(true|false|null)|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)'
                   r'|("(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"))')


def parse_json(text):
    stack, want, at = [], "value", 0
    while want != "end":
        found = TOKEN.match(text, at)
        if not found:
            raise ValueError("not JSON")
        at, (mark, word, number, string) = found.end(), found.groups()
        if string and want in ("name", "first name"):
            stack[-1][1], want = json.loads(string), ":"
            continue
        if mark in (":", ",") and want == mark:
            want = "name" if mark == "," and isinstance(stack[-1][0], dict) else "value"
            continue
        if mark in ("[", "{") and want in ("value", "first value"):
            stack.append([[] if mark == "[" else {}, None])
            want = "first value" if mark == "[" else "first name"
            continue
        if mark in ("]", "}") and want in (",", "first value" if mark == "]" else "first name") \
                and isinstance(stack[-1][0], list if mark == "]" else dict):
            value = stack.pop()[0]
        elif not mark and want in ("value", "first value"):
            value = float(number) if number else json.loads(string or word)
        else:
            raise ValueError("not JSON")
        if stack and isinstance(stack[-1][0], list):
            stack[-1][0].append(value)
        elif stack:
            stack[-1][0][stack[-1][1]] = value
        want = "," if stack else "end"
    if text[at:].strip(" \t\n\r"):
        raise ValueError("not JSON")
    return value


def number_text(x):
    """ECMAScript's Number::toString: the shortest digits, which repr finds too, in ECMAScript's notation."""
    if not math.isfinite(x):
        raise ValueError("not finite")
    shortest = Decimal(repr(x)).normalize()
    return "0" if x == 0 else f"{shortest:f}" if -7 < shortest.adjusted() < 21 else f"{shortest:e}"


def canonical(value, depth=0):
    """RFC 8785 text; the caller encodes it, which refuses lone surrogates."""
    if depth > 64:
        raise ValueError("too deep")
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name], depth + 1)}" for name in names) + "}"
    return json.dumps(value, ensure_ascii=False)


def read_canonical(data, not_utf8, not_json, not_canonical):
    """Parses canonical bytes (§1); the codes are the caller's."""
    code = not_utf8
    try:
        text, code = data.decode(), not_json
        value, code = parse_json(text), not_canonical
        empty = sum(found[1] is not None for found in re.finditer(r'"(?:[^"\\]++|\\.)*+"|(\[\]|\{\})', text))
        need(canonical(value).encode() == data and units(text) + 1 - empty <= 8 * 1024 * 1024, code)
        return value
    except ValueError:
        raise Refused(code) from None


def read_artifact(data, schema, code):
    value = read_canonical(data, code, code, code)
    need(schema(value), code)
    return value


# Schemas: each makes a predicate over a parsed value. Numbers are floats here, so True never passes for 1.
anything = lambda v: True
boolean = lambda v: isinstance(v, bool)
string = lambda most=math.inf: lambda v: isinstance(v, str) and units(v) <= most
text = lambda low, high: lambda v: string(high)(v) and low <= units(v) and not re.search("[\ud800-\udfff]", v)
like = lambda pattern: lambda v: isinstance(v, str) and re.fullmatch(pattern, v) is not None
word = lambda *words: lambda v: isinstance(v, str) and v in words
integer = lambda low=0, high=2**53 - 1: lambda v: isinstance(v, float) and v.is_integer() and low <= v <= high
null_or = lambda schema: lambda v: v is None or schema(v)
array = lambda schema, high=math.inf, low=0: lambda v: isinstance(v, list) and low <= len(v) <= high and all(map(schema, v))
table = lambda name, value: lambda v: isinstance(v, dict) and all(map(name, v)) and all(map(value, v.values()))
strict = lambda **members: lambda v: isinstance(v, dict) and v.keys() == members.keys() and all(members[name](v[name]) for name in v)
instant = lambda v: milliseconds(v) is not None


def milliseconds(v):
    """An instant as milliseconds since the year 0000, or None. Python's years begin at 1, so whole 400-year cycles are moved."""
    if not like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")(v):
        return None
    year, month, day, hour, minute, second, milli = map(int, re.findall("[0-9]+", v))
    try:
        moved = datetime(2000 + year % 400, month, day, hour, minute, second, milli * 1000) - datetime(2000, 1, 1)
    except ValueError:
        return None
    return moved // timedelta(milliseconds=1) + year // 400 * 146097 * 86_400_000


RUN, KID = like("[A-Za-z0-9_-]{1,64}"), like("[A-Za-z0-9_-]{43}")
HEX, DIGEST = like("[0-9a-f]{64}"), like("sha256:[0-9a-f]{64}")
ACTOR = strict(id=text(1, 200), method=text(1, 40))
CHANGES = array(strict(path=text(1, 500), before=null_or(DIGEST), after=DIGEST), 100)
CALL = strict(id=text(1, 200), seq=integer())
TALLY = strict(requests=integer(), failed=integer(), good=integer(), goodFailed=integer())
NOTES = array(text(1, 500), 20)
ENVELOPE = strict(payloadType=string(), payload=string(1_398_104), signatures=array(strict(keyid=KID, sig=string(88)), 1, 1))
STATEMENT = strict(_type=word("https://in-toto.io/Statement/v1"), predicateType=string(), predicate=anything,
                   subject=array(strict(name=string(), digest=strict(sha256=HEX)), 300, 1))
OWN = dict(
    alert=dict(issuer=text(1, 300), source=text(1, 200), title=text(1, 300), firedAt=instant, startedBy=ACTOR,
               continues=null_or(strict(run=RUN, handoff=DIGEST))),
    evidence=dict(items=array(strict(name=text(1, 200), connector=text(1, 100), method=text(1, 100)), 200), summary=text(0, 4000)),
    proposal=dict(revision=integer(1), supersedes=null_or(DIGEST), summary=text(0, 4000), risk=word("low", "medium", "high"),
                  feedback=null_or(strict(text=text(1, 2000), applied=NOTES, notApplied=NOTES))),
    preview=dict(proposal=DIGEST, execution=CALL, changes=CHANGES, expiresAt=instant),
    decision=dict(decision=word("approve", "reject", "request_changes"), proposal=DIGEST, preview=DIGEST, reason=text(0, 2000),
                  reviewer=ACTOR),
    execution=dict(decision=null_or(DIGEST), execution=CALL, status=word("executed", "failed", "withheld"), reason=text(0, 2000),
                   written=boolean, changes=CHANGES, more=boolean, recovered=boolean),
    outcome=dict(execution=null_or(DIGEST), status=word("resolved", "unresolved", "not_run"), reason=text(0, 2000),
                 before=TALLY, after=null_or(TALLY)),
    handoff=dict(outcome=DIGEST))
PREDICATES = {kind: strict(run=RUN, seq=integer(), prev=null_or(DIGEST), kid=KID, issuedAt=instant, policy=DIGEST, **own)
              for kind, own in OWN.items()}
POLICY = strict(version=integer(1, 1), rule=text(0, 2000), connector=text(1, 100), method=text(1, 100),
                decisionSeconds=integer(1, 31_536_000), revisions=integer(1, 1000), separateReviewer=boolean)
ACTION = strict(connector=text(1, 100), method=text(1, 100), args=anything)
WRITE_FILE = strict(path=text(1, 500), content=text(0, 1_000_000), before=null_or(DIGEST))
TRUST = strict(version=integer(1, 1), issuer=text(1, 300), keys=array(strict(
    kty=word("OKP"), crv=word("Ed25519"), x=string(43), kid=KID, role=word("agent", "human", "runtime"),
    notBefore=null_or(instant), notAfter=null_or(instant), revokedAt=null_or(instant)), 1000, 1))
BUNDLE = strict(mediaType=word("application/vnd.countersign.bundle+json;version=1"), run=RUN, receipts=array(anything),
                artifacts=table(string(), string()))
MANIFEST = table(text(1, 500), DIGEST)


# Keys (§6). `cryptography` checks the plain equation, as the page asks, but takes any bytes for a key, so keys are vetted here.
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
    need(TRUST(trust), "ERR_TRUST_POLICY")
    keys = {}
    for key in trust["keys"]:
        data = strict_base64(key["x"], url=True)
        need(data and len(data) == 32 and is_vetted(data) and key["kid"] not in keys, "ERR_TRUST_POLICY")
        member_text = f'{{"crv":"Ed25519","kty":"OKP","x":"{key["x"]}"}}'.encode()
        thumbprint = base64.urlsafe_b64encode(hashlib.sha256(member_text).digest()).rstrip(b"=").decode()
        need(thumbprint == key["kid"], "ERR_TRUST_POLICY")
        keys[key["kid"]] = SimpleNamespace(**key, public=Ed25519PublicKey.from_public_bytes(data))
    return SimpleNamespace(issuer=trust["issuer"], keys=keys)


def open_receipt(envelope, trust):
    need(ENVELOPE(envelope), "ERR_ENVELOPE")  # 1
    need(envelope["payloadType"] == PAYLOAD_TYPE, "ERR_PAYLOAD_TYPE")
    payload = strict_base64(envelope["payload"])
    need(payload is not None, "ERR_BASE64")
    keyid, sig = envelope["signatures"][0]["keyid"], strict_base64(envelope["signatures"][0]["sig"])
    need(sig is not None and len(sig) == 64, "ERR_BASE64")
    key = trust.keys.get(keyid)
    need(key, "ERR_KEY_UNKNOWN")  # 5
    pae = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)
    need(sig[:32] != b"\x01" + bytes(31), "ERR_SIGNATURE")  # 6: an R on which libraries differ
    need(sig[:32] != b"\1" + bytes(31), "ERR_SIGNATURE")  # R is the identity: libraries differ on it
    try:
        key.public.verify(sig, pae)
    except InvalidSignature:
        raise Refused("ERR_SIGNATURE") from None
    value = read_canonical(payload, "ERR_UTF8", "ERR_JSON", "ERR_NOT_CANONICAL")
    need(STATEMENT(value), "ERR_STATEMENT")  # 10
    kind = next((kind for kind in SIGNER if value["predicateType"] == f"urn:countersign:receipt:{kind}:v1"), None)
    need(kind, "ERR_KIND_UNKNOWN")
    need(PREDICATES[kind](value["predicate"]), "ERR_STATEMENT")
    p = SimpleNamespace(**value["predicate"])
    need([subject["name"] for subject in value["subject"]] == subjects_of(kind, p), "ERR_SUBJECTS")
    need(p.kid == keyid, "ERR_KID_MISMATCH")
    need(key.role == SIGNER[kind], "ERR_KEY_ROLE")  # 15
    need(key.revokedAt is None, "ERR_KEY_REVOKED")
    need((key.notBefore or "") <= p.issuedAt < (key.notAfter or "~"), "ERR_KEY_WINDOW")
    subject = {subject["name"]: subject["digest"]["sha256"] for subject in value["subject"]}
    return SimpleNamespace(kind=kind, digest="sha256:" + sha256(pae), subject=subject, p=p)


def subjects_of(kind, p):
    match kind:
        case "alert": return ["alert", "policy"] + ["parent"] * (p.continues is not None)
        case "evidence": return ["code"] + [f"item-{i + 1}" for i in range(len(p.items))]
        case "proposal": return ["action", "code"]
        case "preview": return ["action", "code"] + ["before"] * any(change["before"] for change in p.changes)
        case "decision": return ["action"]
        case "execution": return ["action"] + ["result"] * (p.status == "executed")
        case "outcome": return ["report"]
        case "handoff": return ["summary", "repository"]


class Chain:
    """The fold. `place` takes one opened receipt, or raises and leaves the chain as it was."""

    def __init__(self, trust, artifacts):
        self.trust, self.artifacts = trust, artifacts
        self.run = self.head = self.time = self.last = self.alert = self.policy = self.outcome = self.round = None
        self.count, self.executions, self.consumed, self.writes, self.execution, self.written = 0, set(), set(), {}, None, False

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
        policy = read_artifact(self.artifacts[r.subject["policy"]], POLICY, "ERR_POLICY")
        self.alert, self.policy = r, SimpleNamespace(**policy)

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
        action = read_artifact(self.artifacts[r.subject["action"]], ACTION, "ERR_ACTION")
        need((action["connector"], action["method"]) == (self.policy.connector, self.policy.method), "ERR_NOT_GATED")
        changes, args = [], action["args"]
        if (action["connector"], action["method"]) == ("repository", "write_file"):
            need(WRITE_FILE(args), "ERR_ACTION")
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
        if p.decision == "request_changes":
            need(p.reason != "", "ERR_DECISION_REASON")
            need(opened.p.revision < self.policy.revisions, "ERR_REVISION_LIMIT")
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
        manifest = read_artifact(self.artifacts[r.subject["repository"]], MANIFEST, "ERR_REPOSITORY")
        need(all(digest[7:] in self.artifacts for digest in manifest.values()), "ERR_ARTIFACT_MISSING")
        need(all(manifest.get(path) == digest for path, digest in self.writes.items()), "ERR_REPOSITORY")


def named_artifacts(receipts, artifacts):
    named = set()
    for r in receipts:
        named.update(r.subject.values())
        if r.kind == "handoff":
            try:
                manifest = read_artifact(artifacts.get(r.subject["repository"], b""), MANIFEST, "ERR_REPOSITORY")
                named.update(digest[7:] for digest in manifest.values())
            except Refused:
                pass
    return named


def verify(bundle, trust_policy, run=None):
    """The failures in the order of the report, as (code, seq or None). Raises Refused where the input is unusable."""
    trust = read_trust(trust_policy)
    need(BUNDLE(bundle), "ERR_BUNDLE")
    decoded = {name: strict_base64(item) for name, item in bundle["artifacts"].items()}
    artifacts = {name: data for name, data in decoded.items() if data is not None and sha256(data) == name}
    chain, receipts, failures = Chain(trust, artifacts), [], []
    for seq, envelope in enumerate(bundle["receipts"]):
        try:
            receipts.append(open_receipt(envelope, trust))
            if not failures:
                chain.place(receipts[-1])
        except Refused as refusal:
            failures.append((str(refusal), seq))
    if run not in (None, bundle["run"]):
        failures.insert(0, ("ERR_RUN_UNEXPECTED", None))  # 69
    elif not bundle["receipts"]:
        failures.insert(0, ("ERR_CHAIN_EMPTY", None))
    elif chain.run not in (None, bundle["run"]):
        failures.insert(0, ("ERR_BUNDLE_RUN", None))
    failures += [("ERR_ARTIFACT_ALTERED", None)] * (len(decoded) - len(artifacts))
    if len(receipts) == len(bundle["receipts"]):
        failures += [("ERR_ARTIFACT_UNNAMED", None)] * len(artifacts.keys() - named_artifacts(receipts, artifacts))
    return failures if failures or chain.last == "handoff" else [("ERR_INCOMPLETE", None)]


def judge(bundle, trust_policy):
    """What to print, the exit status, and the receipt at fault."""
    try:
        failures = verify(bundle, trust_policy)
    except Refused as refusal:
        return str(refusal), 2, None
    if not failures:
        return "valid", 0, None
    code, seq = failures[0]
    return ("incomplete", 3, None) if code == "ERR_INCOMPLETE" else (code, 1, seq)


def read_file(path):
    """A file as JSON; what is not JSON fits no schema."""
    with open(path, "rb") as file:
        try:
            return parse_json(file.read().decode("utf-8-sig"))
        except ValueError:
            return None


def resolved(value, shared):
    """The value with every {"$ref": n} in it replaced by shared[n]."""
    match value:
        case {"$ref": place, **rest} if not rest: return resolved(shared[int(place)], shared)
        case dict(): return {name: resolved(member, shared) for name, member in value.items()}
        case list(): return [resolved(item, shared) for item in value]
    return value


def judge_corpus(path):
    """Large values stand once and are referred to; README.md beside this file has the format."""
    corpus = read_file(path)
    cases, wrong = corpus["cases"], 0
    for case in cases:
        expect = case["expect"]
        wanted = expect.get("unusable") or expect["code"] or expect["verdict"], expect.get("seq")
        status = 2 if "unusable" in expect else dict(valid=0, invalid=1, incomplete=3)[expect["verdict"]]
        said, got, seq = judge(*(resolved(case[name], corpus["shared"]) for name in ("bundle", "trust")))
        if (said, seq, got) != (*wanted, status):
            wrong += 1
            print(f"{case['name']}: expected {wanted}, got {(said, seq)}")
    print(f"{len(cases)} cases, {len(cases) - wrong} agree")
    return 1 if wrong or not cases else 0


def main(arguments):
    try:
        match arguments:
            case ["--corpus", corpus]:
                return judge_corpus(corpus)
            case [bundle, trust]:
                said, status, _ = judge(read_file(bundle), read_file(trust))
                print(said)
                return status
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
