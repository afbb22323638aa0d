// Signing decisions with a passkey in a real Chromium, whose virtual authenticator holds a real key: from the enrol page to a chain that
// verifies. Whatever a ceremony comes to, either the decision is signed with it or nothing is sent.
// Longer than other files: its cases share two deployments that are bundled for them, and take seconds to start.
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import type { V4WorkerOptions } from "miniflare";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import {
  type Bundle,
  decodeArtifacts,
  type Intent,
  type ReviewerEntry,
  verify,
} from "../../src/chain/index.ts";
import type { ReceiptList, RunView } from "../../src/host/index.ts";
import { type Predicate, subjectDigest } from "../../src/receipt/index.ts";
import { passkeyOf } from "../engine/passkey.ts";
import { addAuthenticator, type Credential } from "./authenticator.ts";
import { sharedChromium } from "./chromium.ts";
import { findPlace } from "./place.ts";
import { randomSecret, serveWorker } from "./serve-worker.ts";
import { bundleWorker } from "./served.ts";
import { approve, eventually, headline, openTab, review, startRun, verified } from "./tab.ts";

const TOKEN = randomSecret();
const authorization = `Bearer ${TOKEN}`;
const ALICE = "alice@example.com";

/** Where every decision is signed with the passkey that alice enrolled; `held` is that passkey. */
let origin: string;
let entry: ReviewerEntry;
let held: readonly Credential[];
let worker: V4WorkerOptions;
let stop = async () => {};

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "countersign-reviewed-"));
  const [built, enrolled, place] = await Promise.all([
    bundleWorker(folder, "test/server/reviewed.ts"),
    enrol(),
    findPlace({}),
  ]);
  await place.leave();
  worker = built;
  held = enrolled.held;
  const [key] = enrolled.entry.keys;
  if (key?.type !== "webauthn") throw new Error("expected a passkey");
  entry = { ...enrolled.entry, keys: [{ ...key, origins: [...key.origins, place.origin] }] };
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  const vars = {
    REVIEW_AUTH: "token",
    REVIEWER_TOKENS: JSON.stringify([{ id: ALICE, sha256 }]),
    REVIEWER_KEY: "present",
    REVIEWERS: JSON.stringify([entry]),
  };
  const server = await serveWorker(worker, { port: place.port, vars });
  origin = server.origin;
  stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
});
afterAll(() => stop());

/** Makes a passkey on the enrol page, and gives the entry that it prints. */
async function enrol(): Promise<{ entry: ReviewerEntry; held: readonly Credential[] }> {
  const context = await (await sharedChromium()).newContext({ baseURL: inject("openOrigin") });
  const page = await context.newPage();
  const authenticator = await addAuthenticator(page);
  await page.goto("/enrol");
  await page.locator("#reviewer").fill(ALICE);
  await page.locator("#make").click();
  await page.locator("#made").waitFor();
  const printed: ReviewerEntry = JSON.parse(await page.locator("#entry").innerText());
  const credentials = await authenticator.credentials();
  await context.close();
  return { entry: printed, held: credentials };
}

async function ask<Value>(path: string, body?: unknown): Promise<Value> {
  const response = await fetch(`${origin}${path}`, {
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    headers: { "content-type": "application/json", authorization },
  });
  expect(response.ok, `${path}: ${await response.clone().text()}`).toBe(true);
  return response.json() as Promise<Value>;
}

const startReviewed = () => ask<RunView>("/api/runs", {});

async function decisionsOf(run: string, at = origin) {
  const { receipts }: ReceiptList = await (await fetch(`${at}/api/runs/${run}/receipts`)).json();
  return receipts
    .filter(({ kind }) => kind === "decision")
    .map(({ statement }) => statement.predicate as Predicate<"decision">);
}

/** Alice's tab on a run that waits, with her passkey. */
async function reviewing(run: string) {
  const page = await openTab(null, { baseURL: origin, extraHTTPHeaders: { authorization } });
  const authenticator = await addAuthenticator(page, held);
  await page.goto(`/runs/${run}`);
  await verified(page);
  return { page, authenticator };
}

const note = (page: Page) => page.locator("#new-proposal").innerText();

describe("the enrol page", () => {
  it("prints an entry that a reviewers' file takes, for this address", () => {
    expect(entry).toEqual({
      id: ALICE,
      roles: [{ role: "reviewer", notBefore: null, notAfter: null }],
      keys: [
        {
          type: "webauthn",
          credential: expect.stringMatching(/^[\w-]{16,}$/),
          publicKey: { kty: "EC", crv: "P-256", x: expect.any(String), y: expect.any(String) },
          rpId: "localhost",
          origins: [inject("openOrigin"), origin],
          notBefore: null,
          notAfter: null,
          revokedAt: null,
        },
      ],
    });
  });

  it("makes nothing where the user is not verified, and says so", async () => {
    const page = await openTab("/enrol");
    const authenticator = await addAuthenticator(page);
    await authenticator.verifiesUser(false);
    await page.locator("#reviewer").fill(ALICE);
    await page.locator("#make").click();
    await eventually(() => page.locator("#trouble").innerText()).toContain("No passkey was made");
    expect(await page.locator("#made").isVisible()).toBe(false);
  });

  it("at 127.0.0.1 says where passkeys work", async () => {
    const { port } = new URL(inject("openOrigin"));
    const page = await openTab(null);
    await page.goto(`http://127.0.0.1:${port}/enrol`);
    await eventually(() => page.locator("#trouble").innerText()).toContain(`http://localhost:${port}/enrol`);
    expect(await page.locator("#make").isDisabled()).toBe(true);
  });
});

describe("where a decision must be signed", () => {
  it("the page says so on its buttons, and an approval is signed with the passkey", async () => {
    const { run } = await startReviewed();
    const { page } = await reviewing(run);
    await review(page);
    expect(await page.locator("#decision button[value=approve]").innerText()).toMatch(/^Sign and approve/);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await approve(page);
    await eventually(() => headline(page)).toBe("Fixed.");
    const sent = asked.findIndex((one) => one.startsWith("POST "));
    expect(sent, asked.join()).toBeGreaterThanOrEqual(0);
    expect(
      asked.slice(0, sent).filter((one) => one.endsWith("/bundle")),
      "what this browser has verified is not fetched again to be signed",
    ).toEqual([]);
    expect((await decisionsOf(run)).map(({ decision, assertion }) => [decision, assertion])).toEqual([
      ["approve", "webauthn"],
    ]);
    const bundle = await ask<Bundle>(`/api/runs/${run}/bundle`);
    const verification = await verify(bundle, await ask("/.well-known/countersign.json"), { run });
    expect(verification.report.verdict).toBe("valid");
    expect(verification.run?.rounds[0]?.decisions[0]?.signed).toEqual({ type: "webauthn", listed: true });
    await secondOpinion(bundle);
  });

  it("a rejection and a request for changes are signed with their words", async () => {
    const { run } = await startReviewed();
    const { page } = await reviewing(run);
    await page.locator("#decision button[value=request_changes]").click();
    await page.locator("#reason").fill("Answer 409 instead.\nAnd say why.");
    await page.locator("#decision button[value=request_changes]").click();
    await eventually(() => page.locator(".head .eyebrow").innerText()).toContain("revision 2");
    await verified(page);
    await page.locator("#decision button[value=reject]").click();
    await page.locator("#reason").fill("Not today – «später».");
    await page.locator("#decision button[value=reject]").click();
    await eventually(() => headline(page)).toContain("Rejected");
    expect(
      (await decisionsOf(run)).map(({ decision, reason, assertion }) => [decision, reason, assertion]),
    ).toEqual([
      ["request_changes", "Answer 409 instead.\nAnd say why.", "webauthn"],
      ["reject", "Not today – «später».", "webauthn"],
    ]);
    await secondOpinion(await ask<Bundle>(`/api/runs/${run}/bundle`));
  });

  it("an edit is signed, too", async () => {
    const { run } = await startReviewed();
    const { page } = await reviewing(run);
    await page.locator("[id^=edit-] > summary").click();
    const editor = page.locator(".edit textarea").first();
    await editor.fill(`${await editor.inputValue()}// Looked at twice.\n`);
    await page.getByRole("button", { name: "Sign and send back as edited" }).click();
    await eventually(() => page.locator(".head .eyebrow").innerText()).toContain("revision 2");
    expect((await decisionsOf(run)).map(({ decision, assertion }) => [decision, assertion])).toEqual([
      ["request_changes", "webauthn"],
    ]);
    await secondOpinion(await ask<Bundle>(`/api/runs/${run}/bundle`));
  });

  it.each<[how: string, spoil: string | null]>([
    ["failed", null],
    ["cancelled", "signal: cancelled()"],
    ["timed out", "publicKey: { ...options.publicKey, timeout: 1 }"],
  ])("a ceremony that %s signs nothing, loses no word, and can be tried again", async (how, spoil) => {
    const { run } = await startReviewed();
    const { page, authenticator } = await reviewing(run);
    if (how === "failed") await authenticator.verifiesUser(false);
    else await authenticator.isTouched(false);
    await page.evaluate(`{
      const { credentials } = navigator;
      const get = credentials.get.bind(credentials);
      const cancelled = () => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 300);
        return controller.signal;
      };
      window.mend = () => { credentials.get = get; };
      if (${spoil !== null}) credentials.get = (options) => get({ ...options, ${spoil ?? ""} });
    }`);
    await page.locator("#decision button[value=reject]").click();
    await page.locator("#reason").fill("Prices are right.");
    await page.locator("#decision button[value=reject]").click();
    await eventually(() => note(page)).toContain("Nothing was signed or sent: no passkey was used");
    expect(await page.locator("#reason").inputValue()).toBe("Prices are right.");
    expect(await decisionsOf(run)).toEqual([]);
    await page.evaluate("mend()");
    await authenticator.verifiesUser(true);
    await authenticator.isTouched(true);
    await page.locator("#decision button[value=reject]").click();
    await eventually(() => headline(page)).toContain("Rejected");
    expect((await decisionsOf(run)).map(({ reason }) => reason)).toEqual(["Prices are right."]);
  });

  it("a page that shows another chain than the one that was verified signs nothing", async () => {
    const { run } = await startReviewed();
    const { page } = await reviewing(run);
    await page.evaluate(
      `document.querySelectorAll("#receipts .receipt")[2].dataset.digest = "sha256:${"0".repeat(64)}"`,
    );
    await page.locator("#note summary").click();
    await page.locator("#reason").fill("No.");
    await page.locator("#decision button[value=reject]").click();
    await eventually(() => note(page)).toContain("is not the one that this page shows");
    expect(await decisionsOf(run)).toEqual([]);
  });

  it("without JavaScript the page says what to do, and what is sent unsigned is refused with its words", async () => {
    const { run } = await startReviewed();
    const page = await openTab(`${origin}/runs/${run}`, {
      javaScriptEnabled: false,
      extraHTTPHeaders: { authorization },
    });
    expect(await page.locator(".consequence").innerText()).toContain(
      `npx countersign-review ${origin}/runs/${run}`,
    );
    await page.locator("#note summary").click();
    await page.locator("#reason").fill("Looks right.");
    await page.locator("#decision button[value=approve]").click();
    expect(await page.locator(".notice.is-bad:not([hidden])").innerText()).toContain("signature");
    expect(await page.locator("#reason").inputValue()).toBe("Looks right.");
    expect(await decisionsOf(run)).toEqual([]);
  });

  it("without WebAuthn the page says what to do, and sends nothing", async () => {
    const { run } = await startReviewed();
    const page = await openTab(null, { baseURL: origin, extraHTTPHeaders: { authorization } });
    await page.addInitScript("delete window.PublicKeyCredential");
    await page.goto(`/runs/${run}`);
    await verified(page);
    await page.locator("#note summary").click();
    await page.locator("#reason").fill("No.");
    await page.locator("#decision button[value=reject]").click();
    await eventually(() => note(page)).toContain("This browser has no passkeys.");
    expect(await note(page)).toContain(`npx countersign-review ${origin}/runs/${run}`);
    expect(await page.locator("#reason").inputValue()).toBe("No.");
    expect(await decisionsOf(run)).toEqual([]);
  });
});

it("an approval that another overtakes while its passkey is asked counts, without signing again", async () => {
  const place = await findPlace({});
  await place.leave();
  const bob = passkeyOf("bob", place.origin);
  const roles = [{ role: "reviewer", notBefore: null, notAfter: null }];
  const [key] = entry.keys;
  if (key?.type !== "webauthn") throw new Error("expected a passkey");
  const alice = { ...entry, keys: [{ ...key, origins: [place.origin] }] };
  const bobs = randomSecret();
  const people = [
    [ALICE, TOKEN],
    ["bob", bobs],
  ].map(([id, token = ""]) => ({ id, sha256: createHash("sha256").update(token).digest("hex") }));
  const server = await serveWorker(worker, {
    port: place.port,
    vars: {
      REVIEW_AUTH: "token",
      REVIEWER_TOKENS: JSON.stringify(people),
      REVIEWER_KEY: "present",
      APPROVALS: JSON.stringify([{ role: "reviewer", count: 2 }]),
      REVIEWERS: JSON.stringify([alice, { id: "bob", roles, keys: [bob.entry] }]),
    },
  });
  onTestFinished(() => server.stop());
  const asBob = { "content-type": "application/json", authorization: `Bearer ${bobs}` };
  const api = `${server.origin}/api/runs`;
  const { run, pending }: RunView = await (await fetch(api, { method: "POST", headers: asBob })).json();
  const page = await openTab(null, { extraHTTPHeaders: { authorization } });
  await addAuthenticator(page, held);
  await page.goto(`${server.origin}/runs/${run}`);
  await verified(page);
  await review(page);
  // Her finger rests until it is told.
  await page.evaluate(`{
    const get = navigator.credentials.get.bind(navigator.credentials);
    const touched = new Promise((touch) => { window.touch = touch; });
    navigator.credentials.get = async (options) => { await touched; return get(options); };
  }`);
  await page.waitForTimeout(1_000);
  await page.locator("#decision button[value=approve]").click();
  await eventually(() => note(page)).toContain("Waiting for your passkey");
  const asked = await fetch(`${api}/${run}/intent?decision=approve`, { headers: asBob });
  const { intent } = (await asked.json()) as { intent: Intent };
  const body = JSON.stringify({ proposal: pending?.proposal, assertion: await bob.sign(intent) });
  const given = await fetch(`${api}/${run}/approve`, { method: "POST", headers: asBob, body });
  expect(given.status, await given.clone().text()).toBe(200);
  await page.locator(".receipt.by-human").waitFor();
  await page.evaluate("touch()");
  await eventually(async () => [
    await headline(page),
    await page.locator("#new-proposal").allInnerTexts(),
  ]).toEqual(["Fixed.", []]);
  const decisions = await decisionsOf(run, server.origin);
  expect(decisions.map(({ reviewer, assertion }) => [reviewer.id, assertion])).toEqual([
    ["bob", "webauthn"],
    [ALICE, "webauthn"],
  ]);
});

describe("in the open demo", () => {
  it("a passkey made on the spot signs, this browser marks it as yours, and the chain says that nobody vouches", async () => {
    const { run } = await startRun();
    const page = await openTab(null);
    await addAuthenticator(page);
    await page.goto(`/runs/${run}`);
    await verified(page);
    await page.locator("#sign").check();
    await approve(page);
    await eventually(() => headline(page)).toBe("Fixed.");
    await eventually(() => page.locator(".receipt.by-human .receipt-mark").innerText()).toBe(
      "✓ your passkey",
    );
    expect(await page.locator(".receipt.by-human .what").innerText()).toContain("with a passkey");
    const at = inject("openOrigin");
    const bundle: Bundle = await (await fetch(`${at}/api/runs/${run}/bundle`)).json();
    const trust: unknown = await (await fetch(`${at}/.well-known/countersign.json`)).json();
    const { report, run: told } = await verify(bundle, trust, { run });
    expect(report.verdict).toBe("valid");
    expect(told?.rounds[0]?.decisions[0]?.signed).toEqual({ type: "webauthn", listed: false });
    expect(report.notChecked.join("\n")).toMatch(/nobody vouches|whose/);
    const [key] = await page.evaluate<{ publicKey: object }[]>(
      "JSON.parse(localStorage.getItem('countersign.passkeys'))",
    );
    expect(await secondOpinion(bundle)).toEqual([key?.publicKey]);
    const another = await openTab(`/runs/${run}`);
    await verified(another);
    expect(await another.locator(".receipt.by-human .receipt-mark").innerText(), "elsewhere").toBe("✓");
  });

  it("at 127.0.0.1 the page says where passkeys work, and sends nothing", async () => {
    const { run } = await startRun();
    const { port } = new URL(inject("openOrigin"));
    const page = await openTab(null);
    await page.goto(`http://127.0.0.1:${port}/runs/${run}`);
    await verified(page);
    await page.locator("#sign").check();
    await page.locator("#note summary").click();
    await page.locator("#reason").fill("No.");
    await page.locator("#decision button[value=reject]").click();
    await eventually(() => note(page)).toContain(`Open http://localhost:${port}/runs/${run}`);
    expect(await decisionsOf(run, inject("openOrigin"))).toEqual([]);
  });
});

/** What a library that others keep says of every passkey's signature in a bundle; the keys that made them. */
async function secondOpinion(bundle: Bundle): Promise<object[]> {
  const { sound } = decodeArtifacts(bundle.artifacts);
  const json = (sha256: string) => JSON.parse(new TextDecoder().decode(sound.get(sha256)));
  const keys: object[] = [];
  for (const { payload } of bundle.receipts as readonly { payload: string }[]) {
    const statement = JSON.parse(Buffer.from(payload, "base64").toString());
    if (!statement.predicateType.includes(":decision:")) continue;
    const assertion = json(subjectDigest(statement, "assertion") ?? "");
    const { credential: id, authenticatorData, clientDataJSON, signature } = assertion;
    const intent = sound.get(subjectDigest(statement, "intent") ?? "") ?? new Uint8Array();
    const { verified: holds, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: "public-key",
        response: { authenticatorData, clientDataJSON, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: createHash("sha256").update(intent).digest("base64url"),
      expectedOrigin: JSON.parse(Buffer.from(clientDataJSON, "base64url").toString()).origin,
      expectedRPID: "localhost",
      requireUserVerification: true,
      credential: { id, publicKey: cose(assertion.publicKey), counter: 0 },
    });
    expect(holds).toBe(true);
    expect(authenticationInfo.userVerified).toBe(true);
    keys.push(assertion.publicKey);
  }
  expect(keys.length).toBeGreaterThan(0);
  return keys;
}

/** A P-256 key as COSE: a map of kty EC2, alg ES256, crv P-256, x and y (RFC 9053, 7.1). */
function cose({ x, y }: { x: string; y: string }): Uint8Array<ArrayBuffer> {
  const part = (text: string) => [0x58, 32, ...Buffer.from(text, "base64url")];
  return new Uint8Array([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, ...part(x), 0x22, ...part(y)]);
}
