// Whose key (rules 5, 14–18): known, of the role that the kind asks for, in its window, not revoked, of the trusted issuer.
import { accepted, type CorpusCase, faults, type Row, sound } from "../case.ts";
import {
  type KeyName,
  OPEN_TRUST,
  type Role,
  signerOf,
  TRUST,
  trusted,
  trustOf,
  type Window,
} from "../fixed-keys.ts";
import { edited, type Json, put } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, KINDS } from "../step.ts";

const { alert, evidence, proposal, preview, decision, outcome, handoff } = SEQ;
const ROLES = ["agent", "human", "runtime"] as const;

/** The default policy with one key's window or revocation set. */
function trustWith(name: Role, window: Window): Json {
  return trustOf(...ROLES.map((each) => trusted(each, each, each === name ? window : {})));
}

/** For each kind, the two keys that may not sign it. */
const WRONG_KEYS: readonly (readonly [KeyName, KeyName])[] = [
  ["agent", "human"],
  ["human", "runtime"],
  ["human", "runtime"],
  ["agent", "human"],
  ["agent", "runtime"],
  ["agent", "human"],
  ["agent", "human"],
  ["human", "runtime"],
];

// The first receipt is issued at 05:30, each further one a minute later.
const windows: readonly (readonly [name: string, seq: number, key: Role, window: Window])[] = [
  [
    "the runtime's first receipt a millisecond before its window",
    alert,
    "runtime",
    { notBefore: "2026-11-23T05:30:00.001Z" },
  ],
  [
    "the human's receipt at the instant that its window ends",
    decision,
    "human",
    { notAfter: "2026-11-23T05:34:00.000Z" },
  ],
  ["the agent's key retired in mid-run", handoff, "agent", { notAfter: "2026-11-23T05:37:00.000Z" }],
  [
    "a window that is over before it begins",
    alert,
    "runtime",
    { notBefore: "2026-12-01T00:00:00.000Z", notAfter: "2026-11-01T00:00:00.000Z" },
  ],
  [
    "a window of no length",
    alert,
    "runtime",
    { notBefore: "2026-11-23T05:30:00.000Z", notAfter: "2026-11-23T05:30:00.000Z" },
  ],
];

const rotated = trustOf(
  trusted("agent", "agent", { notAfter: "2026-11-23T05:32:00.000Z" }),
  trusted("agent2", "agent", { notBefore: "2026-11-23T05:32:00.000Z" }),
  trusted("human", "human"),
  trusted("runtime", "runtime"),
);

export const keyCases: readonly CorpusCase[] = [
  ...faults("key", "Only keys of the trust policy count.", [
    [5, "one that no policy names", decision, { signer: "stranger" }],
    [
      5,
      "a policy without the runtime's",
      alert,
      {},
      { trust: trustOf(trusted("agent", "agent"), trusted("human", "human")) },
    ],
    [
      5,
      "a key id of another letter case",
      proposal,
      { envelope: put("signatures.0.keyid", signerOf("agent").kid.toLowerCase()) },
    ],
  ]),
  ...faults("kid", "The statement names the key that signs it.", [
    [14, "of another trusted key", evidence, put("predicate.kid", signerOf("human").kid)],
    [14, "of no known key", outcome, put("predicate.kid", "A".repeat(43))],
    [14, "of another letter case", outcome, put("predicate.kid", signerOf("runtime").kid.toUpperCase())],
  ]),
  ...faults(
    "role",
    "Each kind is signed by the key of one role.",
    KINDS.flatMap((kind, seq) =>
      (WRONG_KEYS[seq] ?? []).map(
        (signer): Row => [15, `${kind} signed by the ${signer} key`, seq, { signer }],
      ),
    ),
  ),
  ...faults("revoked", "A revoked key may have signed anything at any time: issuedAt is only its word.", [
    [
      16,
      "the human key, before the run",
      decision,
      {},
      { trust: trustWith("human", { revokedAt: "2026-11-01T00:00:00.000Z" }) },
    ],
    [
      16,
      "the human key, after the run",
      decision,
      {},
      { trust: trustWith("human", { revokedAt: "2027-11-01T00:00:00.000Z" }) },
    ],
    [
      16,
      "the runtime key, retired before",
      alert,
      {},
      {
        trust: trustWith("runtime", {
          notAfter: "2026-11-02T00:00:00.000Z",
          revokedAt: "2026-11-01T00:00:00.000Z",
        }),
      },
    ],
  ]),
  ...faults(
    "window",
    "A window has its first instant and not its last: notBefore ≤ issuedAt < notAfter.",
    windows.map(([name, seq, key, window]): Row => [17, name, seq, {}, { trust: trustWith(key, window) }]),
  ),
  ...faults("issuer", "A trust policy speaks for the chains of its own issuer.", [
    [18, "another", alert, put("predicate.issuer", "https://other.example")],
    [18, "a trailing slash", alert, put("predicate.issuer", "https://countersign.example/")],
    [18, "other letter case", alert, put("predicate.issuer", "https://Countersign.example")],
    [
      18,
      "a policy of another with the very same keys",
      alert,
      {},
      { trust: edited(TRUST, put("issuer", "https://other.example")) },
    ],
    [
      18,
      "an issuer in another normalization",
      alert,
      put("predicate.issuer", "https://e\u0301.example"),
      { trust: edited(TRUST, put("issuer", "https://\u00e9.example")) },
    ],
  ]),
  ...sound("window", "A window has its first instant and not its last: notBefore ≤ issuedAt < notAfter.", [
    [
      "the runtime's first receipt at the instant that its window begins",
      { trust: trustWith("runtime", { notBefore: "2026-11-23T05:30:00.000Z" }) },
    ],
    [
      "the human's receipt a millisecond before its window ends",
      { trust: trustWith("human", { notAfter: "2026-11-23T05:34:00.001Z" }) },
    ],
    ["open on both sides", { trust: OPEN_TRUST }],
    [
      "the agent's key replaced in mid-run",
      {
        from: amend(amend(SCENARIOS.approved, proposal, { signer: "agent2" }), handoff, { signer: "agent2" }),
        trust: rotated,
      },
    ],
  ]),
  ...faults("window", "A retired key signs nothing more.", [
    [17, "the key that was replaced, once more", proposal, {}, { trust: rotated }],
    [17, "the key that replaces it, too early", evidence, { signer: "agent2" }, { trust: rotated }],
  ]),
  ...accepted("revoked", "Only receipts under the revoked key are refused.", [
    [
      "a key that signed nothing here",
      preview,
      {},
      {
        trust: trustOf(
          ...ROLES.map((name) => trusted(name, name)),
          trusted("agent2", "agent", { revokedAt: "2026-11-01T00:00:00.000Z" }),
        ),
      },
    ],
  ]),
];
