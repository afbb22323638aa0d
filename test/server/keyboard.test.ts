// Deciding on the run's page by keyboard alone, in a real Chromium.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { eventually, statusOf, verified } from "./run-tab.ts";
import { startRun } from "./runs.ts";
import { startServer } from "./server.ts";

let server: Deployment;
let browser: Browser;
let context: BrowserContext;
/** Errors that no page may have. */
let errors: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ vars: { REVISIONS: "3" } }), sharedChromium()]);
});
afterAll(async () => {
  await server?.stop();
});
beforeEach(async () => {
  errors = [];
  context = await browser.newContext();
  context.on("weberror", (error) => errors.push(String(error.error())));
});
afterEach(async () => {
  await context.close();
  expect(errors).toEqual([]);
});

/** The value, or the id, of what has the focus. */
const focused = (page: Page) =>
  page.evaluate("document.activeElement.value || document.activeElement.id") as Promise<string>;
const receiptsOf = (page: Page) => page.locator(".receipt").count();

describe("by keyboard alone", () => {
  /** Fires the alert with the keyboard and lands on the run. */
  async function fire(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(server.origin);
    await page.getByRole("button", { name: "Fire the checkout alert" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/runs\/run-/);
    await ready(page);
    return page;
  }

  async function ready(page: Page): Promise<void> {
    await page.locator("#decision form").waitFor();
    await verified(page);
  }

  it("approves: the key leads to the button, and only Enter decides", async () => {
    const page = await fire();
    expect(await page.locator(".choices .key").allInnerTexts()).toEqual(["a", "c", "r"]);
    expect(await page.locator(".choices .key").first().isVisible()).toBe(true);
    const receipts = await receiptsOf(page);
    await page.keyboard.press("a");
    expect(await focused(page)).toBe("approve");
    await page.keyboard.press("r");
    expect(await focused(page)).toBe("reject");
    await page.keyboard.press("a");
    expect(await receiptsOf(page)).toBe(receipts);
    await page.keyboard.press("Enter");
    await eventually(() => statusOf(page).innerText()).toBe("Fixed.");
  });

  it("rejects", async () => {
    const page = await fire();
    await page.keyboard.press("r");
    await page.keyboard.press("Enter");
    await eventually(() => statusOf(page).innerText()).toBe("Rejected");
  });

  it("asks for changes twice, then approves", async () => {
    const page = await fire();
    for (const [i, words] of ["Answer 409 instead.", "a car can carry rare cargo"].entries()) {
      await page.keyboard.press("c");
      expect(await focused(page)).toBe("reason");
      await page.keyboard.type(words);
      expect(await page.getByRole("textbox").inputValue(), "keys type while typing").toBe(words);
      await page.keyboard.press("Escape");
      expect(await focused(page)).toBe("request_changes");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: `Your decision on revision ${i + 2}` }).waitFor();
      await ready(page);
    }
    // The last revision that the policy allows: words are for a rejection only.
    expect(await page.locator(".choices .key").allInnerTexts()).toEqual(["a", "r"]);
    await page.keyboard.press("c");
    expect(await focused(page)).not.toBe("reason");
    await page.getByRole("textbox").focus();
    await page.keyboard.press("Escape");
    expect(await focused(page)).toBe("reject");
    await page.keyboard.press("a");
    await page.keyboard.press("Enter");
    await eventually(() => statusOf(page).innerText()).toBe("Fixed.");
  });

  it("leaves the keys alone once they are switched off, in every tab, and tells nobody of them", async () => {
    const page = await fire();
    const other = await context.newPage();
    await other.goto(page.url());
    await ready(other);
    const box = page.getByRole("checkbox", { name: "Letter keys lead to the decision" });
    const hints = (tab: Page) => tab.locator("#decision .key:visible").allInnerTexts();
    const claims = (tab: Page) => tab.locator("#decision [aria-keyshortcuts]").count();
    const places = () =>
      page.evaluate(`
        [...document.querySelectorAll("#decision button, #reason, .keys")]
          .map((element) => JSON.stringify(element.getBoundingClientRect()))
      `);
    expect([await hints(page), await claims(page)]).toEqual([["a", "c", "r"], 3]);
    await box.focus();
    const before = await places();
    await page.keyboard.press("Space");
    for (const tab of [page, other]) {
      await eventually(() => hints(tab)).toEqual([]);
      expect(await claims(tab)).toBe(0);
      expect(await tab.locator("#keys").isChecked()).toBe(false);
      await tab.locator("body").press("a");
      expect(await focused(tab)).not.toBe("approve");
    }
    expect(await places(), "nothing moves").toEqual(before);
    await page.reload();
    await verified(page);
    expect([await box.isChecked(), await hints(page), await claims(page)]).toEqual([false, [], 0]);
    await page.keyboard.press("a");
    expect(await focused(page)).not.toBe("approve");

    await box.check();
    await page.keyboard.press("a");
    expect(await focused(page), "on again at once, without a click elsewhere").toBe("approve");
    await eventually(() => hints(other)).toEqual(["a", "c", "r"]);
    expect(await claims(other)).toBe(3);
  });

  it("has no keys where no switch for them is shown", async () => {
    const phone = await browser.newContext({ hasTouch: true, isMobile: true });
    const page = await phone.newPage();
    await page.goto(`${server.origin}/runs/${(await startRun(server.origin)).run}`);
    await ready(page);
    expect(await page.locator("#keys").isVisible()).toBe(false);
    expect(await page.locator("#decision [aria-keyshortcuts], #decision .key:visible").count()).toBe(0);
    await page.keyboard.press("a");
    expect(await focused(page)).not.toBe("approve");
    await phone.close();
  });

  it("leaves the keys to a dialog or a menu that is open", async () => {
    const page = await fire();
    await page.evaluate(`
      document.body.append(Object.assign(document.createElement("dialog"), { id: "over" }));
      document.body.append(Object.assign(document.createElement("div"), { id: "menu", popover: "auto" }));
    `);
    for (const [open, close] of [
      ["over.showModal()", "over.close()"],
      ["menu.showPopover()", "menu.hidePopover()"],
    ] as const) {
      await page.evaluate(open);
      await page.keyboard.press("a");
      expect(await focused(page), open).not.toBe("approve");
      await page.evaluate(close);
    }
    await page.keyboard.press("a");
    expect(await focused(page)).toBe("approve");
  });

  it("leaves keys with a modifier to the browser", async () => {
    const page = await fire();
    for (const modifier of ["Control", "Alt", "Meta", "Shift"]) {
      await page.keyboard.press(`${modifier}+r`);
      expect(await page.evaluate("document.activeElement === document.body"), modifier).toBe(true);
    }
  });
});
