// Takes the README's pictures of a fresh run on a real server: `npm run screenshots`. With a pattern (`npm run screenshots -- run-`, or `.`
// for all) it takes every screen and state that matches, in light, in dark and on a phone, into .cache/pictures. Never edited by hand.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../test/server/chromium.ts";
import { type DevServer, startDevServer } from "../test/server/dev-server.ts";

const LOOKS = [
  { look: "light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { look: "dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { look: "phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
  { look: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 } },
] as const;
const README = { width: 1280, height: 960 };
const ALL = ".cache/pictures";

type Go = (page: Page) => Promise<void>;

const fire: Go = async (page) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Fire the demo alert" }).click();
  await page.waitForURL(/\/runs\//);
  await held(page);
};
const held: Go = (page) => page.locator("#check-brief.is-held").waitFor();

/** Decides by the API on the run that a page shows, and waits until the page shows what came of it. */
const decided =
  (how: string, words: object, shown: string): Go =>
  async (page) => {
    await fire(page);
    const run = new URL(page.url()).pathname.replace("/runs/", "/api/runs/");
    const { pending } = await (await page.request.get(run)).json();
    await page.request.post(`${run}/${how}`, { data: { proposal: pending.proposal, ...words } });
    await page.locator(shown).waitFor();
    await held(page);
  };

/** Real screens, by name: how to get there. */
const SCREENS: Readonly<Record<string, Go>> = {
  "run-waiting": fire,
  "run-reason": async (page) => {
    await fire(page);
    await page.locator("#decision button[value=request_changes]").click();
  },
  "run-tape": async (page) => {
    await fire(page);
    const summary = page.locator("#tape summary");
    if (await summary.isVisible()) await summary.click();
  },
  "run-revised": decided("request-changes", { feedback: "Answer 409 instead." }, "#ask-2"),
  "run-fixed": decided("approve", {}, "#result"),
  "run-rejected": decided("reject", { reason: "Not in a freeze" }, "#result"),
  desk: async (page) => {
    await page.goto("/");
    await page.locator("#sample-check.is-held").waitFor();
  },
  receipt: async (page) => {
    await fire(page);
    await page.goto(`${page.url()}/receipts/3`);
  },
  verify: async (page) => {
    await page.goto("/verify");
    await page.locator("#verdict.is-valid").waitFor();
  },
  "verify-forged": async (page) => {
    await page.goto("/verify?try=forge");
    await page.locator("#verdict.is-invalid").waitFor();
  },
  docs: async (page) => void (await page.goto("/docs")),
  "sign-in": async (page) => void (await page.goto("/sign-in")),
  error: async (page) => void (await page.goto("/runs/run-000000000000000000000000")),
};

/** Pages of the stories that tests tell, each in a state that a real run takes long to get to. */
async function scenes(): Promise<typeof import("../test/view/scene-page.tsx")> {
  const outfile = join(ALL, "scene-page.mjs");
  const entryPoints = ["test/view/scene-page.tsx"];
  await build({
    entryPoints,
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    tsconfig: "tsconfig.json",
  });
  return import(pathToFileURL(resolve(outfile)).href);
}

async function takeAll(browser: Browser, { origin }: DevServer, only: RegExp): Promise<void> {
  mkdirSync(ALL, { recursive: true });
  const { SCENE_NAMES, scenePage } = await scenes();
  const states = [
    ...Object.entries(SCREENS),
    ...SCENE_NAMES.map((name): [string, Go] => [
      `scene-${name}`,
      async (page) => {
        const body = scenePage(name, origin);
        await page.route("**/scene", (route) => route.fulfill({ contentType: "text/html", body }));
        // Its script would ask for a run that is not there.
        await page.route("**/run-page.js", (route) =>
          route.fulfill({ contentType: "text/javascript", body: "" }),
        );
        await page.goto("/scene");
      },
    ]),
  ].filter(([name]) => only.test(name));
  for (const [name, go] of states) {
    for (const { look, ...options } of LOOKS) {
      const page = await browser.newPage({ baseURL: origin, ...options });
      await go(page);
      await page.screenshot({ path: join(ALL, `${name}-${look}.png`) });
      await page.close();
    }
  }
}

async function takeReadmes(browser: Browser, { origin }: DevServer): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ baseURL: origin, colorScheme, viewport: README });
    await fire(page);
    await page.screenshot({ path: `docs/images/run-${colorScheme}.png` });
    await page.close();
  }
}

const [only] = process.argv.slice(2);
const server = await startDevServer();
const { browser, used } = await launchChromium();
console.log(`Chromium from ${used}`);
try {
  if (only === undefined) await takeReadmes(browser, server);
  else await takeAll(browser, server, new RegExp(only));
} finally {
  await browser.close();
  await server.stop();
}
