// What a script or an agent writes is shown to a human: as text, on every page and in every answer. The pages are read with a
// real HTML parser; whatever it takes for an element or an attribute must be one of ours.
import { beforeAll, describe, expect, it } from "vitest";
import { decided, get, receiptsOf, request } from "../client.ts";
import { attack, expectWritten } from "./attack.ts";

const PAYLOADS = [
  `<script>hostile()</script>`,
  `"><img src=x onerror=hostile()>`,
  `' autofocus onfocus='hostile()`,
  `</pre></code></template></title></textarea></script><svg onload=hostile()>`,
  `<!--><iframe srcdoc="<script>hostile()</script>">`,
  `<a href="javascript:hostile()">x</a>`,
  `{{hostile()}}\${hostile()}`,
  `\u202e<hostile-element>\u2066\u0000\u001b[31m`,
];
const ALL = PAYLOADS.join("\n");
const PATH = `notes/${PAYLOADS.slice(0, 3).join("")}.html`;

let run: string;
beforeAll(async () => {
  const code = `async () => {
    // ${ALL.replaceAll("\n", "\n    // ")}
    await repository.write_file({ path: ${JSON.stringify(PATH)}, content: ${JSON.stringify(ALL)}, before: null });
    throw new Error(${JSON.stringify(ALL)});
  }`;
  const investigate = `async () => {
    const hostile = ${JSON.stringify(ALL)};
    await runbooks.search({ query: hostile.slice(0, 500) });
    await repository.preview_patch({ path: "src/" + hostile.slice(0, 400), content: hostile });
    return { summary: hostile };
  }`;
  const view = await attack({
    investigate: () => ({ code: investigate }),
    propose: ({ feedback }) => ({
      propose: true,
      code,
      summary: ALL,
      risk: "low",
      feedback: feedback === null ? null : { applied: [ALL], notApplied: [ALL] },
    }),
  });
  expect(view.pending?.path).toBe(PATH);
  run = (await decided(view, "request-changes", { feedback: ALL })).run;
});

/** Every element and attribute of a page that could act, as the parser sees them. */
async function activeParts(path: string) {
  const response = await request(path);
  expect(response.status, path).toBe(200);
  expect(response.headers.get("content-type"), path).toMatch(/^text\/html/);
  expect(response.headers.get("content-security-policy"), path).toMatch(/script-src 'self'(;|$)/);
  const found: string[] = [];
  const names = new Set<string>();
  const text: string[] = [];
  const page = new HTMLRewriter()
    .on("*", {
      element(element) {
        names.add(element.tagName);
        for (const [name = "", value = ""] of element.attributes) {
          if (/^on|^srcdoc$|^autofocus$/i.test(name)) found.push(`${element.tagName} ${name}`);
          if (/^\s*(javascript|data|vbscript):/i.test(value))
            found.push(`${element.tagName} ${name}=${value}`);
          if (name === "src" && !value.startsWith("/")) found.push(`${element.tagName} src=${value}`);
        }
      },
      text: (chunk) => void text.push(chunk.text),
    })
    .transform(response);
  await page.text();
  for (const name of ["iframe", "hostile-element", "object", "embed", "base"])
    if (names.has(name)) found.push(name);
  return { found, shown: text.join("") };
}

async function expectInert(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { found, shown } = await activeParts(path);
    expect(found, path).toEqual([]);
    expect(shown, path).not.toContain("<script>hostile");
  }
}

describe("hostile text in a run", () => {
  it("is escaped on the run's page and the desk while it waits for a decision", async () => {
    const page = await (await request(`/runs/${run}`)).text();
    expect(page).toContain("&lt;img src=x onerror=hostile()&gt;");
    expect(page).not.toMatch(/<img src=x|<script>hostile|<svg onload|<iframe|<hostile-element/);
    await expectInert([`/runs/${run}`, "/"]);
  });

  it("is escaped on the page of every receipt, and once the run has ended", async () => {
    const view = await get<Parameters<typeof decided>[0]>(`/api/runs/${run}`);
    const done = await decided(view, "approve", { reason: ALL });
    expect(done).toMatchObject({ status: "completed", due: null });
    const { receipts } = await receiptsOf(run);
    await expectInert([`/runs/${run}`, "/", ...receipts.map(({ seq }) => `/runs/${run}/receipts/${seq}`)]);
    await expectWritten(run, { [PATH]: ALL });
  });

  it("comes as bytes to save, never as a document, from the artifacts", async () => {
    const { receipts } = await receiptsOf(run);
    const digests = new Set(
      receipts.flatMap(({ statement }) => statement.subject.map(({ digest }) => digest.sha256)),
    );
    for (const digest of digests) {
      const { headers } = await request(`/api/runs/${run}/artifacts/sha256:${digest}`);
      expect(headers.get("content-type")).not.toMatch(/html|svg|xml|javascript/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    expect(digests.size).toBeGreaterThan(8);
  });
});
