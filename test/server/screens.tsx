// Every page and state that a person can come to see, each reached on a real server. One list for the tests that look at
// all of them.
import type { BrowserContext, Page } from "playwright-core";
import type { RunView } from "../../src/chain/index.ts";
import { sha256Hex } from "../../src/receipt/index.ts";
import { DiffTable } from "../../src/view/diff-table.tsx";
import { Page as Frame } from "../../src/view/page.tsx";

export interface Screen {
  readonly name: string;
  /** Goes there. */
  open(page: Page): Promise<void>;
  /** True where a decision is asked for. */
  readonly decides?: boolean;
}

const TOKEN = "alice-token";
const REVIEWERS = [{ id: "alice@example.com", sha256: sha256Hex(new TextEncoder().encode(TOKEN)) }];
/** For one request, a deployment whose reviewers sign in. */
const TOKENS = {
  "x-test-settings": JSON.stringify({ REVIEW_AUTH: "token", REVIEWER_TOKENS: JSON.stringify(REVIEWERS) }),
};
const AS_ALICE = { ...TOKENS, authorization: `Bearer ${TOKEN}` };

/** Screens that need no run. */
export function screensWithoutRuns(origin: string): Screen[] {
  const at = (name: string, path: string, headers?: Record<string, string>): Screen => ({
    name,
    open: (page) => visit(page, `${origin}${path}`, headers),
  });
  return [
    at("the desk", "/"),
    at("nothing at this address", "/nothing"),
    at("no such run", `/runs/run-${"0".repeat(24)}`),
    at("no such receipt", `/runs/run-${"0".repeat(24)}/receipts/7`),
    {
      name: "a form that cannot be used",
      async open(page) {
        await visit(page, `${origin}/`);
        await page.evaluate("document.querySelector('form[action=\"/runs\"]').enctype = 'text/plain'");
        await page.getByRole("button", { name: "Fire the checkout alert" }).click();
        await page.getByRole("heading", { level: 1, name: "That could not be used" }).waitFor();
        await page.waitForLoadState();
      },
    },
    { name: "a change made to deceive", open: (page) => openChange(page, origin) },
    { name: "nothing to check yet", open: (page) => check(page, origin, null) },
    {
      name: "a file that cannot be checked",
      async open(page) {
        await check(page, origin, null);
        await page.locator("#bundle-file").setInputFiles("README.md");
        await page.locator("#bundle-refusal:not([hidden])").waitFor();
      },
    },
    at("the API's page", "/docs"),
    at("an empty list", "/?status=failed"),
    at("the way in", "/sign-in", TOKENS),
    at("the desk for reviewers", "/", TOKENS),
    at("a deployment without its keys", `/runs/run-${"0".repeat(24)}`, {
      "x-test-settings": JSON.stringify({ HUMAN_SIGNING_KEY: "" }),
    }),
  ];
}

/** The verify page, once it has its keys, and the verdict where it is given a run. */
async function check(page: Page, origin: string, run: RunView | null): Promise<void> {
  await page.goto(`${origin}/verify${run ? `?run=${run.run}` : ""}`);
  await page.locator("#trust-keys li").first().waitFor();
  if (run) await page.locator("#verdict-title:not(:text-is('No verdict yet'))").waitFor();
}

/** A run on the verify page, after one of its buttons was pressed, until the bar says what came of it. */
function broken(origin: string, run: RunView, button: string): Screen {
  return {
    name: `a chain broken: ${button}`,
    async open(page) {
      await check(page, origin, run);
      await page.getByRole("button", { name: button, exact: true }).click();
      await page.locator("#bar:not([hidden])").waitFor();
    },
  };
}

/** A change as no planner of ours proposes it: replaced words, hidden characters, a line without end, side by side. */
async function openChange(page: Page, origin: string): Promise<void> {
  const before = `const total = price * count; // sum\nif (access !== "user") {\n  deny();\n}\n`;
  const pushed = " ".repeat(400);
  const after = `const total = price * counts; // sum\nif (access !== "user\u202e \u2066// admins\u2069 \u2066") {\n  deny\u200b();${pushed}allow();\n}`;
  const html = (
    <Frame title="A change" name="run">
      <h1>A change</h1>
      <DiffTable
        id="change"
        change={{ path: "src/\u202esj.js", before, after, isNew: false, isText: true }}
      />
    </Frame>
  );
  const body = `<!doctype html>${await html.toString()}`;
  await page.route(`${origin}/change`, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${origin}/change`);
}

/** What a state is called in the window's title, and the icon in its tab. */
export interface TitledScreen extends Screen {
  readonly title?: string;
  readonly icon?: string;
}

/** Brings runs into every state and gives the screens that show them. The server must be the one with the door. */
export async function screensWithRuns(origin: string): Promise<TitledScreen[]> {
  const runs = new Runs(origin);
  const [open, revised, resolved, unresolved, rejected, expired, failed] = await Promise.all([
    runs.start(),
    runs.revise(await runs.start(), "Answer 409 instead.", "Count it with a metric, and paint it blue."),
    runs.start().then((run) => runs.decide(run, "approve", { reason: "Reads well." })),
    runs.breaks(await runs.start(), "src/pricing.js"),
    runs.start().then((run) => runs.decide(run, "reject", { reason: "Not tonight." })),
    runs.expire(),
    runs.breaks(await runs.start(), "src/checkout.js"),
  ]);
  const at = (name: string, path: string, headers?: Record<string, string>): Screen => ({
    name,
    open: (page) => visit(page, `${origin}${path}`, headers),
  });
  const is = (title: string, icon: string) => ({ title, icon });
  const cut = (run: RunView, receipts: number) =>
    [`/runs/${run.run}`, { "x-test-receipts": String(receipts) }] as const;
  return [
    at("the desk with runs", "/"),
    at("a list of runs", "/?status=awaiting_decision"),
    {
      name: "the verifier with a run",
      async open(page) {
        await visit(page, `${origin}/verify?run=${resolved.run}`);
        await page.locator("#checks li").first().waitFor();
      },
    },
    at("a run that waits, for a stranger", `/runs/${open.run}`, TOKENS),
    { ...at("a run that waits, for a reviewer", `/runs/${open.run}`, AS_ALICE), decides: true },
    {
      ...at("a run that waits for a decision", `/runs/${open.run}`),
      ...is("Decision needed", "waiting"),
      decides: true,
    },
    { ...at("a run that waits on its last revision", `/runs/${revised.run}`), decides: true },
    { ...at("a run that starts", ...cut(resolved, 0)), ...is("Investigating", "working") },
    at("a run that investigates", ...cut(resolved, 1)),
    at("a run that works out a proposal", ...cut(resolved, 2)),
    { ...at("a run that carries out an approval", ...cut(resolved, 5)), ...is("Working", "working") },
    at("a run that measures", ...cut(resolved, 6)),
    { ...at("a resolved run", `/runs/${resolved.run}`), ...is("Fixed", "good") },
    { ...at("an unresolved run", `/runs/${unresolved.run}`), ...is("Worse", "bad") },
    { ...at("a rejected run", `/runs/${rejected.run}`), ...is("Rejected", "quiet") },
    { ...at("an expired run", `/runs/${expired.run}`), ...is("Expired", "quiet") },
    { ...at("a failed run", `/runs/${failed.run}`), ...is("Not written", "bad") },
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((seq) => at(`receipt ${seq}`, `/runs/${resolved.run}/receipts/${seq}`)),
    { name: "a chain that holds", open: (page) => check(page, origin, resolved) },
    { name: "a chain that is open", open: (page) => check(page, origin, open) },
    ...["Drop it", "Sign everything again"].map((button) => broken(origin, resolved, button)),
    {
      name: "a run whose receipts do not verify",
      async open(page) {
        await page.route("**/api/runs/*/bundle", async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, json: { ...(await response.json()), receipts: [] } });
        });
        await visit(page, `${origin}/runs/${resolved.run}`);
        await page.locator("#browser-check.is-invalid").waitFor();
      },
    },
    at("a receipt beyond the last", `/runs/${resolved.run}/receipts/8`),
    refusal(origin, "a request for changes without words", {
      before: () => runs.start(),
      press: (page) => page.evaluate(SEND_NO_WORDS),
      decides: true,
    }),
    refusal(origin, "a decision on a proposal that was replaced", {
      before: () => runs.start(),
      meanwhile: (run) => runs.decide(run, "request-changes", { feedback: "Answer 409 instead." }),
      press: approve,
      decides: true,
    }),
    refusal(origin, "a decision on a run that has ended", {
      before: () => runs.start(),
      meanwhile: (run) => runs.decide(run, "reject"),
      press: approve,
      decides: false,
    }),
  ];
}

interface Refusal {
  readonly before: () => Promise<RunView>;
  readonly meanwhile?: (run: RunView) => Promise<unknown>;
  readonly press: (page: Page) => Promise<unknown>;
  readonly decides: boolean;
}

const approve = (page: Page) => page.getByRole("button", { name: "Approve" }).click();

/** Sends the form as a browser without script does, past what the page's own script would say. */
const SEND_NO_WORDS = `{
  const form = document.querySelector(".decision-form");
  const choice = document.createElement("input");
  Object.assign(choice, { type: "hidden", name: "decision", value: "request_changes" });
  form.append(choice);
  form.submit();
}`;

/** A decision that is refused, as the page says it. */
function refusal(origin: string, name: string, { before, meanwhile, press, decides }: Refusal): Screen {
  return {
    name: `refused: ${name}`,
    decides,
    async open(page) {
      const run = await before();
      await visit(page, `${origin}/runs/${run.run}`);
      await meanwhile?.(run);
      await press(page);
      await page.locator(".notice:not([hidden])").waitFor();
      // With its styles, which decide what shows.
      await page.waitForLoadState();
    },
  };
}

async function visit(page: Page, url: string, headers: Record<string, string> = {}): Promise<void> {
  await page.setExtraHTTPHeaders(headers);
  await page.goto(url);
}

/** Holds pages still, with the door, which serves none that reloads: one that follows its run would change under a look. */
export async function holdStill(context: BrowserContext): Promise<void> {
  await context.routeWebSocket(/\/live$/, (socket) => socket.onMessage(() => socket.send("pong")));
}

class Runs {
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  start(headers: Record<string, string> = {}): Promise<RunView> {
    return this.#post("/api/runs", {}, headers);
  }

  decide(view: RunView, how: string, more: Record<string, string> = {}): Promise<RunView> {
    return this.#post(`/api/runs/${view.run}/${how}`, { proposal: view.pending?.proposal, ...more });
  }

  async revise(view: RunView, ...feedback: string[]): Promise<RunView> {
    let latest = view;
    for (const words of feedback) latest = await this.decide(latest, "request-changes", { feedback: words });
    return latest;
  }

  /** Approves after somebody else has broken a file: the proposed one, or one beside it. */
  async breaks(view: RunView, path: string): Promise<RunView> {
    await this.#post(`/edit/${view.run}`, { path, content: "throw new Error('broken');\n" });
    return this.decide(view, "approve");
  }

  /** A run that nobody decided on in time. */
  async expire(): Promise<RunView> {
    let view = await this.start({ "x-test-settings": JSON.stringify({ DECISION_SECONDS: "1" }) });
    const path = `${this.#origin}/api/runs/${view.run}`;
    while (view.status !== "expired" || view.due !== null) {
      view = (await (await fetch(path)).json()) as RunView;
    }
    return view;
  }

  async #post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<RunView> {
    const response = await fetch(`${this.#origin}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<RunView>;
  }
}
