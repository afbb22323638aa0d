// Whose key: known, of the role that the kind asks for, in its window, not revoked, and of the issuer that is trusted.
import type { Kind } from "../../../src/receipt/index.ts";
import { type ConformanceCase, type Fault, faults, sound } from "../case.ts";
import { type KeyName, signerOf, TRUST, trusted, trustOf, type Window } from "../fixed-keys.ts";
import { type Json, put } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { alert, evidence, proposal, decision, outcome, handoff } = SEQ;

/** The default policy with one key's window or revocation set. */
function trustWith(name: "agent" | "human" | "runtime", window: Window): Json {
  return trustOf(
    ...(["agent", "human", "runtime"] as const).map((each) =>
      trusted(each, each, each === name ? window : {}),
    ),
  );
}

/** For each kind, the two keys that may not sign it. */
const WRONG_KEYS: Readonly<Record<Kind, readonly [KeyName, KeyName]>> = {
  alert: ["human", "runtime"],
  evidence: ["human", "runtime"],
  proposal: ["human", "runtime"],
  preview: ["agent", "human"],
  decision: ["agent", "runtime"],
  execution: ["agent", "human"],
  outcome: ["agent", "human"],
  handoff: ["human", "runtime"],
};

const roles: readonly Fault[] = Object.entries(WRONG_KEYS).flatMap(([kind, keys]) =>
  keys.map((signer) => ({
    name: `${kind} signed by the ${signer} key`,
    why: "Each kind is signed by the key of one role.",
    code: "ERR_KEY_ROLE" as const,
    seq: Object.keys(SEQ).indexOf(kind),
    step: { signer },
  })),
);

// The first receipt is issued at 05:30, each further one a minute later.
const windows: readonly Fault[] = [
  {
    name: "the agent's first receipt a millisecond before its window",
    why: "notBefore is the first instant of the window.",
    code: "ERR_KEY_WINDOW",
    seq: alert,
    trust: trustWith("agent", { notBefore: "2026-11-23T05:30:00.001Z" }),
  },
  {
    name: "the human's receipt at the instant that its window ends",
    why: "notAfter is the first instant after the window.",
    code: "ERR_KEY_WINDOW",
    seq: decision,
    trust: trustWith("human", { notAfter: "2026-11-23T05:34:00.000Z" }),
  },
  {
    name: "the agent's key retired in mid-run",
    why: "Receipts after notAfter are refused though earlier ones hold.",
    code: "ERR_KEY_WINDOW",
    seq: handoff,
    trust: trustWith("agent", { notAfter: "2026-11-23T05:37:00.000Z" }),
  },
  {
    name: "a window that is over before it begins",
    why: "No instant lies in it.",
    code: "ERR_KEY_WINDOW",
    seq: alert,
    trust: trustWith("agent", {
      notBefore: "2026-12-01T00:00:00.000Z",
      notAfter: "2026-11-01T00:00:00.000Z",
    }),
  },
];

const revocations: readonly Fault[] = (
  [
    ["before the run", "2026-11-01T00:00:00.000Z"],
    ["after the run", "2027-11-01T00:00:00.000Z"],
  ] as const
).map(([when, revokedAt]) => ({
  name: `the human key, ${when}`,
  why: "A revoked key may have signed anything at any time: issuedAt is only its word.",
  code: "ERR_KEY_REVOKED",
  seq: decision,
  trust: trustWith("human", { revokedAt }),
}));

const identities: readonly Fault[] = [
  {
    name: "a key that no policy names",
    why: "Only keys of the trust policy count.",
    code: "ERR_KEY_UNKNOWN",
    seq: decision,
    step: { signer: "stranger" },
  },
  {
    name: "a policy without the runtime's key",
    why: "Only keys of the trust policy count.",
    code: "ERR_KEY_UNKNOWN",
    seq: SEQ.preview,
    trust: trustOf(trusted("agent", "agent"), trusted("human", "human")),
  },
  {
    name: "a key id of another letter case",
    why: "Key ids are compared exactly.",
    code: "ERR_KEY_UNKNOWN",
    seq: proposal,
    step: { envelope: put("signatures.0.keyid", signerOf("agent").kid.toLowerCase()) },
  },
  {
    name: "kid of another trusted key than keyid",
    why: "The statement names the key that signs it.",
    code: "ERR_KID_MISMATCH",
    seq: evidence,
    edit: put("predicate.kid", signerOf("human").kid),
  },
  {
    name: "kid of no known key",
    why: "The statement names the key that signs it.",
    code: "ERR_KID_MISMATCH",
    seq: outcome,
    edit: put("predicate.kid", "A".repeat(43)),
  },
];

const issuers: readonly Fault[] = [
  ["another issuer", "https://other.example"],
  ["a trailing slash", "https://countersign.example/"],
  ["other letter case", "https://Countersign.example"],
].map(([name = "", issuer = ""]) => ({
  name,
  why: "A trust policy speaks for the chains of its own issuer.",
  code: "ERR_ISSUER",
  seq: alert,
  edit: put("predicate.issuer", issuer),
}));

export const keyCases: readonly ConformanceCase[] = [
  ...faults("role", roles),
  ...faults("key", identities),
  ...faults("window", windows),
  ...faults("revoked", revocations),
  ...faults("issuer", [
    ...issuers,
    {
      name: "a policy of another issuer with the very same keys",
      why: "A trust policy speaks for the chains of its own issuer.",
      code: "ERR_ISSUER",
      seq: alert,
      trust: put("issuer", "https://other.example")(TRUST, { digests: [] }),
    },
  ]),
  ...sound("window", [
    {
      name: "the agent's first receipt at the instant that its window begins",
      why: "Windows are half-open: notBefore belongs to them.",
      trust: trustWith("agent", { notBefore: "2026-11-23T05:30:00.000Z" }),
    },
    {
      name: "the human's receipt a millisecond before its window ends",
      why: "A retired key's earlier receipts hold.",
      trust: trustWith("human", { notAfter: "2026-11-23T05:34:00.001Z" }),
    },
    {
      name: "the agent's key replaced in mid-run",
      why: "The old key is retired and still listed; the new one signs from then on.",
      from: amend(amend(SCENARIOS.approved, proposal, { signer: "agent2" }), handoff, { signer: "agent2" }),
      trust: trustOf(
        trusted("agent", "agent", { notAfter: "2026-11-23T05:32:00.000Z" }),
        trusted("agent2", "agent", { notBefore: "2026-11-23T05:32:00.000Z" }),
        trusted("human", "human"),
        trusted("runtime", "runtime"),
      ),
    },
  ]),
  ...sound("revoked", [
    {
      name: "a key that signed nothing here",
      why: "Only receipts under the revoked key are refused.",
      trust: trustOf(
        trusted("agent", "agent"),
        trusted("agent2", "agent", { revokedAt: "2026-11-01T00:00:00.000Z" }),
        trusted("human", "human"),
        trusted("runtime", "runtime"),
      ),
    },
  ]),
];
