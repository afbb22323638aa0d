// What a refusal says to a person: what was expected, and what was found. One case of the corpus for each sentence there is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verify } from "../../src/chain/index.ts";
import { signerOf } from "../conformance/fixed-keys.ts";
import { readCorpus } from "../conformance/read-corpus.ts";

const corpus = readCorpus(readFileSync(join(import.meta.dirname, "../conformance/corpus.json"), "utf8"));
const KEYS = (["agent", "human", "runtime", "stranger"] as const).map(
  (name) => [signerOf(name).kid, `<${name}>`] as const,
);

/** The first thing that is wrong with a case. Digests are shortened, and keys called by their names. */
async function complaintOf(name: string): Promise<string> {
  const found = corpus.find((each) => each.name === name);
  if (!found) throw new Error(`expected a case named ${name}`);
  const message = await verify(found.bundle, found.trust).then(
    ({ checks }) => checks.find(({ ok }) => !ok)?.message ?? "",
    (error: Error) => error.message,
  );
  const short = message.replace(/[0-9a-f]{64}/g, "…");
  return KEYS.reduce((text, [kid, key]) => text.replaceAll(kid, key), short);
}

/** A case of the corpus, and what is said of it. */
const SENTENCES = [
  [
    "envelope: null in its place",
    "expected a DSSE envelope with one signature: Invalid input: expected object, received null",
  ],
  [
    "payload type: another type, and signed so",
    "expected the payload type application/vnd.in-toto+json, got application/json",
  ],
  ["base64: a payload with a trailing newline", "expected the payload in standard, padded base64"],
  ["base64: a signature without padding", "expected the signature as 64 bytes in standard, padded base64"],
  ["utf-8: a byte 0xff", "payload: expected UTF-8"],
  ["json: a byte order mark", "payload: expected JSON"],
  [
    "canonical form: a leading space",
    "payload: expected RFC 8785 canonical JSON, got another spelling of the same value",
  ],
  [
    "canonical form: a number beyond every double",
    "payload: expected a finite number, got Infinity at $.predicate.revision",
  ],
  [
    "canonical form: a lone high surrogate, escaped",
    "payload: expected well-formed text, got a lone surrogate at $.predicate.summary",
  ],
  [
    "canonical form: nesting of 100 levels",
    "payload: expected at most 64 levels of nesting, got more or a cycle at $",
  ],
  ["missing field: evidence without prev", "evidence: prev: expected sha256:<64 lower-case hex digits>"],
  ["field: a run with a space", "alert: run: expected 1 to 64 letters, digits, _ or -"],
  ["field: an empty title", "alert: title: expected 1 to 300 UTF-16 code units"],
  ["field: an empty source", "alert: source: expected 1 to 200 UTF-16 code units"],
  ["field: a summary of 4001 units", "proposal: summary: expected 0 to 4000 UTF-16 code units"],
  ["field: a reason of 2001 units", "decision: reason: expected 0 to 2000 UTF-16 code units"],
  [
    "digest: subject in upper case",
    "expected an in-toto Statement v1: subject.0.digest.sha256: expected 64 lower-case hex digits",
  ],
  [
    "time: issuedAt without milliseconds",
    "evidence: issuedAt: expected a real instant such as 2026-11-23T05:30:00.000Z",
  ],
  ["subjects: alert in another order", "alert: expected the subjects alert, policy, got policy, alert"],
  ["subjects: alert without its policy", "alert: expected the subjects alert, policy, got alert"],
  [
    "kind: a kind that does not exist",
    "expected a known receipt kind, got urn:countersign:receipt:verdict:v1",
  ],
  ["role: alert signed by the human key", "expected the agent key to sign alert, got the human key <human>"],
  ["key: a key that no policy names", "no trusted key has the id <stranger>"],
  [
    "key: kid of another trusted key than keyid",
    "expected the statement to name its key <agent>, got <human>",
  ],
  [
    "window: the agent's first receipt a millisecond before its window",
    "the key <agent> signs from 2026-11-23T05:30:00.001Z until further notice, got 2026-11-23T05:30:00.000Z",
  ],
  [
    "window: the human's receipt at the instant that its window ends",
    "the key <human> signs from always until 2026-11-23T05:34:00.000Z, got 2026-11-23T05:34:00.000Z",
  ],
  [
    "window: a window that is over before it begins",
    "the key <agent> signs from 2026-12-01T00:00:00.000Z until 2026-11-01T00:00:00.000Z, got 2026-11-23T05:30:00.000Z",
  ],
  [
    "revoked: the human key, before the run",
    "the key <human> was revoked at 2026-11-01T00:00:00.000Z; nothing under it counts",
  ],
  [
    "issuer: another issuer",
    "alert: expected a chain of https://countersign.example, got one of https://other.example",
  ],
  ["signature: the first bit of R flipped", "the signature does not hold under the agent key <agent>"],
  ["run: another run in one receipt", "proposal: expected run run-1, got run-2"],
  ["run: a bundle that names another run", "the bundle says run run-2, its receipts say run-1"],
  ["seq: a first receipt numbered 1", "alert: expected seq 0, got 1"],
  ["prev: a first receipt that has one", "alert: expected prev null, got sha256:…"],
  [
    "time: a millisecond backwards",
    "evidence: expected a time not before 2026-11-23T05:30:00.000Z, got 2026-11-23T05:29:59.999Z",
  ],
  ["empty chain: no receipt", "the chain holds no receipt"],
  ["order: evidence first", "evidence: expected alert after nothing, got evidence"],
  ["order: alert right after the evidence", "alert: expected proposal or outcome after evidence, got alert"],
  ["after handoff: alert after the handoff", "alert: expected nothing after the handoff, got alert"],
  ["policy: the alert names another than its subject", "alert: expected policy sha256:…, got sha256:…"],
  ["policy: the evidence names another", "evidence: expected the run's policy sha256:…, got sha256:…"],
  ["policy: an empty method", "alert: policy: method: expected 1 to 100 UTF-16 code units"],
  ["policy: a rule that is not UTF-8", "alert: policy: expected UTF-8"],
  [
    "policy: a trailing newline",
    "alert: policy: expected RFC 8785 canonical JSON, got another spelling of the same value",
  ],
  [
    "gated call: another connector",
    "proposal: expected the policy's gated call database.write_file, got repository.write_file",
  ],
  [
    "revision limit: changes asked for where only one proposal is allowed",
    "decision: the policy allows 1 revisions and this is the last",
  ],
  [
    "reviewer: the one who started the run approves",
    "decision: expected a reviewer other than the one who started the run",
  ],
  [
    "round: after a rejection",
    "proposal: a round may follow only a request for changes or an execution with more to do",
  ],
  ["round: a first proposal of revision 2", "proposal: expected revision 1, got 2"],
  ["round: a first proposal that supersedes", "proposal: expected supersedes null, got sha256:…"],
  [
    "round: a first proposal with feedback",
    "proposal: expected the feedback to be the reviewer's words, and none where none were given",
  ],
  [
    "round: a second write from another script",
    "proposal: expected the same script to go on to its next gated call, got another",
  ],
  ["action: no JSON", "proposal: action: expected JSON"],
  [
    "action: not canonical",
    "proposal: action: expected RFC 8785 canonical JSON, got another spelling of the same value",
  ],
  ["action: with an empty connector", "proposal: action: connector: expected 1 to 100 UTF-16 code units"],
  [
    "action: with an argument missing",
    "proposal: repository.write_file takes {path, content, before}: before: expected sha256:<64 lower-case hex digits>",
  ],
  [
    "action: with an empty path",
    "proposal: repository.write_file takes {path, content, before}: path: expected 1 to 500 UTF-16 code units",
  ],
  [
    "preview: about a proposal that is not there",
    "preview: expected the open proposal sha256:…, got sha256:…",
  ],
  ["preview: of another action", "preview: expected the action of the open proposal"],
  ["preview: of another script", "preview: expected the script of the open proposal"],
  ["preview: of another file", "preview: expected the changes that follow from the action's arguments"],
  [
    "preview: whose subject before is another file",
    "preview: expected the subject before to be the file that the change starts from",
  ],
  [
    "preview: that waits a millisecond longer than the policy allows",
    "preview: expected expiry at most 900 s after 2026-11-23T05:33:00.000Z",
  ],
  [
    "execution id: a revision in the execution of the first",
    "preview: expected an execution that no earlier preview named, got exec-1",
  ],
  [
    "execution id: a second write in another execution",
    "preview: expected execution exec-1 beyond #1, got exec-2 #2",
  ],
  [
    "decision: on a proposal that is not there",
    "decision: expected the open proposal sha256:…, got sha256:…",
  ],
  ["decision: on another action", "decision: expected the action of the open proposal"],
  ["execution: of another action", "execution: expected the action of the open proposal"],
  ["decision: on a preview that is not there", "decision: expected the open preview sha256:…, got sha256:…"],
  [
    "decision: to request changes without saying which",
    "decision: expected a request for changes to say what to change",
  ],
  [
    "decision: approve 0 ms after the proposal expired",
    "decision: expected a decision before 2026-11-23T05:48:00.000Z, got 2026-11-23T05:48:00.000Z",
  ],
  ["execution: of no decision though there is one", "execution: expected decision sha256:…, got null"],
  ["execution: in another execution", "execution: expected the previewed call exec-1 #1"],
  ["execution: withheld though approved", "execution: expected executed or failed after an approval"],
  ["execution: executed though rejected", "execution: expected withheld without an approval"],
  ["execution: executed but not written", "execution: expected written to be true"],
  ["execution: failed but written", "execution: expected written to be false"],
  ["execution: executed with no change", "execution: expected the changes of the preview"],
  ["execution: failed with a change", "execution: expected no changes"],
  ["execution: failed with more to do", "execution: expected more only after an executed call"],
  [
    "execution: withheld 0 ms after the preview, with nobody's decision",
    "execution: expected a decision, or 2026-11-23T05:48:00.000Z to have passed",
  ],
  [
    "consumed: an approved write executed twice",
    "execution: the decision sha256:… has been executed already",
  ],
  ["outcome: of no execution though there is one", "outcome: expected the last execution sha256:…, got null"],
  ["outcome: unresolved though nothing fails any more", "outcome: expected resolved, got unresolved"],
  ["tally: none after though written", "outcome: expected a tally after the write"],
  [
    "tally: one after though nothing was written",
    "outcome: expected no tally after, for nothing was written",
  ],
  [
    "tally: more failed than requests, before",
    "outcome: expected a tally whose parts are not more than its whole",
  ],
  ["handoff: of an outcome that is not there", "handoff: expected the outcome sha256:…, got sha256:…"],
  ["repository: with a path that is not UTF-8", "handoff: repository manifest: expected UTF-8"],
  [
    "repository: that is not canonical",
    "handoff: repository manifest: expected RFC 8785 canonical JSON, got another spelling of the same value",
  ],
  ["repository: that is a list", "handoff: repository manifest: expected sha256:… by path"],
  [
    "repository: without the file that was written",
    "handoff: expected src/checkout.js as written (sha256:…), got null",
  ],
  ["artifact missing: the alert", "alert: the artifact of subject alert (…) is missing or altered"],
  [
    "artifact missing: a file of the repository",
    "handoff: the file README.md (sha256:…) is missing or altered",
  ],
  [
    "artifact altered: one more, under a name in upper case",
    "the artifact E224DDC6B55AF8B2A88404A0B6CB2617DB0DFC25B3584A4DD7C4358D911E91F5 does not hash to its name",
  ],
  ["artifact unnamed: a stray one", "no receipt names the artifact …"],
  [
    "trust policy: an empty issuer",
    "not a version 1 trust policy: issuer: expected 1 to 300 UTF-16 code units",
  ],
  [
    "trust policy: a window that is no instant",
    "not a version 1 trust policy: keys.0.notAfter: expected a real instant such as 2026-11-23T05:30:00.000Z",
  ],
  [
    "trust policy: a key id of one's own choice",
    "expected the key id <agent> for x=0EqyMnQrtKs6E2i9RhXk5tAiSrcaAWuvhSCjMsl3hzc, got AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ],
  ["trust policy: one key in two roles", "the key <agent> stands twice; a key has one role"],
  [
    "trust policy: a key of 31 bytes",
    "the key o5pPRcF9YNkmlodRS4C1R_1pBWr1IJoknVfVvEV4g8Q is unsound: expected x as the unpadded base64url of 32 bytes",
  ],
  [
    "trust policy: the neutral element",
    "the key eV9frzBXPTP92MWWMpoFOh0WI_kJLvGlhcNs15APU_s is unsound: expected a public key of full order, got one of small order",
  ],
  [
    "trust policy: a key of mixed order",
    "the key EOhcL4bx84z7KLPLaMpt4UJSr5SRFfCtZlW63kTsq28 is unsound: expected a torsion-free public key, got a mixed-order one",
  ],
  [
    "trust policy: a key whose y is not below p",
    "the key UqnBYPqz_n47zVtZ0nFslEBmgGeldyTEu6vwR5b6nl0 is unsound: expected the canonical encoding of a point of edwards25519",
  ],
] as const;

describe("a refusal", () => {
  it.each(SENTENCES)("of %s says: %s", async (name, sentence) => {
    expect(await complaintOf(name)).toBe(sentence);
  });
});
