// The SSH assertions of the corpus, put to OpenSSH itself: what ours takes, `ssh-keygen -Y verify` takes, over the same bytes. The forms of
// security keys among them, which need no hardware to be verified.
import { describe, expect, it } from "vitest";
import { checkAssertion, readTrustPolicy } from "../../src/chain/index.ts";
import { canonicalBytes } from "../../src/receipt/index.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { aliceSsh, bobEcdsa, bobSk, carolSk } from "../conformance/reviewer-keys.ts";
import { lineOf, type SshForgery, type SshKey, ssh } from "../conformance/ssh.ts";
import { hasSshKeygen, sshVerifies } from "./ssh.ts";

const read = readTrustPolicy(TRUST);
if (!read.ok) throw new Error(read.refusal.message);
const trust = read.value;
const intent = canonicalBytes({ type: "countersign.decision", reason: "Signed twice over." });

const KEYS = [aliceSsh, bobEcdsa, bobSk, carolSk];
const FORMS = KEYS.flatMap((key) =>
  (["sha256", "sha512"] as const).map((hash) => ({ key, type: key.type, hash })),
);

/** What both say of an assertion: ours, then OpenSSH. */
async function said(key: SshKey, forgery: SshForgery, over = intent): Promise<[boolean, boolean]> {
  const assertion = ssh(key, forgery).make(intent, []);
  const { fault } = await checkAssertion(canonicalBytes(assertion), over, trust);
  const { signature } = assertion as { signature: string };
  return [fault === null, sshVerifies(lineOf(key), signature, over)];
}

describe.skipIf(!hasSshKeygen)("ssh-keygen -Y verify and our verifier", () => {
  it.each(FORMS)("both take a signature by $type, of $hash", async ({ key, hash }) => {
    expect(await said(key, { hash })).toEqual([true, true]);
  });

  it.each(FORMS)("both refuse one by $type, of $hash, over other bytes", async ({ key, hash }) => {
    expect(await said(key, { hash }, canonicalBytes({ type: "countersign.decision" }))).toEqual([
      false,
      false,
    ]);
  });

  it.each(KEYS)("both refuse one by $type in another namespace", async (key) => {
    expect(await said(key, { namespace: "file" })).toEqual([false, false]);
  });

  it.each([bobSk, carolSk])(
    "differ on one by $type without a user who was present: only ours refuses it",
    async (key) => {
      expect(await said(key, { flags: 0 })).toEqual([false, true]);
    },
  );
});
