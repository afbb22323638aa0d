// A deployment whose name changes: nothing of the runs that were signed under the former one is lost, whoever asks is told what is
// missing, and with the name in FORMER_ISSUERS they go on, and verify.
import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type RunView, verify } from "../../src/chain/index.ts";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { bundleOf, decideRun, endedRun, listedRuns, startRun } from "./runs.ts";
import { makeStorage, startServer } from "./server.ts";

const NEW = "https://new.example/";

let browser: Browser;
beforeAll(async () => {
  browser = await sharedChromium();
});

async function ask(url: string) {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const policyAt = async (origin: string, issuer?: string) =>
  (
    await ask(
      `${origin}/.well-known/countersign.json${issuer ? `?issuer=${encodeURIComponent(issuer)}` : ""}`,
    )
  ).body;

/** A deployment under its first name, with a run that has ended and one that waits, and the way to start it anew. */
async function firstName() {
  const state = await makeStorage();
  const first = await startServer({ state });
  const ended = await endedRun(first.origin, "approve");
  const waiting = await startRun(first.origin);
  await expect.poll(() => listedRuns(first.origin)).toHaveLength(2);
  await first.stop();
  const port = Number(new URL(first.origin).port);
  const as = (vars: Record<string, string>) => startServer({ state, port, vars });
  return { former: first.origin, ended, waiting, as };
}

async function expectUnlisted({ origin }: Deployment, runs: readonly RunView[]): Promise<void> {
  const told = expect.stringMatching(/http:\/\/localhost:\d+.*https:\/\/new\.example\/.*FORMER_ISSUERS/);
  for (const run of runs) {
    for (const path of ["", "/receipts", "/gate", "/lineage"]) {
      const answer = await ask(`${origin}/api/runs/${run.run}${path}`);
      expect(answer).toMatchObject({ status: 503, body: { code: "ERR_ISSUER_UNLISTED", detail: told } });
    }
    expect((await bundleOf(origin, run)).receipts).toHaveLength(run.count);
  }
  expect(await ask(`${origin}/healthz`)).toMatchObject({
    status: 503,
    body: { code: "ERR_ISSUER_UNLISTED", detail: told },
  });
  const desk = await (await fetch(origin)).text();
  expect(desk).toContain("Some runs cannot be opened.");
  expect(desk).toContain("FORMER_ISSUERS");
}

describe("a deployment that has changed its name", () => {
  it("says what is missing, loses nothing, and goes on once the former name is listed", async () => {
    const { former, ended, waiting, as } = await firstName();
    const renamed = await as({ ISSUER: NEW });
    await expectUnlisted(renamed, [ended, waiting]);
    // What it starts meanwhile bears the new name.
    const between = await startRun(renamed.origin);
    await renamed.stop();

    const listed = await as({ ISSUER: NEW, FORMER_ISSUERS: JSON.stringify([former]) });
    const { origin } = listed;
    expect(await ask(`${origin}/healthz`)).toMatchObject({ status: 200 });
    expect(await (await fetch(origin)).text()).not.toContain("FORMER_ISSUERS");
    const done = await decideRun(origin, waiting, "approve");
    expect(done).toMatchObject({ status: "completed", outcome: { status: "resolved" } });

    const published = `/.well-known/countersign.json?issuer=${encodeURIComponent(former)}`;
    const [policy, present] = [await policyAt(origin, former), await policyAt(origin)];
    expect([policy.issuer, present.issuer]).toEqual([former, NEW]);
    expect(policy.keys).toEqual(present.keys);
    for (const run of [ended, waiting]) {
      const bundle = await bundleOf(origin, run);
      expect(await verify(bundle, policy)).toMatchObject({ verdict: "valid" });
      const wrong = await verify(bundle, present);
      expect(wrong.checks).toContainEqual(expect.objectContaining({ code: "ERR_ISSUER", seq: 0 }));
      const view = await ask(`${origin}/api/runs/${run.run}`);
      expect(view.body.links).toMatchObject({ trust: published });
    }
    const own = await ask(`${origin}/api/runs/${between.run}`);
    expect(own.body.links).toMatchObject({ trust: "/.well-known/countersign.json" });
    await listed.stop();

    // And back again: the name that it bore in between is a former one by then.
    const back = await as({ ISSUER: former, FORMER_ISSUERS: JSON.stringify([NEW]) });
    expect(await ask(`${back.origin}/healthz`)).toMatchObject({ status: 200 });
    expect(await decideRun(back.origin, between, "reject")).toMatchObject({ status: "rejected" });
    await back.stop();
  });

  it("shows runs of the former name as verified in the browser, and where their keys are", async () => {
    const { former, ended, as } = await firstName();
    const { origin, stop } = await as({ ISSUER: NEW, FORMER_ISSUERS: JSON.stringify([former]) });
    const page = await browser.newPage();
    await page.goto(`${origin}/runs/${ended.run}`);
    await page.locator("#browser-check.is-valid").waitFor();
    const trust = `/.well-known/countersign.json?issuer=${encodeURIComponent(former)}`;
    expect(await page.locator("#browser-check a").getAttribute("href")).toBe(trust);
    expect(await page.locator("#receipts .sources").getByText("Trust policy").getAttribute("href")).toBe(
      trust,
    );
    expect(await page.locator("#receipts .check").innerText()).toContain(`--trust '${origin}${trust}'`);
    await page.goto(`${origin}/verify?run=${ended.run}`);
    await page.locator("#verdict-title", { hasText: /^Valid$/ }).waitFor();
    await page.close();
    await stop();
  });

  it("publishes no policy under a name that it never had", async () => {
    const server = await startServer();
    expect(
      await ask(`${server.origin}/.well-known/countersign.json?issuer=https://other.example`),
    ).toMatchObject({
      status: 404,
      body: { code: "ERR_NOT_FOUND", detail: expect.stringContaining("https://other.example") },
    });
    await server.stop();
  });
});
