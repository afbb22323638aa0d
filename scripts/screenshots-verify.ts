// Pictures of the verify page, a chain that holds and one that is broken, to be looked at: they go to .cache/screens, not to docs.
import type { Browser, Page } from "playwright-core";

const FOLDER = ".cache/screens";

const LOOKS = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 960 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 960 } },
  phone: { colorScheme: "light", viewport: { width: 390, height: 844 } },
  "phone-dark": { colorScheme: "dark", viewport: { width: 390, height: 844 } },
} as const;

/** Takes them all, of a run that has ended. */
export async function shootVerify(browser: Browser, origin: string, run: string): Promise<void> {
  for (const [look, options] of Object.entries(LOOKS)) {
    const page = await browser.newPage(options);
    const shoot = (state: string, fullPage = false) =>
      page.screenshot({ path: `${FOLDER}/verify-${state}-${look}.png`, fullPage });
    await page.goto(`${origin}/verify`);
    await page.locator("#trust-keys li").first().waitFor();
    await shoot("empty");
    await page.goto(`${origin}/verify?run=${run}`);
    await verdict(page, "Valid");
    await shoot("valid", true);
    await page.getByLabel("predicate.decision", { exact: true }).fill("reject");
    await verdict(page, "Invalid");
    await shoot("editing");
    await page.evaluate("scrollTo(0, 0)");
    await shoot("broken");
    await shoot("broken-whole", true);
    await page.getByRole("button", { name: "Sign everything again" }).click();
    await page.locator("#believe-own").check();
    await page.locator(".code-tag", { hasText: "ERR_EXECUTION_STATUS" }).waitFor();
    await page.locator("#resign-title").scrollIntoViewIfNeeded();
    await shoot("resigned");
    await page.locator("#bundle-file").setInputFiles("README.md");
    await page.locator("#bundle-refusal:not([hidden])").waitFor();
    await page.evaluate("scrollTo(0, 0)");
    await shoot("refused");
    await page.close();
  }
}

function verdict(page: Page, title: string): Promise<void> {
  return page.locator("#verdict-title", { hasText: new RegExp(`^${title}$`) }).waitFor();
}
