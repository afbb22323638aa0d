// A reviewer's passkey with a fixed secret, used as an authenticator would. The secrets are public: never trust them anywhere.
import type { Intent, ReviewerEntry } from "../../src/chain/index.ts";
import { canonicalBytes, toBase64Url } from "../../src/receipt/index.ts";
import { utf8 } from "../conformance/primitives.ts";
import { jwkOf, webauthn } from "../conformance/webauthn.ts";

export interface Passkey {
  /** As the trust policy lists it. */
  readonly entry: ReviewerEntry["keys"][number];
  sign(intent: Intent, origin?: string): Promise<unknown>;
}

/** The passkey of a name, for the pages of an origin. Made at once, as a Worker's top level needs it. */
export function passkeyOf(name: string, home = "https://engine.test"): Passkey {
  const key = {
    secret: utf8(name.padEnd(32, ".")),
    credential: utf8(`passkey of ${name}`),
    rpId: new URL(home).hostname,
    origin: home,
  };
  const open = { notBefore: null, notAfter: null, revokedAt: null };
  return {
    entry: {
      type: "webauthn",
      credential: toBase64Url(key.credential),
      publicKey: jwkOf(key.secret),
      rpId: key.rpId,
      origins: [home],
      ...open,
    },
    sign: async (intent, origin = home) => webauthn({ ...key, origin }).make(canonicalBytes(intent), []),
  };
}
