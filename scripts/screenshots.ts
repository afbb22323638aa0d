// Takes the README's screenshots from a fresh run on a real server: `npm run screenshots`. Never edited by hand.
import { mkdirSync } from "node:fs";
import { launchChromium } from "../test/server/chromium.ts";
import { startDevServer } from "../test/server/dev-server.ts";
import { endedRun } from "../test/server/runs.ts";
import { shootVerify } from "./screenshots-verify.ts";

const server = await startDevServer();
const { browser, used } = await launchChromium();
console.log(`Chromium from ${used}`);
try {
  mkdirSync("docs/images", { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 960 } });
    await page.goto(server.origin);
    await page.getByRole("button", { name: "Fire the checkout alert" }).click();
    await page.waitForURL(/\/runs\//);
    await page.evaluate(
      "[...document.querySelectorAll('h2')].find((h) => h.innerText.startsWith('What it wants')).scrollIntoView()",
    );
    await page.evaluate("scrollBy(0, -24)");
    await page.locator("#browser-check.is-incomplete").waitFor();
    await page.screenshot({ path: `docs/images/run-${colorScheme}.png` });
    await page.close();
  }
  await shootVerify(browser, server.origin, (await endedRun(server.origin)).run);
} finally {
  await browser.close();
  await server.stop();
}
