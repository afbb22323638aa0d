// The verify page in a real Chromium: where the chain and the keys come from and what is said of both, what is not checked,
// what never leaves the tab, and what hostile files do to it. Breaking a chain is in break-it.test.ts.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Bundle, RunView } from "../../src/chain/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { ISSUER, TRUST } from "../conformance/fixed-keys.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { Checker } from "./checker.ts";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { bundleOf, endedRun, startRun } from "./runs.ts";
import { startServer } from "./server.ts";

let server: Deployment;
let browser: Browser;
let run: RunView;
let bundle: Bundle;
let checker: Checker;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), sharedChromium()]);
  run = await endedRun(server.origin);
  bundle = await bundleOf(server.origin, run);
  checker = await Checker.launch(browser);
});
afterAll(async () => {
  await checker?.close();
  await server?.stop();
});
beforeEach(async () => {
  await checker.open(`${server.origin}/verify`);
});
afterEach(async () => {
  expect(new Set(checker.requests.map((url) => new URL(url).origin))).toEqual(new Set([server.origin]));
});

const text = (id: string) => checker.page.locator(`#${id}`).innerText();

/** A chain of another deployment, with its trust policy. */
const foreign = writeChain(SCENARIOS.approved).bundle;

describe("a chain from a file", () => {
  it.each([
    ["chosen", () => checker.give("bundle-file", bundle)],
    ["dropped anywhere", () => checker.drop("#elsewhere", bundle)],
    ["dropped on its zone", () => checker.drop("#bundle-zone", bundle)],
  ])("%s is checked without a single request, and without a network", async (_, handIn) => {
    const before = checker.requests.length;
    await checker.page.context().setOffline(true);
    await handIn();
    await checker.expectVerdict("Valid");
    // Without a second run at hand, the foreign receipt is made up on the spot.
    await checker.press("Put another run’s in its place");
    await checker.expectFailures("ERR_KEY_UNKNOWN");
    expect(checker.requests.slice(before)).toEqual([]);
    await checker.expectNoErrors();
  });

  it("pasted is checked too", async () => {
    await checker.page.getByText("Paste it instead").click();
    await checker.page.getByLabel("Bundle, as JSON").fill(JSON.stringify(bundle));
    await checker.press("Check this text");
    await checker.expectVerdict("Valid");
    expect(await text("bundle-named")).toMatch(/^pasted text \(\d+ KiB\)$/);
  });

  it("says in plain words what was checked and what was not", async () => {
    await checker.give("bundle-file", bundle, "mine.json");
    await checker.expectVerdict("Valid");
    expect(await text("bundle-named")).toMatch(/^mine\.json /);
    expect(await text("verdict-words")).toMatch(/^This browser replayed 8 receipts in \d+ ms\./);
    expect(await checker.page.locator(".check-line b").allInnerTexts()).toEqual([
      "Keys.",
      "Bundle.",
      "Signatures.",
      "Links and rules.",
      "Artifacts.",
      "End.",
    ]);
    expect(await checker.page.locator("#rows .receipt-mark").allInnerTexts()).toEqual(
      Array(8).fill("✓ verified"),
    );
    const unchecked = await text("unchecked");
    const open = ["its signer's word", "what was signed is true", "longer chain", "the run you mean"];
    for (const words of [...open, `${server.origin} tells the truth`, run.head ?? ""]) {
      expect(unchecked).toContain(words);
    }
  });

  it("of a run that goes on is incomplete", async () => {
    const open = await startRun(server.origin);
    await checker.give("bundle-file", await bundleOf(server.origin, open));
    await checker.expectVerdict("Incomplete");
  });
});

describe("a trust policy of the visitor's own", () => {
  it.each([
    ["stays in force when the deployment's arrives later", TRUST, "my-kept-policy.json"],
    [
      "that is none leaves the deployment's in force, however late that arrives",
      { keys: [] },
      "/.well-known/",
    ],
  ])("%s", async (_, given, stands) => {
    const policy = "**/.well-known/countersign.json";
    const arrival = Promise.withResolvers<void>();
    await checker.page.route(policy, async (route) => {
      await arrival.promise;
      await route.continue();
    });
    await checker.page.goto(`${server.origin}/verify`, { waitUntil: "domcontentloaded" });
    await checker.page.locator("#checker").waitFor();
    await checker.give("trust-file", given, "my-kept-policy.json");
    // Long enough for the page to have taken it.
    await checker.page.waitForTimeout(500);
    const arrived = checker.page.waitForResponse(policy);
    arrival.resolve();
    await (await arrived).finished();
    await checker.page.waitForTimeout(500);
    expect(await text("trust-named")).toContain(stands);
    await checker.page.unroute(policy);
  });
});

describe("a run named in the address", () => {
  it("is fetched from this deployment, held to its name, and said to be", async () => {
    await checker.page.goto(`${server.origin}/verify?run=${run.run}`);
    await checker.expectVerdict("Valid");
    expect(await text("bundle-named")).toContain(`${run.run}, fetched just now from ${server.origin}`);
    expect(await text("unchecked")).not.toContain("the run you mean");
    await checker.expectNoErrors();
  });

  it("that serves another run's bundle is invalid", async () => {
    const other = await endedRun(server.origin, "reject");
    await checker.page.route(`**/api/runs/${run.run}/bundle`, async (route) =>
      route.fulfill({ json: await bundleOf(server.origin, other) }),
    );
    await checker.page.goto(`${server.origin}/verify?run=${run.run}`);
    await checker.expectVerdict("Invalid");
    expect(await text("failures")).toContain("ERR_RUN_UNEXPECTED");
  });

  it("that is not there is said so, whatever the address holds", async () => {
    for (const name of [`run-${"0".repeat(24)}`, "../../healthz", "<b>"]) {
      await checker.page.goto(`${server.origin}/verify?run=${encodeURIComponent(name)}`);
      expect(await checker.refusal("bundle-refusal")).toContain("404");
    }
  });
});

describe("the trust policy", () => {
  it("is this deployment's own unless the visitor gives another, and the page says which and what that means", async () => {
    expect(await text("trust-named")).toContain(`${server.origin}/.well-known/countersign.json`);
    expect(await text("trust-meaning")).toContain("this deployment’s own word");
    await checker.give("bundle-file", foreign);
    await checker.expectVerdict("Invalid");
    expect(await text("failures")).toContain("ERR_KEY_UNKNOWN");
    expect(await text("trust-meaning")).toContain(`The chain says that it is of ${ISSUER}`);
    await checker.give("trust-file", TRUST, "theirs.json");
    await checker.expectVerdict("Valid");
    expect(await text("trust-named")).toContain("theirs.json");
    expect(await text("trust-meaning")).toContain("Only these keys count now");
    await checker.page.getByText("Use another trust policy").click();
    await checker.press("Go back to this deployment’s own");
    await checker.expectVerdict("Invalid");
    expect(await text("trust-meaning")).toContain("this deployment’s own word");
  });

  it("that is unsound is refused, and the keys stay as they were", async () => {
    await checker.give("bundle-file", bundle);
    await checker.expectVerdict("Valid");
    await checker.drop("#trust-zone", { ...Object(TRUST), version: 2 });
    expect(await checker.refusal("trust-refusal")).toContain("ERR_TRUST_POLICY");
    await checker.expectVerdict("Valid");
    expect(await text("trust-named")).toContain(server.origin);
  });

  it("that cannot be fetched leaves everything unjudged until one is given", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route("**/.well-known/countersign.json", (route) => route.fulfill({ status: 503 }));
    await page.goto(`${server.origin}/verify?run=${run.run}`);
    await page.locator("#trust-refusal", { hasText: "503" }).waitFor();
    await page.locator("#bundle-refusal", { hasText: "without one nothing is ever valid" }).waitFor();
    expect(await page.locator("#bench").isVisible()).toBe(false);
    await context.close();
  });
});

describe("a file that is no bundle", () => {
  const MIB = 1024 * 1024;
  const shell = (receipts: string) =>
    `{"mediaType":"application/vnd.countersign.bundle+json;version=1","run":"r","receipts":[${receipts}],"artifacts":{}}`;

  it.each<[string, () => unknown, string]>([
    ["no JSON", () => "receipts", "ERR_DOCUMENT"],
    ["JSON of something else", () => [1, 2, 3], "ERR_BUNDLE"],
    ["a trust policy", () => TRUST, "expected a bundle, got a trust policy"],
    ["a nesting bomb", () => "[".repeat(10 * MIB), "ERR_DOCUMENT"],
    ["a closed nesting bomb", () => `${"[".repeat(MIB)}${"]".repeat(MIB)}`, "ERR_BUNDLE"],
    ["a huge array", () => shell(`${"0,".repeat(10 * MIB)}0`), "Expected at most 2000000 JSON values"],
    ["too many receipts", () => shell(`${"0,".repeat(100_000)}0`), "ERR_BUNDLE"],
  ])("is refused when it is %s, with words that help", async (_, content, words) => {
    await checker.give("bundle-file", content());
    expect((await checker.refusal("bundle-refusal")).toLowerCase().replaceAll(/\s+/g, " ")).toContain(
      words.toLowerCase(),
    );
    expect(await checker.page.locator("#bench").isVisible()).toBe(false);
    await checker.give("bundle-file", bundle);
    await checker.expectVerdict("Valid");
  });

  it("is still refused on the page when a trust policy is given afterwards", async () => {
    await checker.give("bundle-file", [1, 2, 3]);
    expect(await checker.refusal("bundle-refusal")).toContain("ERR_BUNDLE");
    await checker.give("trust-file", TRUST, "theirs.json");
    await checker.page.locator("#trust-named", { hasText: "theirs.json" }).waitFor();
    expect(await checker.refusal("bundle-refusal")).toContain("ERR_BUNDLE");
    expect(await checker.page.locator("#bench").isVisible()).toBe(false);
  });

  it("is refused before it is read when it is too large", async () => {
    await checker.page.evaluate(`(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([new Uint8Array(65 * 1024 * 1024)], "large.json"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
    })()`);
    expect(await checker.refusal("bundle-refusal")).toContain("Expected at most 64.0 MiB, got 65.0 MiB.");
  });

  it("is judged invalid when only its receipts are hostile", async () => {
    const deep = Buffer.from(`{"predicate":${"[".repeat(300_000)}${"]".repeat(300_000)}}`).toString("base64");
    for (const receipt of [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, `{"payload":"${deep}"}`]) {
      await checker.give("bundle-file", shell(receipt));
      await checker.expectVerdict("Invalid");
      expect(await text("failures")).toContain("ERR_ENVELOPE");
    }
  });

  it("can be stopped while it is being checked, and the next one is checked", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/build/verifier.js", async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${server.origin}/verify?run=${run.run}`);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator("#trust-refusal", { hasText: "Stopped" }).waitFor();
    release();
    await page.getByText("Use another trust policy").click();
    await page.getByRole("button", { name: "Go back to this deployment’s own" }).click();
    await page.locator("#trust-keys li").first().waitFor();
    await page.locator("#verdict-title", { hasText: "Valid" }).waitFor();
    await context.close();
  });
});

describe("the page", () => {
  it("without JavaScript says what to do instead", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${server.origin}/verify?run=${run.run}`);
    const shown = await page.locator("main").innerText();
    expect(shown).toContain("It needs JavaScript");
    expect(shown).toContain(`${server.origin}/api/runs/${run.run}/bundle`);
    expect(shown).not.toContain("Break it");
    expect((await page.content()).toLowerCase()).not.toContain("verified");
    await context.close();
  });

  it("fits a phone, and every control can be hit with a thumb", async () => {
    const phone = await Checker.launch(browser, { width: 390, height: 844 });
    await phone.open(`${server.origin}/verify?run=${run.run}`);
    await phone.expectVerdict("Valid");
    await phone.press("Drop it");
    await phone.expectVerdict("Invalid");
    await phone.page.evaluate(
      "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })",
    );
    expect(await phone.page.evaluate("document.scrollingElement.scrollWidth")).toBeLessThanOrEqual(390);
    for (const control of await phone.page
      .locator("main :is(button, summary, textarea, .row, .drop)")
      .all()) {
      const box = await control.boundingBox();
      if (box) expect(box.height, await control.innerText()).toBeGreaterThanOrEqual(44);
    }
    await phone.close();
  });
});
