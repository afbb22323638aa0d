// Bundles from elsewhere: taken from an issuer on the allow list, refused from any other; and no foreign key ever counts here.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { BUNDLE_MEDIA_TYPE, follow, type RunView } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { signReceipt, subjectDigest } from "../../src/receipt/index.ts";
import type { Env } from "../../src/run/env.ts";
import type { RunRefusal } from "../../src/run/run-api.ts";
import { loadSigningKeys } from "../../src/run/signing-keys.ts";
import { continuingRequest, takeOver } from "../../src/run/take-over.ts";
import { loadTrustedIssuers } from "../../src/run/trusted-issuers.ts";
import { CHECKOUT_FILES } from "../../src/workload/checkout-source.ts";
import { abroad, FOREIGN_ISSUER, FOREIGN_TRUST } from "../conformance/abroad.ts";
import { type Chain, writeChain } from "../conformance/chain-writer.ts";
import { signerOf, TRUST } from "../conformance/fixed-keys.ts";
import { type Json, put } from "../conformance/json-edit.ts";
import { SCENARIOS, SEQ } from "../conformance/scenarios.ts";
import { amend, type Step } from "../conformance/step.ts";
import { decided, get, kindsOf, request, startRun, stubOf } from "./client.ts";
import { bundleOf, keyed, rejectedFor } from "./continuing.ts";
import { inside, runRequest } from "./instances.ts";

const REJECTED = amend(SCENARIOS.rejected, SEQ.decision, { reason: "Answer 409 instead." });
const foreign = (steps: readonly Step[]): Chain =>
  writeChain(steps, { run: "their-run", files: CHECKOUT_FILES });
const THEIRS = foreign(abroad(REJECTED)).bundle;

function send(bundle: unknown, type: string = BUNDLE_MEDIA_TYPE, headers: Record<string, string> = {}) {
  const body = typeof bundle === "string" ? bundle : JSON.stringify(bundle);
  return request("/api/runs", { method: "POST", headers: { "content-type": type, ...headers }, body });
}

/** This deployment's variables with these trust policies on the allow list. */
const trusting = (...policies: readonly Json[]): Env => ({
  ...env,
  TRUSTED_ISSUERS: JSON.stringify(policies),
});

async function take(bundle: unknown, vars: Env) {
  const keys = loadSigningKeys(env);
  return keys.ok ? takeOver({ bundle: JSON.stringify(bundle) }, vars, keys.value) : keys;
}

async function refusal(bundle: unknown, vars: Env): Promise<RunRefusal | null> {
  const taken = await take(bundle, vars);
  return taken.ok ? null : taken.refusal;
}

/** Starts a run here that continues the other deployment's, with its issuer on the allow list. */
async function continueTheirs(): Promise<RunView> {
  const taken = await take(THEIRS, trusting(FOREIGN_TRUST));
  if (!taken.ok) throw new Error(taken.refusal.message);
  const run = nameRun(null);
  const asked = continuingRequest({ ...runRequest(), alert: {}, parent: { bundle: "" } }, taken.value);
  const view = await runInDurableObject(stubOf(run), async (instance) => {
    await instance.store(run, asked, taken.value);
    return instance.start(run, asked, { waitMs: 10_000 });
  });
  if (!view.ok) throw new Error(view.refusal.message);
  return view.value;
}

describe("a bundle of an issuer on the allow list", () => {
  it("is continued: verified under its own policy, bound, and its reviewer's words taken up", async () => {
    const view = await continueTheirs();
    expect(view).toMatchObject({ status: "awaiting_decision" });
    expect(view.pending?.diff).toMatch(/^\+.*409/m);
    expect(view.pending?.summary).toContain("rejected the proposal of their-run");
    expect((await decided(view, "approve")).outcome?.status).toBe("resolved");
    const own = await get("/.well-known/countersign.json");
    const bundle = await bundleOf(view.run);
    expect((await follow(bundle, [own, FOREIGN_TRUST])).verdict).toBe("valid");
    const { verdict, runs } = await follow(bundle, [own]);
    expect([verdict, runs[0]?.report.checks.at(-1)?.code]).toEqual(["invalid", "ERR_PARENT_ISSUER"]);
  });

  it("shows on the page as a run of elsewhere, and as no link into this deployment", async () => {
    const { run } = await continueTheirs();
    expect(await get(`/api/runs/${run}/lineage`)).toMatchObject({
      ancestors: [{ run: "their-run", issuer: FOREIGN_ISSUER }],
    });
    const page = await (await request(`/runs/${run}`)).text();
    expect(page).toContain(`<code>their-run</code> of <bdi>${FOREIGN_ISSUER}</bdi>`);
    expect(page).not.toContain('href="/runs/their-run"');
  });

  it("is refused when it is said to be of another version", async () => {
    const answer = await send(THEIRS, `${BUNDLE_MEDIA_TYPE.replace("version=1", "version=2")}`);
    expect([answer.status, await answer.json()]).toEqual([
      415,
      expect.objectContaining({ code: "ERR_BODY_TYPE", detail: expect.stringContaining("version 1") }),
    ]);
  });

  it("is refused when a receipt in it is altered, and the refusal says which", async () => {
    const altered = put("receipts.3.payload", "AAAA")(THEIRS, { digests: [] });
    expect(await refusal(altered, trusting(FOREIGN_TRUST))).toMatchObject({
      code: "ERR_PARENT_INVALID",
      findings: [{ run: "their-run", seq: 3, code: "ERR_SIGNATURE" }],
    });
  });

  it("is refused when one of its receipts is signed by a key of this corpus's own issuer", async () => {
    const mixed = foreign(amend(abroad(REJECTED), SEQ.decision, { signer: "human" }));
    expect(await refusal(mixed.bundle, trusting(FOREIGN_TRUST, TRUST))).toMatchObject({
      code: "ERR_PARENT_INVALID",
      findings: [{ seq: SEQ.decision, code: "ERR_KEY_UNKNOWN" }],
    });
  });
});

describe("any other bundle", () => {
  it("is refused when no policy of its issuer is on the list, and nothing is begun", async () => {
    const { headers, run } = keyed();
    const response = await send(THEIRS, BUNDLE_MEDIA_TYPE, headers);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: "ERR_PARENT_ISSUER",
      detail: expect.stringContaining(FOREIGN_ISSUER),
    });
    expect((await request(`/api/runs/${run}`)).status).toBe(404);
  });

  it("is refused when it says that it is ours and foreign keys signed it", async () => {
    const posing = foreign(abroad(REJECTED, env.ISSUER));
    expect(await refusal(posing.bundle, trusting(FOREIGN_TRUST))).toMatchObject({
      code: "ERR_PARENT_INVALID",
      findings: expect.arrayContaining([expect.objectContaining({ seq: 0, code: "ERR_KEY_UNKNOWN" })]),
    });
  });

  it("is refused when it says that it is of an issuer on the list and other keys signed it", async () => {
    const posing = amend(REJECTED, SEQ.alert, { edit: put("predicate.issuer", FOREIGN_ISSUER) });
    expect(await refusal(foreign(posing).bundle, trusting(FOREIGN_TRUST, TRUST))).toMatchObject({
      code: "ERR_PARENT_INVALID",
      findings: expect.arrayContaining([expect.objectContaining({ seq: 0, code: "ERR_KEY_UNKNOWN" })]),
    });
  });

  it("may be one of this deployment's own, even where the run itself is gone", async () => {
    const { run, head } = await rejectedFor("Answer 409 instead.");
    const bundle = await bundleOf(run);
    await runInDurableObject(stubOf(run), (_, state) => state.storage.deleteAll());
    await evictDurableObject(stubOf(run));
    const response = await send(JSON.stringify(bundle, null, 1));
    expect(response.status, await response.clone().text()).toBe(201);
    const child = await response.json<RunView>();
    expect(child.pending?.diff).toMatch(/^\+.*409/m);
    expect(await get(`/api/runs/${child.run}/lineage`)).toMatchObject({
      ancestors: [{ run, handoff: head }],
    });
  });

  it("leads to the same run when it comes again with the same key, and another bundle to none", async () => {
    const bundle = await bundleOf((await rejectedFor("Answer 409 instead.")).run);
    const { headers, run } = keyed();
    for (const spelling of [JSON.stringify(bundle), JSON.stringify(bundle, null, 2)]) {
      const answer = await send(spelling, undefined, headers);
      expect([answer.status, (await answer.json<RunView>()).run]).toEqual([201, run]);
    }
    const other = await send(await bundleOf((await rejectedFor("No.")).run), undefined, headers);
    expect(await other.json()).toMatchObject({ code: "ERR_IDEMPOTENCY_KEY_REUSED" });
  });

  it("is refused for what it is, before anything is begun", async () => {
    const { run } = await startRun();
    const open = await bundleOf(run);
    const cases: [unknown, string, number, string][] = [
      ["{", BUNDLE_MEDIA_TYPE, 400, "ERR_BODY_JSON"],
      ["", BUNDLE_MEDIA_TYPE, 400, "ERR_BODY_JSON"],
      [{}, BUNDLE_MEDIA_TYPE, 422, "ERR_PARENT_BUNDLE"],
      [{ ...open, mediaType: "other" }, BUNDLE_MEDIA_TYPE, 422, "ERR_PARENT_BUNDLE"],
      [{ ...open, receipts: [] }, BUNDLE_MEDIA_TYPE, 422, "ERR_PARENT_INVALID"],
      [{ ...open, receipts: ["\ud800"] }, BUNDLE_MEDIA_TYPE, 422, "ERR_PARENT_BUNDLE"],
      [{ ...open, run: "run-other" }, BUNDLE_MEDIA_TYPE, 422, "ERR_PARENT_INVALID"],
      [open, BUNDLE_MEDIA_TYPE.toUpperCase(), 409, "ERR_PARENT_UNFINISHED"],
      [open, "application/json", 413, "ERR_BODY_TOO_LARGE"],
      [open, "application/xml", 413, "ERR_BODY_TOO_LARGE"],
      [" ".repeat(2 * 1024 * 1024 + 1), BUNDLE_MEDIA_TYPE, 413, "ERR_BODY_TOO_LARGE"],
    ];
    for (const [bundle, type, status, code] of cases) {
      const response = await send(typeof bundle === "object" && status === 413 ? pad(bundle) : bundle, type);
      expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([status, code]);
    }
  });
});

/** The same JSON, longer than a body of any other type may be. */
function pad(bundle: unknown): string {
  return JSON.stringify(bundle) + " ".repeat(64 * 1024);
}

describe("a foreign human's key", () => {
  it("never counts for a local write, though its issuer is trusted for its own runs", async () => {
    const view = await continueTheirs();
    const outcome = await inside(view.run, async ({ chain, store, gate }, _instance, state) => {
      const { round } = chain.state;
      if (!round?.preview) throw new Error("expected an open preview");
      const signer = signerOf("human2");
      const sha256 = subjectDigest(round.proposal.statement, "action") ?? "";
      const { run, seq, policy, issuedAt } = round.preview.statement.predicate;
      const decision = signReceipt(
        "decision",
        [{ name: "action", digest: { sha256 } }],
        {
          ...{ run, policy, issuedAt, seq: seq + 1, prev: round.preview.digest, kid: signer.kid },
          ...{ decision: "approve", proposal: round.proposal.digest, preview: round.preview.digest },
          ...{ reason: "", reviewer: { id: "theirs", method: "test" } },
        },
        signer,
      );
      if (!decision.ok) throw new Error(decision.refusal.message);
      // As if somebody had put it into the database: nothing is wrong with it but whose key it is.
      state.storage.sql.exec(
        "INSERT INTO receipts (seq, digest, envelope) VALUES (?, ?, ?)",
        ...[seq + 1, decision.value.digest, JSON.stringify(decision.value.envelope)],
      );
      const { args } = JSON.parse(new TextDecoder().decode(store.artifact(sha256)));
      const { id } = round.preview.statement.predicate.execution;
      return gate.write(id, args).then(
        () => "written",
        (error: unknown) => String(error),
      );
    });
    expect(outcome).toContain("ERR_KEY_UNKNOWN");
    await evictDurableObject(stubOf(view.run));
    expect(await get(`/api/runs/${view.run}/gate`)).toMatchObject({ verified: false, allowsWrite: false });
    const shown = await request(`/api/runs/${view.run}`);
    expect(await shown.json()).toMatchObject({
      code: "ERR_CHAIN_CORRUPT",
      findings: [{ run: view.run, seq: 4, code: "ERR_KEY_UNKNOWN" }],
    });
    const version = await runInDurableObject(stubOf(view.run), (_, state) =>
      state.storage.sql.exec("SELECT max(version) AS newest FROM files").one(),
    );
    expect(version).toEqual({ newest: 0 });
  });
});

describe("TRUSTED_ISSUERS", () => {
  const read = (text: string | undefined) =>
    loadTrustedIssuers({ ...env, ...(text === undefined ? {} : { TRUSTED_ISSUERS: text }) });

  it("lists trust policies by issuer, and none where it is not set", () => {
    const listed = read(JSON.stringify([FOREIGN_TRUST, TRUST]));
    expect(listed.ok && [...listed.value.keys()]).toEqual([FOREIGN_ISSUER, "https://countersign.example"]);
    for (const text of [undefined, "[]"]) {
      const none = read(text);
      expect(none.ok && none.value.size).toBe(0);
    }
  });

  const unsound = put("keys.0.kid", "A".repeat(43))(FOREIGN_TRUST, { digests: [] });
  it.each([
    ["no JSON", "nonsense", /expected JSON/],
    ["an empty text", "", /expected JSON/],
    ["no array", JSON.stringify(FOREIGN_TRUST), /expected an array/],
    ["what is no policy", JSON.stringify([FOREIGN_TRUST, {}]), /entry 1: not a version 1 trust policy/],
    ["a key id that is another's", JSON.stringify([unsound]), /entry 0: expected the key id/],
    ["an issuer twice", JSON.stringify([FOREIGN_TRUST, FOREIGN_TRUST]), /entry 1: .* stands twice/],
    ["this deployment", JSON.stringify([{ ...FOREIGN_TRUST, issuer: env.ISSUER }]), /this deployment itself/],
  ])("holding %s lets nothing be continued, not even a run of this deployment", async (_, text, why) => {
    const vars = { ...env, TRUSTED_ISSUERS: text };
    const { run } = await rejectedFor("No.");
    for (const bundle of [THEIRS, await bundleOf(run)]) {
      const seen = await refusal(bundle, vars);
      expect(seen?.code).toBe("ERR_TRUSTED_ISSUERS");
      expect(seen?.message).toMatch(/^the variable TRUSTED_ISSUERS is malformed/);
      expect(seen?.message).toMatch(why);
    }
    expect(await kindsOf(run)).toContain("handoff");
  });
});
