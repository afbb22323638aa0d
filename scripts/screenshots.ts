// Takes the README's pictures of a fresh run on a real server: `npm run screenshots`. Never edited by hand.
import { launchChromium } from "../test/server/chromium.ts";
import { startDevServer } from "../test/server/dev-server.ts";

const server = await startDevServer();
const { browser, used } = await launchChromium();
console.log(`Chromium from ${used}`);
try {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 960 } });
    await page.goto(server.origin);
    await page.getByRole("button", { name: "Fire the demo alert" }).click();
    await page.waitForURL(/\/runs\//);
    await page.locator("#check-brief.is-held").waitFor();
    await page.screenshot({ path: `docs/images/run-${colorScheme}.png` });
    await page.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
