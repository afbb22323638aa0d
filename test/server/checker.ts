// The verify page as a visitor uses it: hand something in, read the verdict, break the chain.
import { mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";

export class Checker {
  readonly page: Page;
  /** Every request since the page was opened. */
  readonly requests: string[] = [];
  /** Errors of the page, and violations of its policy. */
  readonly errors: string[] = [];

  /** Where files are that it gives. */
  readonly #folder = mkdtempSync(join(tmpdir(), "countersign-given-"));

  private constructor(page: Page) {
    this.page = page;
    page.context().on("request", (request) => this.requests.push(request.url()));
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  /** A tab of its own, which is slow to come by: tests open the page in it one after the other. */
  static async launch(browser: Browser, viewport = { width: 1280, height: 900 }): Promise<Checker> {
    const context = await browser.newContext({ viewport });
    return new Checker(await context.newPage());
  }

  /** Opens the page afresh, and waits until this deployment's keys are there. */
  async open(url: string): Promise<void> {
    await this.page.context().setOffline(false);
    await this.page.unrouteAll({ behavior: "wait" });
    this.requests.length = 0;
    this.errors.length = 0;
    await this.page.goto(url);
    await this.page.locator("#trust-keys li").first().waitFor();
  }

  async close(): Promise<void> {
    await this.page.context().close();
    await rm(this.#folder, { recursive: true });
  }

  /** Gives a document to one of the file inputs. */
  async give(
    input: "bundle-file" | "trust-file" | "other-file",
    content: unknown,
    name = "given.json",
  ): Promise<void> {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    // By its path: handing over megabytes in messages takes ten times as long.
    const file = join(this.#folder, name);
    await writeFile(file, text);
    await this.page.locator(`#${input}`).setInputFiles(file);
  }

  /** Drops a document onto a part of the page, as a file. */
  async drop(target: string, content: unknown): Promise<void> {
    const dataTransfer = await this.page.evaluateHandle(
      `(() => { const data = new DataTransfer(); data.items.add(new File([${JSON.stringify(
        JSON.stringify(content),
      )}], "dropped.json")); return data; })()`,
    );
    await this.page.dispatchEvent(target, "drop", { dataTransfer });
  }

  /** Waits for a verdict. */
  async expectVerdict(
    title: "Valid" | "Incomplete" | "Invalid" | "Valid, under keys made in this tab",
  ): Promise<void> {
    await this.page.locator("#verdict-title", { hasText: new RegExp(`^${title}$`) }).waitFor();
  }

  /** Waits until exactly these codes are shown as failing, each with words. */
  async expectFailures(...codes: string[]): Promise<void> {
    await this.expectVerdict("Invalid");
    for (const code of codes) await this.page.locator("#failures .code-tag", { hasText: code }).waitFor();
    expect(await this.page.locator("#failures .code-tag").allInnerTexts()).toEqual(codes);
    for (const line of await this.page.locator("#failures li").allInnerTexts())
      expect(line.length).toBeGreaterThan(60);
    expect(await this.page.locator("#bar-words").innerText()).toContain(codes[0]);
  }

  /** Chooses the receipt at a place. */
  async choose(place: number): Promise<void> {
    await this.page.locator("#rows .row").nth(place).click();
    await this.page.locator("#chosen-title", { hasText: `Receipt ${place}:` }).waitFor();
  }

  /** The box of a field of the statement or the envelope. */
  field(path: string) {
    return this.page.getByLabel(path, { exact: true });
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** The refusal shown at one of the places where things are handed in. */
  async refusal(id: "bundle-refusal" | "trust-refusal" | "other-refusal"): Promise<string> {
    const notice = this.page.locator(`#${id}:not([hidden])`);
    await notice.waitFor();
    return notice.innerText();
  }

  async expectNoErrors(): Promise<void> {
    expect(this.errors).toEqual([]);
  }
}
