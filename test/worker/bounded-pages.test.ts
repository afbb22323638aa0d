// A page stays small whatever a run holds, and says what it leaves out: at the place, at the button that decides, and with a link
// to all of it.
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { post, request } from "./client.ts";
import { proposing, startWith } from "./instances.ts";

/** Largest page that anything may make, in bytes. */
const LARGEST = 2_000_000;

async function pageOf({ run, status }: RunView): Promise<string> {
  expect(status).toBe("awaiting_decision");
  const response = await request(`/runs/${run}`, { headers: { accept: "text/html" } });
  expect(response.status).toBe(200);
  return response.text();
}

const sizeOf = (html: string) => new TextEncoder().encode(html).length;
const wordsOf = (html: string) => html.replace(/<[^>]*>/g, "");
const approveOf = (html: string) =>
  wordsOf(/<button class="approve".*?<\/button>/s.exec(html)?.[0] ?? "").replace(/\s+/g, " ");

/** A script that asks to write what an expression makes. */
const writing = (content: string) => `async () => {
  await repository.write_file({ path: "big.txt", content: ${content}, before: null });
}`;

describe("the page of a large proposal", () => {
  it.each([
    ["one control character over and over", '"\\u007f".repeat(900_000)'],
    ["control characters in turn", '"\\u007f\\u0080\\u0081\\u0082".repeat(140_000)'],
    ["a control character beside every letter", '"a\\u007f".repeat(450_000)'],
    ["a bidirectional control beside every letter", '"a\\u202e".repeat(200_000)'],
    ["empty lines", '"\\n".repeat(450_000)'],
    ["lines of one letter", '"a\\n".repeat(300_000)'],
    ["one line of quotes and markup", "`<\"&'>`.repeat(150_000)"],
    ["combining marks", '("e" + "\\u0301\\u0302\\u0303".repeat(150)).repeat(900)'],
    ["numbers, which are coloured one by one", '"1,".repeat(14_000)'],
  ])("of %s is small", async (_, content) => {
    const html = await pageOf(await startWith(proposing(writing(content))));
    expect(sizeOf(html)).toBeLessThan(LARGEST);
    expect(html).toContain("</html>");
  });

  it("shows the first and the last 64 KB, says how much it leaves out, and where all of it is", async () => {
    const line = (n: string) =>
      `"line " + String(${n}).padStart(6, "0") + " of a file that nobody can read whole\\n"`;
    const content = `Array.from({ length: 15_000 }, (_, i) => ${line("i")}).join("")`;
    const view = await startWith(proposing(writing(content)));
    const html = await pageOf(view);
    expect(sizeOf(html)).toBeLessThan(LARGEST);
    const drawn = new Set([...html.matchAll(/line (\d{6}) of/g)].map(([, n]) => Number(n)));
    const lineBytes = 49;
    for (const shown of [
      0,
      Math.floor((60 * 1024) / lineBytes),
      15_000 - Math.floor((60 * 1024) / lineBytes),
      14_999,
    ]) {
      expect(drawn.has(shown), `line ${shown}`).toBe(true);
    }
    expect(drawn.has(7_500)).toBe(false);
    const [, bytes = "", lines = ""] =
      /([\d,]+) bytes of ([\d,]+) lines are not shown here/.exec(wordsOf(html)) ?? [];
    const number = (text: string) => Number(text.replaceAll(",", ""));
    expect(number(lines) + drawn.size).toBe(15_000);
    expect(number(bytes)).toBe(number(lines) * lineBytes);
    expect(wordsOf(html)).toContain("This change is not shown in full");
    const action = view.pending?.action ?? "none";
    expect(html).toContain(`<a href="/api/runs/${view.run}/artifacts/${action}" download`);
    expect(approveOf(html)).toBe("Approve, not shown in full a");
  });

  it("cuts a single long line too, at both ends", async () => {
    const html = await pageOf(
      await startWith(proposing(writing('"<start>" + "x".repeat(900_000) + "<end>"'))),
    );
    const diff = /<figure class="diff">.*?<\/figure>/s.exec(html)?.[0] ?? "";
    expect(sizeOf(diff)).toBeGreaterThan(2 * 60 * 1024);
    expect(sizeOf(diff)).toBeLessThan(2 * 70 * 1024);
    expect(diff).toMatch(/&lt;start&gt;x+<.*bytes of 1 line are not shown here.*>x+&lt;end&gt;/s);
    expect(approveOf(html)).toContain("not shown in full");
  });

  it("of one that is shown whole has a plain button, also where its script is long", async () => {
    const short = await pageOf(await startWith(proposing(writing('"x\\n".repeat(500)'))));
    expect(approveOf(short)).toBe("Approve a");
    expect(wordsOf(short)).not.toContain("not shown");
    const padded = `async () => {
      // ${"so it is. ".repeat(50_000)}
      await repository.write_file({ path: "big.txt", content: "x", before: null });
    }`;
    const long = await pageOf(await startWith(proposing(padded)));
    expect(approveOf(long)).toBe("Approve a");
    expect(wordsOf(long)).toMatch(/bytes are not shown here\..*Download all of it/s);
  });
});

describe("the page of a run that holds much else", () => {
  it.each([
    ["bidirectional controls", "\u202e"],
    ["letters and controls", "a\u202e"],
    ["escaped controls", "\u0001"],
    ["quotes", '"'],
  ])("is small with an alert of 60 KB of %s", async (_, text) => {
    const details = text.repeat(Math.floor(60_000 / JSON.stringify(text).length / 1.5));
    const response = await post("/api/runs", {
      alert: { source: "test", title: "Large", firedAt: "2026-11-23T06:00:00.000Z", details },
    });
    const view: RunView = await response.json();
    expect(response.status, JSON.stringify(view).slice(0, 300)).toBe(201);
    const html = await pageOf(view);
    expect(sizeOf(html)).toBeLessThan(LARGEST);
    expect(approveOf(html), "what is decided on has room of its own").toBe("Approve a");
  });

  it("is small with megabytes of evidence, and what is decided on is shown whole", async () => {
    const code = `async () => {
      for (let i = 0; i < 150; i += 1) {
        await repository.preview_patch({ path: "src/notes-" + i + ".js", content: "1,\\u0001".repeat(5_000) });
      }
      return { summary: "a\\u202e".repeat(1_900) };
    }`;
    const view = await startWith({
      investigate: () => ({ code }),
      ...proposing(writing('"x\\n".repeat(500)')),
    });
    const html = await pageOf(view);
    expect(sizeOf(html)).toBeLessThan(LARGEST);
    expect(approveOf(html)).toBe("Approve a");
    expect(wordsOf(html)).toContain("bytes are not shown here");
  });

  it("is small after many large rounds", async () => {
    const random = '(String(Math.random()) + "a\\u0001\\n".repeat(20_000))';
    let view = await startWith(proposing(writing(random)), { revisions: 30 });
    for (let round = 0; round < 20; round += 1) {
      const next = await post(`/api/runs/${view.run}/request-changes`, {
        proposal: view.pending?.proposal,
        feedback: "\u202ea".repeat(900),
      });
      view = await next.json();
      expect(view.status).toBe("awaiting_decision");
    }
    expect(sizeOf(await pageOf(view))).toBeLessThan(LARGEST);
  });
});
