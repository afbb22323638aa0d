// What a browser and an authenticator say (rule 64, WebAuthn): client data, authenticator data, and the site.
import { accepted, type CorpusCase, faults, type Lawful, type Row, type Story } from "../case.ts";
import { all, drop, put } from "../json-edit.ts";
import { ORDER } from "../p256.ts";
import { joined, sha256, toBase64, toBase64Url, utf8 } from "../primitives.ts";
import { alicePasskey, LISTED, otherPasskey } from "../reviewer-keys.ts";
import { SEQ } from "../scenarios.ts";
import type { Step } from "../step.ts";
import { AT, challengeOf, derOf, ED, type PasskeyForgery, UP, UV, webauthn } from "../webauthn.ts";

const { decision } = SEQ;

const by = (forgery: PasskeyForgery): Partial<Step> => ({ assert: webauthn(otherPasskey, forgery) });

const respelled = (from: string | RegExp, to: string) => (text: string) => {
  if (!(typeof from === "string" ? text.includes(from) : from.test(text)))
    throw new Error(`expected ${from} in ${text}`);
  return text.replace(from, to);
};

const clientData: readonly (readonly [name: string, forgery: PasskeyForgery])[] = [
  ["of another type", { clientData: put("type", "webauthn.create") }],
  ["without a type", { clientData: drop("type") }],
  ["with a type in a list", { clientData: put("type", ["webauthn.get"]) }],
  [
    "with the challenge of another intent",
    { clientData: put("challenge", challengeOf({ decision: "approve" })) },
  ],
  ["with the intent itself for a challenge", { challenge: (intent) => toBase64Url(intent) }],
  [
    "with a challenge in the standard alphabet and padded",
    { challenge: (intent) => toBase64(sha256(intent)) },
  ],
  [
    "with a challenge whose trailing bits are set",
    { challenge: (intent) => looser(toBase64Url(sha256(intent))) },
  ],
  [
    "with a challenge in hexadecimal",
    {
      challenge: (intent) =>
        Array.from(sha256(intent), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    },
  ],
  ["with a challenge and a newline", { challenge: (intent) => `${toBase64Url(sha256(intent))}\n` }],
  ["without a challenge", { clientData: drop("challenge") }],
  ["from a frame of another site", { clientData: put("crossOrigin", true) }],
  ["with crossOrigin in quotes", { clientData: put("crossOrigin", "false") }],
  ["with crossOrigin of null", { clientData: put("crossOrigin", null) }],
  ["with crossOrigin of 0", { clientData: put("crossOrigin", 0) }],
  ["without an origin", { clientData: drop("origin") }],
  ["with an origin of null", { clientData: put("origin", null) }],
  ["with origins in a list", { clientData: put("origin", ["https://agent.example"]) }],
  [
    "with the origin twice",
    { clientDataText: respelled('"origin":', '"origin":"https://evil.example","origin":') },
  ],
  [
    "with the origin twice, once escaped",
    { clientDataText: respelled('"origin":', '"orig\\u0069n":"https://evil.example","origin":') },
  ],
  ["with the challenge twice, alike", { clientDataText: respelled(/"challenge":"[^"]*",/, "$&$&") }],
  [
    "with a name twice in a further member",
    { clientDataText: respelled('"type":', '"more":[{"a":1,"a":1}],"type":') },
  ],
  [
    "with a name that is special, twice",
    { clientDataText: respelled('"type":', '"__proto__":1,"__proto__":1,"type":') },
  ],
  ["with a byte order mark", { clientDataText: (text) => `\ufeff${text}` }],
  [
    "that is not UTF-8",
    {
      clientDataText: (text) =>
        joined(utf8(text.slice(0, -1)), utf8(',"x":"'), Uint8Array.of(0xff), utf8('"}')),
    },
  ],
  ["that is no JSON", { clientDataText: (text) => `${text};` }],
  ["with a trailing comma", { clientDataText: (text) => text.replace(/\}$/, ",}") }],
  ["with NaN in a further member", { clientDataText: respelled('"type":', '"x":NaN,"type":') }],
  ["in a list", { clientDataText: (text) => `[${text}]` }],
  ["that is null", { clientDataText: () => "null" }],
  ["of no bytes", { clientDataText: () => "" }],
];

const authenticatorData: readonly (readonly [name: string, forgery: PasskeyForgery])[] = [
  ["of 36 bytes", { authenticatorData: (data) => data.subarray(0, 36) }],
  [
    "of 38 bytes, with neither flag AT nor ED",
    { authenticatorData: (data) => joined(data, Uint8Array.of(0)) },
  ],
  ["of 36 bytes, with flag ED", { flags: UP | UV | ED, authenticatorData: (data) => data.subarray(0, 36) }],
  ["of no bytes", { authenticatorData: () => new Uint8Array() }],
  ["of 32 bytes", { authenticatorData: (data) => data.subarray(0, 32) }],
  ["without flag UP", { flags: UV }],
  ["without flag UV", { flags: UP }],
  ["without either", { flags: 0 }],
  ["with neighbouring flags for UP and UV", { flags: 0x02 | 0x08 }],
];

const listed = (forgery: PasskeyForgery): readonly [Partial<Step>, Story] => [
  { reviewer: "alice", assert: webauthn(alicePasskey, forgery) },
  { trust: LISTED },
];

/** The same 32 bytes in text whose unused bits are not zero. */
function looser(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return `${text.slice(0, 42)}${alphabet.charAt(alphabet.indexOf(text.charAt(42)) + 1)}`;
}

export const passkeyDataCases: readonly CorpusCase[] = [
  ...faults(
    "client data",
    "The client data is of this intent, this site's own, and says each thing once.",
    clientData.map(([name, forgery]): Row => [64, name, decision, by(forgery)]),
  ),
  ...faults(
    "authenticator data",
    "The authenticator's data is 37 bytes, or says what follows; the user was present and verified.",
    authenticatorData.map(([name, forgery]): Row => [64, name, decision, by(forgery)]),
  ),
  ...faults(
    "passkey's site",
    "A listed passkey is used on its own site only.",
    (
      [
        ["another origin", { clientData: put("origin", "https://evil.example") }],
        ["an origin with a slash", { clientData: put("origin", "https://agent.example/") }],
        ["an origin in another letter case", { clientData: put("origin", "https://Agent.example") }],
        ["an origin with its port", { clientData: put("origin", "https://agent.example:443") }],
        ["an origin without TLS", { clientData: put("origin", "http://agent.example") }],
        ["another relying party", { rpId: "evil.example" }],
        ["a relying party above", { rpId: "example" }],
      ] satisfies [string, PasskeyForgery][]
    ).map(([name, forgery]): Row => [64, name, decision, ...listed(forgery)]),
  ),
  ...faults(
    "passkey's site",
    "A passkey that is listed for anybody is used on its own site only, whoever uses it.",
    [
      [
        64,
        "another origin, by one who is not listed",
        decision,
        { assert: webauthn(alicePasskey, { clientData: put("origin", "https://evil.example") }) },
        { trust: LISTED },
      ],
      [
        64,
        "another relying party, under another credential",
        decision,
        { assert: webauthn({ ...alicePasskey, credential: utf8("x"), rpId: "evil.example" }) },
        { trust: LISTED },
      ],
    ],
  ),
  ...accepted(
    "assertion",
    "What else an authenticator or a browser says does not matter.",
    (
      [
        [
          "extensions after 37 bytes, with flag ED",
          { flags: UP | UV | ED, authenticatorData: (data) => joined(data, Uint8Array.of(0xa0)) },
        ],
        [
          "attested data after 37 bytes, with flag AT",
          { flags: UP | UV | AT, authenticatorData: (data) => joined(data, new Uint8Array(20)) },
        ],
        ["37 bytes with flag ED", { flags: UP | UV | ED }],
        ["every flag", { flags: 0xff }],
        ["the flags of a passkey that is backed up", { flags: 0x1d }],
        ["no crossOrigin", { clientData: drop("crossOrigin") }],
        [
          "further members",
          {
            clientData: all(
              put("topOrigin", "https://x.example"),
              put("other_keys_can_be_added_here", { a: [{ a: 1 }] }),
            ),
          },
        ],
        [
          "a lone surrogate in a further member",
          { clientDataText: respelled('"type":', '"x":"\\ud800","type":') },
        ],
        [
          "a client data with white space and escapes",
          { clientDataText: (text) => ` ${text.replace("webauthn.get", "webauthn\\u002eget")}\n` },
        ],
        [
          "another origin and relying party, of a key that nobody lists",
          { clientData: put("origin", "null"), rpId: "localhost" },
        ],
        ["an origin of no characters, of a key that nobody lists", { clientData: put("origin", "") }],
        ["the other s, n − s", { signature: ({ r, s }) => derOf({ r, s: ORDER - s }) }],
        ["a credential of one byte", { edit: put("credential", "AA") }],
        ["a credential of 1023 bytes", { edit: put("credential", toBase64Url(new Uint8Array(1023))) }],
      ] satisfies [string, PasskeyForgery][]
    ).map(([name, forgery]): Lawful => [name, decision, by(forgery)]),
  ),
];
