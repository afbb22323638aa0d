// *Break it*, control by control, in a real Chromium: what each shows at once, with code and words, and the way back.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { Checker } from "./checker.ts";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { bundleOf, endedRun, listedRuns } from "./runs.ts";
import { startServer } from "./server.ts";

let server: Deployment;
let browser: Browser;
let run: RunView;
/** The newest other run that was carried out: the page fetches it by itself. */
let other: RunView;
let third: RunView;
let checker: Checker;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), sharedChromium()]);
  run = await endedRun(server.origin);
  third = await endedRun(server.origin, "reject");
  other = await endedRun(server.origin);
  await vi.waitFor(
    async () => {
      const ended = (await listedRuns(server.origin)).filter(({ outcome }) => outcome);
      expect(ended).toHaveLength(3);
    },
    { timeout: 30_000 },
  );
  checker = await Checker.launch(browser);
});
afterAll(async () => {
  await checker?.close();
  await server?.stop();
});
beforeEach(async () => {
  await checker.open(`${server.origin}/verify?run=${run.run}`);
  await checker.expectVerdict("Valid");
  await checker.page.getByText(`The other run is ${other.run}`).waitFor();
});
afterEach(async () => {
  await checker.expectNoErrors();
});

const DECISION = 4;

describe("breaking one receipt", () => {
  it("starts at the human's decision", async () => {
    expect(await checker.page.locator("#chosen-title").innerText()).toBe(
      "Receipt 4: decision, signed by human",
    );
  });

  it("fields of every statement, its own and the common ones: the signature does not hold", async () => {
    for (const [place] of (await checker.page.locator("#rows .row").all()).entries()) {
      await checker.choose(place);
      const paths = await checker.page.locator("#statement-fields code").allInnerTexts();
      expect(paths.length).toBeGreaterThan(10);
      for (const path of [paths[0] ?? "", "predicate.run", paths.at(-1) ?? ""]) {
        const box = checker.field(path);
        await box.fill(`${await box.inputValue()}1`);
        await checker.expectFailures("ERR_SIGNATURE");
        expect(await checker.page.locator("#failures").innerText()).toContain(`Receipt ${place}:`);
        await checker.press("Undo");
        await checker.expectVerdict("Valid");
      }
    }
  });

  it.each([
    ["payloadType", "text/plain", "ERR_PAYLOAD_TYPE"],
    ["payload", "not base64", "ERR_BASE64"],
    ["signatures.0.keyid", "A".repeat(43), "ERR_KEY_UNKNOWN"],
    ["signatures.0.sig", `${"A".repeat(86)}==`, "ERR_SIGNATURE"],
  ])("the envelope's %s", async (path, text, code) => {
    await checker.page.getByText("Its envelope").click();
    await checker.field(path).fill(text);
    await checker.expectFailures(code);
  });

  it.each([
    ["Drop it", "ERR_SEQ"],
    ["Swap with the next", "ERR_SEQ"],
    ["Repeat it", "ERR_SEQ"],
    ["Put another run’s in its place", "ERR_RUN"],
  ])("%s: %s, and Undo takes it back", async (button, code) => {
    await checker.press(button);
    await checker.expectFailures(code);
    await checker.press("Undo");
    await checker.expectVerdict("Valid");
    expect(await checker.page.locator("#rows .row").count()).toBe(8);
    expect(await checker.page.locator("#bar").isVisible()).toBe(false);
  });

  it("a receipt of a further run, fetched by its id or given as a file", async () => {
    await checker.page.getByText("The other run is").click();
    await checker.page.getByLabel("Id of another run").fill(third.run);
    await checker.press("Fetch it");
    await checker.page.getByText(`The other run is ${third.run}`).waitFor();
    await checker.press("Put another run’s in its place");
    await checker.expectFailures("ERR_RUN");
    expect(await checker.field("predicate.decision").inputValue()).toBe("reject");
    await checker.give("other-file", await bundleOf(server.origin, other));
    await checker.page.getByText(`The other run is ${other.run}`).waitFor();
    await checker.press("Undo");
    await checker.expectVerdict("Valid");
    await checker.press("Put another run’s in its place");
    await checker.expectFailures("ERR_RUN");
    expect(await checker.field("predicate.decision").inputValue()).toBe("approve");
  });

  it("a letter of the approved call's bytes", async () => {
    await checker.page.locator("#subjects summary", { hasText: "action" }).click();
    const bytes = checker.page.getByLabel("Its bytes, as text. Change one letter.");
    await bytes.fill((await bytes.inputValue()).replace("write_file", "write_File"));
    await checker.expectFailures("ERR_ARTIFACT_MISSING", "ERR_ARTIFACT_ALTERED");
  });

  it("one bit of an artifact", async () => {
    await checker.choose(0);
    await checker.page.locator("#subjects summary", { hasText: "alert" }).click();
    await checker.press("Turn over one bit");
    await checker.expectFailures("ERR_ARTIFACT_MISSING", "ERR_ARTIFACT_ALTERED");
  });
});

describe("signing everything again with keys made in the tab", () => {
  const believe = (whose: "pinned" | "own") => checker.page.locator(`#believe-${whose}`).check();

  it("fails under the pinned keys, would pass under its own, and says that this is why one pins keys", async () => {
    await checker.press("Sign everything again");
    await checker.expectFailures("ERR_KEY_UNKNOWN");
    expect(await checker.page.locator("#failures").innerText()).toContain("Receipts 0, 1, 2, 3, 4, 5, 6, 7:");
    await believe("own");
    await checker.expectVerdict("Valid, under keys made in this tab");
    expect(await checker.page.locator("#believe-words").innerText()).toContain("That is why you pin keys");
    expect(await checker.page.locator("main").innerText()).not.toContain("✓ verified");
    await believe("pinned");
    await checker.expectFailures("ERR_KEY_UNKNOWN");
    await checker.press("Start again");
    await checker.expectVerdict("Valid");
  });

  it("does not help to turn the decision around: the rules of a run refuse it, whoever signed", async () => {
    await checker.field("predicate.decision").fill("reject");
    await checker.expectFailures("ERR_SIGNATURE");
    await checker.press("Sign everything again");
    await checker.expectFailures("ERR_KEY_UNKNOWN");
    await believe("own");
    await checker.expectFailures("ERR_EXECUTION_STATUS");
    expect(await checker.page.locator("#believe-words").innerText()).toContain(
      "the rules of a run refuse this",
    );
  });
});

describe("going back", () => {
  it("Start again restores everything, and what is focused for the next change is in reach", async () => {
    await checker.press("Drop it");
    await checker.choose(DECISION);
    await checker.press("Repeat it");
    await checker.field("predicate.kid").fill("x");
    await checker.page.locator("#changes li").nth(2).waitFor();
    await checker.press("Start again");
    await checker.expectVerdict("Valid");
    expect(await checker.page.evaluate("document.activeElement.id")).toBe("break-title");
    await checker.choose(DECISION);
    expect(await checker.field("predicate.decision").inputValue()).toBe("approve");
  });

  it("by keyboard alone: choose, drop, undo", async () => {
    const { page } = checker;
    const focused = () => page.evaluate<string>("document.activeElement.id");
    const tabTo = async (id: string) => {
      for (let steps = 0; steps < 80 && (await focused()) !== id; steps += 1)
        await page.keyboard.press("Tab");
      expect(await focused()).toBe(id);
    };
    await page.locator("#rows input:checked").focus();
    await page.keyboard.press("ArrowDown");
    await page.locator("#chosen-title", { hasText: "Receipt 5: execution" }).waitFor();
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("drop");
    await page.keyboard.press("Enter");
    await checker.expectFailures("ERR_SEQ", "ERR_ARTIFACT_UNNAMED");
    expect(await focused()).toBe("drop");
    expect(await page.getByRole("status").innerText()).toMatch(/^Invalid\. ERR_SEQ\. Receipt 5:/);
    await tabTo("undo");
    await page.keyboard.press("Enter");
    await checker.expectVerdict("Valid");
    expect(await page.getByRole("status").innerText()).toBe("Valid");
  });
});
