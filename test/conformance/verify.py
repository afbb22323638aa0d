#!/usr/bin/env python3
"""A second implementation of docs/receipts.md, for Python 3.11 with `cryptography`. Numbers in comments are that page's rules.
canonical.py beside it reads and spells JSON, signatures.py checks signatures.

    python3 verify.py bundle.json trust.json [--run <run id>] [--head <seq>:<digest>]

prints `valid`, `incomplete`, or the first failing code and the receipt at fault; exits 0, 3 or 1, and 2 for unusable input.

    python3 verify.py --serve

reads one JSON value a line, {"bundle", "trust"} or a case of the corpus, and answers with one line of JSON for each.
"""
import argparse, base64, hashlib, json, re, sys
from collections import Counter
from types import SimpleNamespace
from urllib.parse import quote
from canonical import Refused, canonicalize, milliseconds, need, read_canonical, read_document, sha256, spell, strict_base64, units
from log import holds, read_log_policy
from signatures import holds_ed25519, is_vetted, read_assertion, read_credential, read_jwk, read_ssh_key

# §2–§7 What objects hold. Types: 1-200 text of so many units; # integer (from-to); =a|b one of these words; any; bool; a pattern of
# PATTERNS or another object; type* an array (of from-to); type? or null; a+b either. The eight kinds have the frame in front.

NAME = "[A-Za-z_][A-Za-z0-9_]*"
PATTERNS = dict(run="[A-Za-z0-9_-]{1,64}", kid="[A-Za-z0-9_-]{43}", hex="[0-9a-f]{64}", digest="sha256:[0-9a-f]{64}",
                state="sha256:[0-9a-f]{64}|unknown", before=rf"\${NAME}|read|absent|unknown", after=rf"\${NAME}|absent|unknown")
FRAME = "run:run seq:# prev:digest? kid:kid issuedAt:instant policy:digest "
KINDS = dict(  # who signs, own fields
    alert=("runtime", "issuer:1-300 source:1-200 title:1-300 firedAt:instant startedBy:actor continues:continued?"),
    evidence=("agent", "planner:1-200 items:item*0-200 summary:0-4000 transcript:digest?"),
    proposal=("agent", "author:author revision:#1- supersedes:digest? reverts:digest? title:1-120 summary:0-4000"
                       " risk:=low|medium|high feedback:feedback?"),
    preview=("runtime", "proposal:digest execution:call? effects:effect*0-100 plan:digest? checks:rehearsed*0-50 expiresAt:instant"),
    decision=("human", "decision:=approve|reject|request_changes proposal:digest preview:digest reason:0-2000 reviewer:actor"
                       " role:1-40 edit:digest? assertion:=webauthn|ssh?"),
    execution=("runtime", "decision:digest? execution:call? status:=executed|failed|withheld|unknown reason:0-2000 more:bool"
                          " recovered:bool"),
    outcome=("runtime", "execution:digest? status:=resolved|unresolved|unmeasured|not_run reason:0-2000 checks:measured*0-50"),
    handoff=("agent", "outcome:digest"))
WINDOW = "notBefore:instant? notAfter:instant?"
OBJECTS = dict(
    {kind: FRAME + own for kind, (_, own) in KINDS.items()},
    actor="id:1-200 method:1-40", author="kind:=agent|reviewer id:1-200", call="id:1-200 seq:#", count="total:# failed:#",
    effect="resource:1-1000 before:state? after:state?", item="name:1-200 connector:1-100 method:1-100",
    continued="run:run handoff:digest", feedback="text:1-2000 applied:1-500*0-20 notApplied:1-500*0-20",
    rehearsed="name:1-100 before:count rehearsed:count?", measured="name:1-100 before:count after:count?",
    ACTION="connector:1-100 method:1-100 args:any",
    POLICY="version:#2-2 domain:1-100 rule:0-2000 effects:entry*0-500 free:free*0-500 decisionSeconds:#1-31536000 revisions:#1-1000"
           " approvals:approval*1-10 separateReviewer:bool reviewerKey:=optional|required|present logged:=no|decisions",
    entry="connector:1-100 method:1-100 own:bool effects:template*0-100", free="connector:1-100 method:1-100",
    template="resource:1-1000 before:before after:after", approval="role:1-40 count:#1-20",
    ENVELOPE="payloadType:string payload:string1398104 signatures:signature*1-1", signature="keyid:kid sig:string88",
    STATEMENT="_type:=https://in-toto.io/Statement/v1 subject:subject*1-300 predicateType:string predicate:any",
    subject="name:string digest:sha256", sha256="sha256:hex",
    TRUST="version:#2-2 issuer:1-300 keys:key*1-1000 reviewers:reviewer*0-1000 policies:digest*0-1000? log:1-100000?",
    key=f"kty:=OKP crv:=Ed25519 x:string43 kid:kid role:=agent|human|runtime {WINDOW} revokedAt:instant?",
    reviewer="id:1-200 roles:role*0-20 keys:webauthnKey+sshKey*0-20", role=f"role:1-40 {WINDOW}",
    webauthnKey=f"type:=webauthn credential:string publicKey:jwk rpId:1-253 origins:1-300*1-20 {WINDOW} revokedAt:instant?",
    sshKey=f"type:=ssh publicKey:string {WINDOW} revokedAt:instant?", jwk="kty:=EC crv:=P-256 x:string43 y:string43",
    WEBAUTHN="type:=webauthn credential:string publicKey:jwk authenticatorData:string clientDataJSON:string signature:string",
    SSH="type:=ssh publicKey:string signature:string",
    BUNDLE="mediaType:=application/vnd.countersign.bundle+json;version=2 run:run receipts:any*0-100000 artifacts:ARTIFACTS anchors:anchor*0-100000",
    anchor="seq:# proof:string100000")
OBJECTS = {name: dict(member.split(":", 1) for member in members.split()) for name, members in OBJECTS.items()}


def fits(v, shape):
    if shape.endswith("?"):
        return v is None or fits(v, shape[:-1])
    if shape.startswith("="):
        return isinstance(v, str) and v in shape[1:].split("|")
    if "*" in shape:
        of, low, high = re.fullmatch(r"(.+)\*(\d+)-(\d+)", shape).groups()
        return isinstance(v, list) and int(low) <= len(v) <= int(high) and all(fits(item, of) for item in v)
    if "+" in shape:
        return any(fits(v, each) for each in shape.split("+"))
    if shape in OBJECTS:
        members = OBJECTS[shape]
        return isinstance(v, dict) and v.keys() == members.keys() and all(fits(v[name], members[name]) for name in v)
    if shape == "MANIFEST":
        return isinstance(v, dict) and all(fits(name, "1-1000") and fits(digest, "digest") for name, digest in v.items())
    if shape == "ARTIFACTS":
        return isinstance(v, dict) and len(v) <= 100_000 and all(isinstance(text, str) for text in v.values())
    if shape in ("any", "bool", "null"):
        return shape == "any" or isinstance(v, bool if shape == "bool" else type(None))
    if shape.startswith("#"):
        low, _, high = shape[1:].partition("-")
        return isinstance(v, float) and v.is_integer() and int(low or 0) <= v <= int(high or 2**53 - 1)
    if not isinstance(v, str):
        return False
    if shape == "instant" or shape in PATTERNS:
        return milliseconds(v) is not None if shape == "instant" else re.fullmatch(PATTERNS[shape], v) is not None
    if shape.startswith("string"):
        return units(v) <= int(shape[6:] or sys.maxsize)
    low, high = map(int, shape.split("-"))
    return low <= units(v) <= high and not re.search("[\ud800-\udfff]", v)


def read_artifact(data, shape, code):
    value = read_canonical(data, code, code, code)
    need(fits(value, shape), code)
    return value


def subjects_of(kind, p):
    """§4: the names of a receipt's subjects, in order."""
    if kind == "alert":
        return ["alert", "policy"] + ["parent"] * (p.continues is not None)
    if kind == "evidence":
        return ["code"] + [f"item-{i + 1}" for i in range(len(p.items))] + ["transcript"] * (p.transcript is not None)
    if kind == "proposal":
        return ["action"] + ["code"] * (p.author["kind"] == "agent")
    if kind == "preview":
        before = [f"before-{i + 1}" for i, effect in enumerate(p.effects) if fits(effect["before"], "digest")]
        return ["action"] + ["code"] * (p.execution is not None) + before + ["plan"] * (p.plan is not None) + ["report"] * bool(p.checks)
    if kind == "decision":
        return ["action"] + ["edit"] * (p.edit is not None) + ["intent", "assertion"] * (p.assertion is not None)
    if kind == "execution":
        return ["action"] + ["result"] * (p.status == "executed")
    return ["report"] if kind == "outcome" else ["summary", "resources"]


# §5.1, §5.2 The policy, and what a call changes

PLACEHOLDER = re.compile(r"\{(\+?)(" + NAME + r")\}")  # splits into text, (plus, name, text)…


def is_template(resource):
    pieces = PLACEHOLDER.split(resource)
    texts, pluses = pieces[::3], pieces[1::3]
    return not any(re.search("[{}]", text) for text in texts) and all(re.search(r"[:/?#\[\]@!$&'()*+,;=]", text) for text in texts[1:-1]) \
        and "+" not in pluses[:-1] and not (pluses[-1:] == ["+"] and texts[-1])


def read_policy(data):
    policy = read_artifact(data, "POLICY", "ERR_POLICY")
    call = lambda each: (each["connector"], each["method"])
    entries, free = {call(each): each for each in policy["effects"]}, {call(each) for each in policy["free"]}
    approvals = {each["role"]: each["count"] for each in policy["approvals"]}
    need(len(entries.keys() | free) == len(policy["effects"]) + len(policy["free"]), "ERR_POLICY")
    need(len(approvals) == len(policy["approvals"]), "ERR_POLICY")
    need(all(is_template(each["resource"]) for entry in entries.values() for each in entry["effects"]), "ERR_POLICY")
    return SimpleNamespace(**policy | dict(entries=entries, free=free, approvals=approvals))


def expand(policy, action, code):
    """The effects of an action, as (resource, before, after). A `before` of "read" is the runtime's to say."""
    args, entry = action["args"], policy.entries.get((action["connector"], action["method"]), dict(effects=[]))

    def argument(name):
        need(isinstance(args, dict) and name in args, code)
        return args[name]

    def resource_of(template):
        text, *rest = PLACEHOLDER.split(template)
        for plus, name, following in zip(rest[::3], rest[1::3], rest[2::3]):
            v = argument(name)
            need(isinstance(v, (str, bool)) or isinstance(v, float) and v.is_integer() and abs(v) < 2**53, code)
            said = v if isinstance(v, str) else canonicalize(v)
            text += (said if plus else quote(said, safe="")) + following
        need(fits(text, "1-1000"), code)
        return text

    def before_of(said):
        if not said.startswith("$"):
            return None if said == "absent" else said
        need(fits(argument(said[1:]), "digest?"), code)
        return argument(said[1:])

    def after_of(said):
        v = argument(said[1:]) if said.startswith("$") else None
        if v is None:
            return "unknown" if said == "unknown" else None
        return "sha256:" + sha256(v.encode() if isinstance(v, str) else spell(v))

    effects = [(resource_of(each["resource"]), before_of(each["before"]), after_of(each["after"])) for each in entry["effects"]]
    need(len({resource for resource, _, _ in effects}) == len(effects), code)
    return effects


# §6.1 The trust policy

def in_window(instant, window):
    return (window["notBefore"] or "") <= instant < (window["notAfter"] or "~")


def read_trust(trust):
    need(fits(trust, "TRUST"), "ERR_TRUST_POLICY")
    keys, listed = {}, []  # listed: of each key its material and (the reviewer's id, the entry)
    for key in trust["keys"]:
        data = strict_base64(key["x"], url=True)
        jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{key["x"]}"}}'
        need(data and is_vetted(data), "ERR_TRUST_POLICY")
        need(strict_base64(key["kid"], url=True) == hashlib.sha256(jwk.encode()).digest(), "ERR_TRUST_POLICY")
        keys[key["kid"]] = SimpleNamespace(**key, public=data)
        listed.append((data, (None, key)))
    reviewers = {each["id"]: each for each in trust["reviewers"]}
    credentials = [key["credential"] for each in trust["reviewers"] for key in each["keys"] if key["type"] == "webauthn"]
    try:
        for credential in credentials:
            read_credential(credential)
        for each in trust["reviewers"]:
            for key in each["keys"]:
                material = read_jwk(key["publicKey"]) if key["type"] == "webauthn" else read_ssh_key(key["publicKey"]).material
                listed.append((material, (each["id"], key)))
    except ValueError:
        raise Refused("ERR_TRUST_POLICY") from None
    need(len(dict(listed)) == len(listed) and len(set(credentials)) == len(credentials), "ERR_TRUST_POLICY")
    need(len(reviewers) == len(trust["reviewers"]), "ERR_TRUST_POLICY")
    policies = None if trust["policies"] is None else set(trust["policies"])
    log = None if trust["log"] is None else read_log_policy(trust["log"])
    return SimpleNamespace(issuer=trust["issuer"], keys=keys, listed=dict(listed), reviewers=reviewers, policies=policies, log=log)


def holds_role(trust, reviewer, role, instant):
    if reviewer not in trust.reviewers:
        return role == "reviewer"
    return any(each["role"] == role and in_window(instant, each) for each in trust.reviewers[reviewer]["roles"])


# §8.1 Opening an envelope

def decode_envelope(envelope):
    need(fits(envelope, "ENVELOPE"), "ERR_ENVELOPE")  # 1
    need(envelope["payloadType"] == "application/vnd.in-toto+json", "ERR_PAYLOAD_TYPE")  # 2
    payload, (signature,) = strict_base64(envelope["payload"]), envelope["signatures"]
    sig = strict_base64(signature["sig"])
    need(payload is not None, "ERR_BASE64")  # 3
    need(sig is not None and len(sig) == 64, "ERR_BASE64")  # 4
    return payload, signature["keyid"], sig


def read_statement(payload):
    value = read_canonical(payload, "ERR_UTF8", "ERR_JSON", "ERR_NOT_CANONICAL")  # 7–9
    need(fits(value, "STATEMENT"), "ERR_STATEMENT")  # 10
    kind = next((kind for kind in KINDS if value["predicateType"] == f"urn:countersign:receipt:{kind}:v2"), None)
    need(kind, "ERR_KIND_UNKNOWN")  # 11
    need(fits(value["predicate"], kind), "ERR_STATEMENT")  # 12
    p, subject = SimpleNamespace(**value["predicate"]), {each["name"]: each["digest"]["sha256"] for each in value["subject"]}
    need([each["name"] for each in value["subject"]] == subjects_of(kind, p), "ERR_SUBJECTS")  # 13
    return SimpleNamespace(kind=kind, subject=subject, p=p)


def open_receipt(envelope, trust):
    payload, keyid, sig = decode_envelope(envelope)
    need(keyid in trust.keys, "ERR_KEY_UNKNOWN")  # 5
    key, pae = trust.keys[keyid], b"DSSEv1 28 application/vnd.in-toto+json %d %s" % (len(payload), payload)
    need(holds_ed25519(key.public, sig, pae), "ERR_SIGNATURE")  # 6
    r = read_statement(payload)
    need(r.p.kid == keyid, "ERR_KID_MISMATCH")  # 14
    need(key.role == KINDS[r.kind][0], "ERR_KEY_ROLE")  # 15
    need(key.revokedAt is None, "ERR_KEY_REVOKED")  # 16
    need(in_window(r.p.issuedAt, vars(key)), "ERR_KEY_WINDOW")  # 17
    need(r.kind != "alert" or r.p.issuer == trust.issuer, "ERR_ISSUER")  # 18
    r.digest = "sha256:" + sha256(spell(envelope))
    return r


# §8.2–§8.7 Placing a receipt

FOLLOWERS = {None: ["alert"], "alert": ["evidence"], "evidence": ["evidence", "proposal", "outcome"], "proposal": ["preview"],
             "preview": ["decision", "execution"], "decision": ["decision", "execution"],
             "execution": ["evidence", "proposal", "outcome"], "outcome": ["handoff"]}


class Round:
    """The newest proposal with what came after it. `approvals` are the approving decisions, `settled` is the settling one."""

    def __init__(self, proposal, action, own, effects, before):
        self.proposal, self.action, self.own, self.effects = proposal, action, own, effects
        self.before = before  # the round that this one goes on from
        self.preview = self.settled = self.execution = None
        self.approvals = []

    @property
    def sent_back(self):
        """The settling decision, if it asked for changes."""
        return self.settled if self.settled and self.settled.p.decision == "request_changes" else None

    @property
    def goes_on(self):
        return self.execution is not None and self.execution.p.more

    @property
    def status(self):
        return self.execution and self.execution.p.status


class Chain:
    """The fold. `place` takes one opened receipt, or raises and leaves the chain as it was."""

    def __init__(self, trust, artifacts):
        self.trust, self.artifacts = trust, artifacts
        self.run = self.head = self.time = self.last = self.alert = self.policy = self.planner = self.outcome = self.manifest = None
        self.count, self.rounds, self.executions = 0, [], set()

    @property
    def round(self):
        return self.rounds[-1] if self.rounds else None

    @property
    def took_effect(self):
        """Whether anything was executed, or may have been."""
        return any(each.status in ("executed", "unknown") for each in self.rounds)

    def read(self, r, subject, shape, code):
        return read_artifact(self.artifacts[r.subject[subject]], shape, code)

    def follows(self, kind):
        if self.last == "decision" and kind == "decision":
            return not self.round.settled
        if self.last == "execution" and kind == "evidence":
            return self.round.sent_back
        return kind in FOLLOWERS[self.last]

    def place(self, r):
        p = r.p
        need(self.run in (None, p.run), "ERR_RUN")  # 19
        need(p.seq == self.count, "ERR_SEQ")  # 20
        need(p.prev == self.head, "ERR_PREV")  # 21
        need(self.alert is None or p.policy == self.alert.p.policy, "ERR_POLICY_CHANGED")  # 22
        need(self.time is None or p.issuedAt >= self.time, "ERR_TIME_BACKWARDS")  # 23
        need(self.last != "handoff", "ERR_AFTER_HANDOFF")  # 24
        need(self.follows(r.kind), "ERR_KIND_ORDER")  # 25
        need(all(digest in self.artifacts for digest in r.subject.values()), "ERR_ARTIFACT_MISSING")  # 26
        getattr(self, r.kind + "_")(r, p)
        self.run, self.time, self.head, self.last, self.count = p.run, p.issuedAt, r.digest, r.kind, self.count + 1

    def alert_(self, r, p):
        need(p.policy == "sha256:" + r.subject["policy"], "ERR_POLICY_CHANGED")  # 27
        policy = read_policy(self.artifacts[r.subject["policy"]])  # 28
        need(self.trust.policies is None or p.policy in self.trust.policies, "ERR_POLICY")  # 29
        self.alert, self.policy = r, policy

    def evidence_(self, r, p):
        need(all((item["connector"], item["method"]) in self.policy.free for item in p.items), "ERR_NOT_FREE")  # 30
        need(p.transcript is None or p.transcript == "sha256:" + r.subject["transcript"], "ERR_SUBJECTS")  # 31
        self.planner = p.planner

    def proposal_(self, r, p):
        last = self.round
        back, on = last and last.sent_back, last and last.goes_on
        need(not last or back or on, "ERR_ROUND_NOT_DUE")  # 32
        need(p.revision == (last.proposal.p.revision + 1 if back else 1), "ERR_REVISION")  # 33
        need(p.supersedes == (last.proposal.digest if back else None), "ERR_SUPERSEDES")  # 34
        need((p.feedback and p.feedback["text"]) == (back and back.p.reason or None), "ERR_FEEDBACK")  # 35
        need(not on or "code" in r.subject and r.subject["code"] == last.proposal.subject["code"], "ERR_CODE")  # 36
        action = self.read(r, "action", "ACTION", "ERR_ACTION")  # 37
        call, edited = (action["connector"], action["method"]), back and back.p.edit
        need(call not in self.policy.free, "ERR_NOT_GATED")  # 38
        need(not edited or edited == "sha256:" + r.subject["action"], "ERR_EDIT")  # 39
        need(p.reverts is None or not last and self.alert.p.continues, "ERR_REVERTS")  # 40
        author = back.p.reviewer["id"] if edited else self.alert.p.startedBy["id"] if p.reverts else None
        need(p.author == (dict(kind="agent", id=self.planner) if author is None else dict(kind="reviewer", id=author)), "ERR_AUTHOR")  # 41
        effects = expand(self.policy, action, "ERR_EFFECTS")  # 42
        own = call in self.policy.entries and self.policy.entries[call]["own"]
        self.rounds.append(Round(r, action, own, effects, last if on else None))

    def preview_(self, r, p):
        opened, call, before = self.round.proposal, p.execution, self.round.before
        need(p.proposal == opened.digest, "ERR_PROPOSAL")  # 43
        need(r.subject["action"] == opened.subject["action"], "ERR_ACTION_MISMATCH")  # 44
        need(r.subject.get("code") == opened.subject.get("code"), "ERR_CODE")  # 45
        if before:
            held = before.preview.p.execution
            need(call and call["id"] == held["id"] and call["seq"] > held["seq"], "ERR_EXECUTION_ID")  # 46
        else:
            need(call is None or call["id"] not in self.executions, "ERR_EXECUTION_ID")  # 46
        need(milliseconds(p.expiresAt) - milliseconds(p.issuedAt) <= self.policy.decisionSeconds * 1000, "ERR_EXPIRY")  # 47
        need(len(p.effects) == len(self.round.effects), "ERR_EFFECTS")  # 48
        for effect, (resource, before, after) in zip(p.effects, self.round.effects):
            need((effect["resource"], effect["after"]) == (resource, after), "ERR_EFFECTS")  # 48
            need(fits(effect["before"], "digest?") if before == "read" else effect["before"] == before, "ERR_EFFECTS")  # 48
        for i, effect in enumerate(p.effects):
            subject = r.subject.get(f"before-{i + 1}")
            need(subject is None or effect["before"] == "sha256:" + subject, "ERR_EFFECTS")  # 49
        need(p.plan is None or p.plan == "sha256:" + r.subject["plan"], "ERR_SUBJECTS")  # 50
        check_counts(p.checks, "rehearsed")  # 51
        self.executions |= {call["id"]} if call else set()
        self.round.preview = r

    def decision_(self, r, p):
        opened, preview, policy, round = self.round.proposal, self.round.preview, self.policy, self.round
        reviewer, approves, changes, key = p.reviewer["id"], p.decision == "approve", p.decision == "request_changes", None
        need(p.proposal == opened.digest, "ERR_PROPOSAL")  # 52
        need(p.preview == preview.digest, "ERR_PREVIEW")  # 53
        need(r.subject["action"] == opened.subject["action"], "ERR_ACTION_MISMATCH")  # 54
        need(p.issuedAt < preview.p.expiresAt, "ERR_DECISION_LATE")  # 55
        if approves:
            started, wrote = reviewer == self.alert.p.startedBy["id"], opened.p.author == dict(kind="reviewer", id=reviewer)
            need(not (started and policy.separateReviewer), "ERR_REVIEWER")  # 56
            need(not (wrote and (policy.separateReviewer or sum(policy.approvals.values()) > 1)), "ERR_REVIEWER")  # 56
        need(not changes or p.edit or p.reason, "ERR_DECISION_REASON")  # 57
        need(not changes or opened.p.revision < policy.revisions, "ERR_REVISION_LIMIT")  # 58
        need(p.role in policy.approvals and holds_role(self.trust, reviewer, p.role, p.issuedAt), "ERR_ROLE")  # 59
        if approves:
            need(round_count(round)[p.role] < policy.approvals[p.role], "ERR_APPROVALS")  # 60
            need(reviewer not in [each.p.reviewer["id"] for each in round.approvals], "ERR_APPROVALS")  # 60
        if p.edit is not None:
            need(p.edit == "sha256:" + r.subject["edit"], "ERR_SUBJECTS")  # 61
            need(changes and r.subject["edit"] != opened.subject["action"], "ERR_EDIT")  # 62
            action = self.read(r, "edit", "ACTION", "ERR_EDIT")
            need(all(action[name] == round.action[name] for name in ("connector", "method")), "ERR_EDIT")
            expand(policy, action, "ERR_EDIT")
        if p.assertion is not None:
            key = self.check_assertion(r, p)  # 63–65
        asked = policy.reviewerKey
        need(asked == "optional" or key and key.listed and (asked == "required" or key.presence), "ERR_REVIEWER_KEY")  # 66
        r.material = key and key.material
        need(not approves or not key or key.material not in [each.material for each in round.approvals], "ERR_APPROVALS")  # 67
        round.approvals += [r] * approves
        if not approves or dict(round_count(round)) == policy.approvals:
            round.settled = r

    def check_assertion(self, r, p):
        intent, reviewer = self.artifacts[r.subject["intent"]], p.reviewer["id"]
        said = dict(type="countersign.decision", version=2.0, issuer=self.alert.p.issuer, run=p.run, proposal=p.proposal,
                    preview=p.preview, action="sha256:" + r.subject["action"], edit=p.edit, decision=p.decision, reason=p.reason,
                    reviewer=reviewer, role=p.role)
        need(intent == spell(said), "ERR_INTENT")  # 63
        assertion = self.read(r, "assertion", p.assertion.upper(), "ERR_ASSERTION")
        key = read_assertion(assertion, intent)
        owner, entry = self.trust.listed.get(key and key.material, (None, None))
        need(key, "ERR_ASSERTION")  # 64
        if entry and entry.get("type") == p.assertion == "webauthn":
            need(key.origin in entry["origins"] and key.party == hashlib.sha256(entry["rpId"].encode()).digest(), "ERR_ASSERTION")  # 64
        need(entry or reviewer not in self.trust.reviewers, "ERR_REVIEWER_KEY")  # 65
        if entry:
            name = dict(webauthn="credential", ssh="publicKey")[p.assertion]
            need(owner == reviewer and entry["type"] == p.assertion and entry[name] == assertion[name], "ERR_REVIEWER_KEY")  # 65
            need(entry["revokedAt"] is None and in_window(p.issuedAt, entry), "ERR_REVIEWER_KEY")  # 65
        key.listed = entry is not None
        return key

    def execution_(self, r, p):
        settled, preview = self.round.settled, self.round.preview.p
        approved = settled is not None and settled.p.decision == "approve"
        need(p.decision == (settled.digest if settled else None), "ERR_DECISION")  # 68
        need(r.subject["action"] == self.round.proposal.subject["action"], "ERR_ACTION_MISMATCH")  # 69
        need(p.execution == preview.execution, "ERR_EXECUTION_ID")  # 70
        need((p.status != "withheld") == approved, "ERR_EXECUTION_STATUS")  # 71
        need(settled or p.issuedAt >= preview.expiresAt, "ERR_EXECUTION_EARLY")  # 72
        need(not p.more or p.status == "executed" and p.execution is not None, "ERR_MORE")  # 73
        self.round.execution = r

    def outcome_(self, r, p):
        last, first = (self.rounds[place] if self.rounds else None for place in (-1, 0))
        need(p.execution == (last.execution.digest if last else None), "ERR_OUTCOME_EXECUTION")  # 74
        check_counts(p.checks, "after")  # 75
        before = [(check["name"], check["before"]) for check in p.checks]
        need(not first or before == [(check["name"], check["before"]) for check in first.preview.p.checks], "ERR_CHECKS")  # 75
        afters = [check["after"] for check in p.checks]
        need(self.took_effect or not any(afters), "ERR_CHECKS")  # 75
        status = "not_run" if not self.took_effect else "unmeasured" if not afters or None in afters \
            else "resolved" if all(after["failed"] == 0 for after in afters) else "unresolved"
        need(p.status == status, "ERR_OUTCOME_STATUS")  # 76
        self.outcome = r

    def handoff_(self, r, p):
        need(p.outcome == self.outcome.digest, "ERR_HANDOFF_OUTCOME")  # 77
        manifest = self.read(r, "resources", "MANIFEST", "ERR_RESOURCES")  # 78
        need(all(digest[7:] in self.artifacts for digest in manifest.values()), "ERR_ARTIFACT_MISSING")  # 79
        need(agrees(manifest, learn({}, self.rounds)), "ERR_RESOURCES")  # 80
        self.manifest = manifest


def round_count(round):
    """How many have approved in each role."""
    return Counter(each.p.role for each in round.approvals)


def check_counts(checks, second):
    need(len({check["name"] for check in checks}) == len(checks), "ERR_CHECKS")
    counts = [count for check in checks for count in (check["before"], check[second]) if count is not None]
    need(all(count["failed"] <= count["total"] for count in counts), "ERR_CHECKS")


def learn(known, rounds):
    """What is known of resources after rounds of `own` calls: a digest, or None where nothing is there."""
    for each in rounds:
        if each.own and each.status in ("executed", "unknown"):
            for effect in each.preview.p.effects:
                known.pop(effect["resource"], None)
                if each.status == "executed" and effect["after"] != "unknown":
                    known[effect["resource"]] = effect["after"]
    return known


def agrees(manifest, known):
    return all(manifest.get(resource) == state for resource, state in known.items())


# §8.8 The bundle as a whole

def manifest_of(r, artifacts):
    """The manifest of a handoff, empty where it is not at hand or does not fit."""
    try:
        return read_artifact(artifacts.get(r.subject["resources"], b""), "MANIFEST", "ERR_RESOURCES")
    except Refused:
        return {}


HEAD = f"(0|[1-9][0-9]{{0,15}}):({PATTERNS['digest']})"


def judge(bundle, trust, run=None, head=None):
    """The failures in the order of the report (§9), as (code, seq or None), and what was read; None for what could not be opened."""
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
             (chain.run in (None, bundle["run"]), "ERR_BUNDLE_RUN"))  # 81–83
    failures = [(code, None) for true, code in rules if not true][:1] + failures
    if head is not None:
        place, digest = head.split(":", 1)
        at = receipts[int(place)] if int(place) < len(receipts) else None
        failures += [] if at and at.digest == digest else [("ERR_HEAD", None)]  # 84
    failures += [("ERR_ARTIFACT_ALTERED", None)] * (len(decoded) - len(artifacts))  # 85
    if all(receipts):
        named = {digest for r in receipts for digest in r.subject.values()}
        manifests = {r.subject["resources"]: r for r in receipts if r.kind == "handoff"}
        named |= {digest[7:] for r in manifests.values() for digest in manifest_of(r, artifacts).values()}
        failures += [("ERR_ARTIFACT_UNNAMED", None)] * len(artifacts.keys() - named)  # 86
    if trust.log and all(receipts) and chain.count == len(receipts) and not is_anchored(bundle["anchors"], chain, receipts):
        failures.append(("ERR_ANCHOR", None))  # 96, 97
    if not failures and chain.last != "handoff":
        failures = [("ERR_INCOMPLETE", None)]  # 87
    return SimpleNamespace(bundle=bundle, trust=trust, failures=failures, receipts=receipts, chain=chain)


def is_anchored(anchors, chain, receipts):
    """§13: whether each anchor holds (96), and there is one where the policy asks for it (97)."""
    settling = {each.settled.p.seq: each for each in chain.rounds if each.settled}
    seen = set()
    for anchor in anchors:
        r = receipts[int(anchor["seq"])] if anchor["seq"] < len(receipts) else None
        decided = r is not None and r.p.seq in settling
        if not r or anchor["seq"] in seen or not (decided or r.kind == "handoff"):
            return False
        reviewer = r.p.reviewer["id"] if decided else None
        entry = dict(issuer=chain.alert.p.issuer, run=r.p.run, seq=r.p.seq, kind=r.kind, reviewer=reviewer, receipt=r.digest)
        if not holds(chain.trust.log, spell(entry), anchor["proof"]):
            return False
        seen.add(anchor["seq"])
    made = [seq for seq, each in settling.items() if each.status in ("executed", "unknown")]
    return chain.policy is None or chain.policy.logged == "no" or seen.issuperset(made)


def verify(bundle, trust, run=None, head=None):
    """The failures, of a bundle and a trust policy as `read_document` gives them. Raises Refused where one is unusable."""
    trust = read_trust(trust)
    need(fits(bundle, "BUNDLE"), "ERR_BUNDLE")
    return judge(bundle, trust, run, head).failures


# §12 Following a run to the one it continues

def follow(bundle, trusts, parents=(), run=None, head=None):
    """The failures of the run, then of each before it. `trusts` are its own policy and those of further issuers. Raises Refused where the
    input is unusable."""
    trusts = [read_trust(trust) for trust in trusts]
    issuers = {trust.issuer: trust for trust in trusts}
    need(len(issuers) == len(trusts), "ERR_TRUST_POLICY")
    need(all(fits(each, "BUNDLE") for each in (*parents, bundle)), "ERR_BUNDLE")
    held = [(parent["run"], spell(parent)) for parent in parents]
    runs, links, named = [judge(bundle, trusts[0], run, head)], [], set()
    while continues(runs[-1]):
        child, alert = runs[-1], runs[-1].receipts[0]
        named.add(alert.p.continues["run"])
        try:
            data = take_parent(child.bundle, alert, held)
            need(data is not None, "ERR_PARENT_BUNDLE")  # 88
            parent = read_artifact(data, "BUNDLE", "ERR_PARENT_BUNDLE")  # 88
            trust = trust_for(parent, child.trust, issuers)
            need(trust, "ERR_PARENT_ISSUER")  # 89
        except Refused as refusal:
            child.failures.append((str(refusal), None))
            break
        runs.append(judge(parent, trust))
        links.append(sha256(data) == alert.subject["parent"])
    for child, parent, link in reversed(list(zip(runs, runs[1:], links))):
        try:
            check_link(child, parent, link)
        except Refused as refusal:
            child.failures.append((str(refusal), None))
    need({parent["run"] for parent in parents} <= named or verdict(runs[0].failures) == "invalid", "ERR_BUNDLE")
    return [each.failures for each in runs]


def continues(judged):
    first = judged.receipts[0] if judged.receipts else None
    return first and first.kind == "alert" and first.p.continues


def take_parent(bundle, alert, held):
    """The bytes of the parent: of those that are held, which loses it, else the bundle's own; None where there are none."""
    digest, run = alert.subject["parent"], alert.p.continues["run"]
    taken = next((each for each in held if each[1] and sha256(each[1]) == digest), None) \
        or next((each for each in reversed(held) if each[0] == run), None)
    if not taken:
        return strict_base64(bundle["artifacts"].get(digest, "!"))
    held[:] = [each for each in held if each is not taken and (not each[1] or each[1] != taken[1])]
    return taken[1]


def trust_for(parent, own, issuers):
    try:
        need(parent["receipts"], "ERR_CHAIN_EMPTY")
        first = read_statement(decode_envelope(parent["receipts"][0])[0])
    except Refused:
        return own  # which says what is wrong
    return issuers.get(first.p.issuer) if first.kind == "alert" else own


def check_link(child, parent, is_bound):
    link, rounds = child.receipts[0].p.continues, child.chain.rounds
    need(is_bound, "ERR_PARENT_BUNDLE")  # 90
    need(not parent.failures, "ERR_PARENT_INVALID")  # 91
    need(parent.bundle["run"] == link["run"], "ERR_PARENT_RUN")  # 92
    need(parent.chain.head == link["handoff"], "ERR_PARENT_HANDOFF")  # 93
    known = dict(parent.chain.manifest)
    for each in rounds:
        for effect in each.preview.p.effects if each.own and each.preview else []:
            need(effect["before"] in ("unknown", known.get(effect["resource"], effect["before"])), "ERR_PARENT_RESOURCES")  # 94
        learn(known, [each])
    need(child.chain.manifest is None or agrees(child.chain.manifest, known), "ERR_PARENT_RESOURCES")  # 94
    if rounds and rounds[0].proposal.p.reverts:
        check_revert(rounds[0], parent.chain.rounds)  # 95


def check_revert(round, earlier):
    undone = next((each for each in earlier if each.execution.digest == round.proposal.p.reverts and each.status == "executed"), None)
    need(undone, "ERR_REVERTS")
    if round.preview:
        done = {effect["resource"]: (effect["after"], effect["before"]) for effect in undone.preview.p.effects}
        redone = {effect["resource"]: (effect["before"], effect["after"]) for effect in round.preview.p.effects}
        need(done and done == redone and not any("unknown" in states for states in done.values()), "ERR_REVERTS")


def verdict(failures):
    return "valid" if not failures else "incomplete" if {code for code, _ in failures} == {"ERR_INCOMPLETE"} else "invalid"


def tell(failures):
    code, seq = next((failure for failure in failures if failure[0] != "ERR_INCOMPLETE"), (None, None))
    return {"verdict": verdict(failures), "code": code} | ({} if seq is None else {"seq": seq})


def answer(case):
    """What is said of a case of the corpus, in the words of its `expect`."""
    try:
        raw = {name: read_document(base64.b64decode(text)) for name, text in case.get("raw", {}).items()}
        bundle, trust = ((raw if name in raw else case).get(name) for name in ("bundle", "trust"))
        run, head = case.get("expectRun"), case.get("expectHead")
        if "follow" not in case:
            return tell(verify(bundle, trust, run, head))
        runs = follow(bundle, [trust, *case["follow"]["trusts"]], case["follow"]["parents"], run, head)
        return tell(runs[0]) | {"parents": [tell(failures) for failures in runs[1:]]}
    except Refused as refusal:
        return {"unusable": str(refusal)}


def serve():
    for line in sys.stdin.buffer:
        try:
            case = read_document(line)
            need(isinstance(case, dict), "ERR_DOCUMENT")
            said = answer(case)
        except Refused as refusal:
            said = {"unusable": str(refusal)}
        print(json.dumps(said), flush=True)


def main():
    usage = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usage.add_argument("bundle", nargs="?")
    usage.add_argument("trust", nargs="?")
    usage.add_argument("--run")
    usage.add_argument("--head")
    usage.add_argument("--serve", action="store_true")
    asked = usage.parse_args()
    if asked.serve:
        serve()
        return 0
    try:
        if asked.trust is None or asked.head is not None and not re.fullmatch(HEAD, asked.head):
            usage.error("give a bundle and a trust policy, and a head as <seq>:<digest>")
        with open(asked.bundle, "rb") as bundle, open(asked.trust, "rb") as trust:
            inputs = bundle.read(), trust.read()
        failures = verify(*map(read_document, inputs), asked.run, asked.head)
    except OSError as fault:
        print(fault, file=sys.stderr)
        return 2
    except Refused as refusal:
        print(refusal)
        return 2
    code, seq = failures[0] if failures else ("valid", None)
    print("incomplete" if code == "ERR_INCOMPLETE" else code, *([] if seq is None else [f"at receipt {seq}"]))
    return dict(valid=0, ERR_INCOMPLETE=3).get(code, 1)


if __name__ == "__main__":
    sys.exit(main())
