// The run's page as markup: small whatever it is given, everything invisible marked, the question before the story, and the result in what a link shows.
import { describe, expect, it } from "vitest";
import type { RunStory } from "../../src/host/run-story.ts";
import { RunPage } from "../../src/view/run-page.tsx";
import { statusWords } from "../../src/view/status-words.ts";
import type { Deciding } from "../../src/view/who-decides.tsx";
import { SCENES } from "./scenes.ts";
import { story } from "./stories.ts";

const page = (told: RunStory, deciding: Deciding = { as: "anyone" }) =>
  String(
    <RunPage
      story={told}
      deciding={deciding}
      refused={null}
      origin="https://example.test"
      now="2026-11-29T07:53:00.000Z"
      keys={new Map()}
    />,
  );
const scene = (name: string) => page(SCENES[name]?.() ?? story());

describe("a hostile domain's page", () => {
  const html = scene("hostile");

  it("is under 2 MB", () => {
    expect(html.length).toBeLessThan(2_000_000);
  });

  it("marks every character that cannot be seen, and leaves none in", () => {
    expect(html).toContain("<u>U+202E</u>");
    expect(html).not.toMatch(/[^\P{Cc}\n\t]|\p{Bidi_Control}|\u200b|\p{M}{5}/u);
  });

  it("says how much of each long text it leaves out, and where to have all of it", () => {
    const left =
      /([\d,]+) bytes (?:are not shown here\.<\/b>|are left out\.<\/b>) <a href="\/api\/runs\/[^"]+" download/g;
    const counts = [...html.matchAll(left)].map(([, bytes = ""]) => Number(bytes.replaceAll(",", "")));
    // The longest change, the arguments, the dry run and the script.
    expect(counts.length).toBeGreaterThanOrEqual(4);
    for (const bytes of counts) expect(bytes).toBeGreaterThan(0);
  });

  it("says on the button that it is not shown in full", () => {
    expect(html).toMatch(/value="approve"[\s\S]{0,400}not shown in full/);
  });
});

describe("a run's page", () => {
  it("asks before it tells: question, change, decision, script, story", () => {
    const html = scene("waiting");
    const places = [
      'id="ask-1"',
      'id="change-1"',
      'id="decision"',
      'class="card script"',
      'id="evidence"',
      'id="receipts"',
    ].map((part) => html.indexOf(part));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
  });

  it("names the effect on the button, which is there without script", () => {
    const [button = ""] = /<button[^>]*value="approve"[\s\S]*?<\/button>/.exec(scene("waiting-flag")) ?? [];
    expect(button).toContain("flags.set");
    expect(button).not.toMatch(/<button[^>]* (?:hidden|disabled)/);
  });

  it("offers no decision to whoever may not take it, and says why", () => {
    const html = page(story(), { as: "stranger", mode: "token" });
    expect(html).not.toContain('value="approve"');
    expect(html).toContain("/sign-in?next=/runs/run-840ab3c1d2e3f405162738ab");
  });

  it("lets the starter reject and not approve where the policy asks for somebody else", () => {
    const deciding = {
      as: "known",
      mode: "token",
      actor: { id: "visitor", method: "token" },
      mayDecide: true,
      roles: ["reviewer"],
      hasPasskey: false,
    } as const;
    const html = page(story({ policy: { separateReviewer: true } }), deciding);
    expect(html).not.toContain('value="approve"');
    expect(html).toContain('value="reject"');
    expect(html).toContain("You started this run");
  });

  it.each(["required", "present"] as const)(
    "says on the buttons that a key has to sign: %s",
    (reviewerKey) => {
      const told = story({ policy: { reviewerKey } });
      const alice = {
        as: "known",
        mode: "token",
        actor: { id: "alice", method: "token" },
        mayDecide: true,
        roles: ["reviewer"],
      } as const;
      const html = page(told, { ...alice, hasPasskey: true });
      for (const words of ["Sign and approve ", "Sign and reject", "Sign and request changes"])
        expect(html).toContain(words);
      const without = page(told, { ...alice, hasPasskey: false });
      expect(without).not.toContain('value="approve"');
      expect(without).toContain("no passkey of yours is listed for this address");
      expect(without).toContain("npx countersign-review https://example.test/runs/run-");
      expect(without).toContain('href="/enrol"');
    },
  );

  const ended = Object.entries(SCENES).flatMap(([name, make]) => {
    const { picture, title, sentence } = statusWords(make());
    return picture === null ? [] : [[name, title, sentence] as const];
  });

  it("names the reviewer's role in each form, and asks for it only where there is a choice", () => {
    const approvals = [
      { role: "owner", count: 1 },
      { role: "security", count: 1 },
    ];
    const named = (roles: readonly string[], missing: typeof approvals) => {
      const told = story({ policy: { approvals }, rounds: [{ missing }] });
      const actor = { id: "carol", method: "token" };
      const known = { as: "known", mode: "token", actor, mayDecide: true, hasPasskey: false } as const;
      const fields = /<input type="hidden" name="role" value="(\w+)"|<option value="(\w+)"/g;
      return [...page(told, { ...known, roles }).matchAll(fields)].map(([, role, one]) => role ?? `?${one}`);
    };
    expect(named(["owner"], approvals)).toEqual(["owner", "owner"]);
    expect(named(["owner", "security"], approvals)).toEqual(["?owner", "?security", "?owner", "?security"]);
    // One of the two has its approval already: the server would not know which role was meant.
    expect(named(["owner", "security"], approvals.slice(1))).toEqual(["security", "security"]);
    // Nothing is left to approve in the only role that they hold; they may still reject.
    expect(named(["owner"], approvals.slice(1))).toEqual(["owner", "owner"]);
    expect(named(["stranger"], approvals)).toEqual([]);
  });

  it.each([
    ["stranger", "in roles that you do not hold", false],
    ["owner", "Your role has all its approvals", true],
  ])("offers no approval to a reviewer whose role is not asked for: %s", (role, words, mayReject) => {
    const approvals = [
      { role: "owner", count: 1 },
      { role: "security", count: 1 },
    ];
    const told = story({ policy: { approvals }, rounds: [{ missing: approvals.slice(1) }] });
    const actor = { id: "carol", method: "token" };
    const html = page(told, {
      ...{ as: "known", mode: "token", actor, mayDecide: true, hasPasskey: false },
      roles: [role],
    } as Deciding);
    expect(html).toContain(words);
    expect(html).not.toContain('value="approve"');
    expect(html.includes('value="reject"')).toBe(mayReject);
  });

  it.each(ended)("says the true result to whoever unfurls a link: %s", (name, title, sentence) => {
    const html = scene(name);
    const meta = (property: string) =>
      new RegExp(`<meta property="${property}" content="([^"]*)"`).exec(html)?.[1];
    expect(meta("og:title")).toContain(title);
    expect(meta("og:description")).toContain(`${title} ${sentence}`.trim());
    expect(html).toContain(`<title>${meta("og:title")} · Countersign</title>`);
    expect(html).toContain(`<meta name="description" content="${meta("og:description")}"`);
  });

  it.each(Object.keys(SCENES))("has no inline script or style and nothing from elsewhere: %s", (name) => {
    const html = scene(name);
    expect(html).not.toMatch(/<script(?![^>]*src="\/)|<style| style="| on\w+="/);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it("never says verified by itself", () => {
    expect(scene("fixed").replace("Not verified by your browser yet", "")).not.toMatch(/\bverified\b/i);
  });
});
