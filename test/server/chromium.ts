// A real Chromium for the page tests: the one named by CHROMIUM_PATH, else an installed one, else the npm package's.
import { existsSync } from "node:fs";
import packaged from "@sparticuz/chromium";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

const INSTALLED = [
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Meant for a function that serves one page and ends: with one process, closing a page ends the browser too; without a zygote,
 * each page loads the whole program afresh; and a graphics card made of software, for pages that draw in 3D, takes four times
 * the processor time that these pages need.
 */
const UNWANTED = [
  "--no-zygote",
  ...["--single-process", "--disable-web-security", "--allow-running-insecure-content"],
  ...["--ignore-gpu-blocklist", "--in-process-gpu", "--use-gl=angle", "--use-angle=swiftshader"],
  "--enable-unsafe-swiftshader",
];

/** Chromium of this machine, if there is one, and the one to launch. The package's own is unpacked when it is first asked for. */
export async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  const own = named ?? INSTALLED.find((path) => existsSync(path));
  const source = named ? "CHROMIUM_PATH" : own ? "installed" : "@sparticuz/chromium";
  return { own, source, executablePath: own ?? (await packaged.executablePath()) };
}

/** Launches Chromium and says which one and where it came from. */
export async function launchChromium(): Promise<{ browser: Browser; used: string }> {
  const { own, source, executablePath } = await findChromium();
  const chosen = own ? ["--no-sandbox"] : packaged.args.filter((arg) => !UNWANTED.includes(arg));
  const args = [...chosen, "--disable-gpu"];
  const browser = await chromium.launch({ executablePath, args, headless: true });
  return { browser, used: `${source}: ${executablePath}, version ${browser.version()}` };
}

let shared: ReturnType<typeof launchChromium> | undefined;

/** The one Chromium of a test worker, which ends with it. A test makes a context of its own, and closes it. */
export async function sharedChromium(): Promise<Browser> {
  shared ??= launchChromium();
  return (await shared).browser;
}

/** Stops the clock of pages that are opened from now on: none of their timers goes off unless a test lets time pass. */
export async function stopClock({ clock }: BrowserContext): Promise<void> {
  await clock.install();
  await clock.pauseAt(Date.now() + 60_000);
}
