// Generates requests that must change nothing: noise over every route, method, header and shape of body, and good writes with
// exactly one thing wrong. The paths come from the app itself, so a new route is covered by itself.
// Longer than other files, for it is one grammar whose rules name each other.
import fc from "fast-check";
import type { RunView } from "../../src/host/index.ts";
import app from "./worker.ts";

export interface BadRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

const ORIGIN = "http://localhost:8787";
const DIGEST = `sha256:${"0".repeat(64)}`;
const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

const METHODS = fc.oneof(
  { weight: 4, arbitrary: fc.constant("POST") },
  { weight: 3, arbitrary: fc.constant("GET") },
  { weight: 2, arbitrary: fc.constantFrom("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "post") },
);
const PATHS = [...new Set(app.routes.map(({ path }) => path).filter((path) => !path.includes("*")))];
/** Routes that start a run. A request to one of them is bad only with something wrong in it. */
const STARTS = /^\/(api\/)?runs$|^\/api\/alerts\//;
/** A form without fields: all that can be wrong with it is where it comes from. */
const CONTINUES = /^\/runs\/[^/]*\/continue$/;

const ODD = [
  ...["", "..", "%2e%2e", "%00", "%ff", "%", "%zz", "run-", "RUN-000000000000000000000000", "null", "0"],
  ...[
    "__proto__",
    "constructor",
    "a".repeat(3000),
    "é",
    "🙂",
    "%F0%9F%99%82",
    "x%2fy",
    "*",
    ":run",
    "'--",
    "<b>",
  ],
];

/** Header values that mean something to some route, or try to. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  accept: ["text/html", "application/json", "*/*", "", "image/png;q=2", "text/html,".repeat(200)],
  authorization: ["Bearer x", "Bearer ", "Basic eDp4", "Bearer a b", "x"],
  "cf-access-jwt-assertion": ["eyJhbGciOiJub25lIn0.e30.", "", "a.b.c"],
  "cf-webhook-auth": ["x", ""],
  "content-encoding": ["gzip", "br", "identity"],
  "content-type": [
    JSON_TYPE,
    FORM_TYPE,
    "text/plain",
    "multipart/form-data",
    "application/json; charset=utf-16",
    "x",
  ],
  cookie: [
    "countersign=x",
    "countersign",
    "__Host-countersign=%",
    "a=b; ".repeat(500),
    "countersign=x; countersign=y",
  ],
  "idempotency-key": ["a b", "", "k".repeat(201), "\t"],
  "if-none-match": ["*", `"${DIGEST}"`],
  "last-event-id": ["-1", "x"],
  origin: [ORIGIN, "null", "https://evil.example", "http://localhost", ""],
  prefer: ["respond-async", "respond-async, wait=5", "return=minimal", ",,,"],
  range: ["bytes=0-0", "bytes=-1", "lines=1"],
  "sec-fetch-site": ["same-origin", "cross-site", "same-site", "none", "x"],
  "transfer-encoding": ["chunked"],
  upgrade: ["websocket", "h2c"],
  "webhook-id": ["x", ""],
  "webhook-timestamp": ["0", "x"],
  "x-forwarded-host": ["evil.example"],
  "x-http-method-override": ["DELETE", "GET"],
};

const headers = fc
  .array(
    fc
      .constantFrom(...Object.keys(HEADERS))
      .chain((name) =>
        fc.tuple(
          fc.constant(name),
          fc.oneof(
            fc.constantFrom(...(HEADERS[name] ?? [""])),
            fc.string({ unit: "binary-ascii", maxLength: 20 }),
          ),
        ),
      ),
    { maxLength: 5 },
  )
  .map((pairs) => Object.fromEntries(pairs.filter(([, value]) => isHeaderValue(value))));

function isHeaderValue(value: string): boolean {
  try {
    new Headers({ x: value });
    return true;
  } catch {
    return false;
  }
}

/** A JSON text, also such as no JSON library would write. */
const jsonText = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.constantFrom(
    "{",
    "[]",
    "null",
    "1e999",
    '"\\ud800"',
    '{"a":1,"a":2}',
    "{}{}",
    "\ufeff{}",
    "NaN",
    "-0",
    "{}",
  ),
  fc.constantFrom("[".repeat(4000), `${"[".repeat(4000)}${"]".repeat(4000)}`, '{"a":'.repeat(3000)),
  fc.constantFrom(
    '{"__proto__":{"proposal":1}}',
    '{"constructor":{"prototype":{}}}',
    `{"alert":${"1".repeat(400)}}`,
  ),
);

/** Words where a route expects others. */
const word = fc.oneof(
  fc.constantFrom(
    DIGEST,
    "",
    "latest",
    "approve",
    "maybe",
    "x".repeat(2001),
    "\ud800",
    "\u0000",
    "a\r\nb",
    "💥",
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.jsonValue({ maxDepth: 1 }),
);

const record = fc.dictionary(
  fc.constantFrom(
    "proposal",
    "reason",
    "feedback",
    "decision",
    "alert",
    "alerts",
    "continues",
    "token",
    "next",
    "type",
  ),
  word,
  { maxKeys: 4 },
);

const body: fc.Arbitrary<string | Uint8Array | null> = fc.oneof(
  { weight: 4, arbitrary: record.map((fields) => JSON.stringify(fields)) },
  { weight: 3, arbitrary: jsonText },
  {
    weight: 3,
    arbitrary: record.map((fields) =>
      new URLSearchParams(
        Object.entries(fields).map(([key, value]) => [
          key,
          typeof value === "string" ? value : JSON.stringify(value),
        ]),
      ).toString(),
    ),
  },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 65_530, max: 70_000 }).map((size) => `{"a":"${"x".repeat(size)}"}`),
  },
);

/** What a browser says of another site's page. It always says the site truly, so that the origin alone would not do. */
const ELSEWHERE = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };

/** One thing wrong with a start, whatever else it holds. */
const spoilStart = fc.constantFrom<((request: BadRequest) => BadRequest)[]>(
  (request) => ({ ...request, headers: { ...request.headers, "content-type": "text/plain" }, body: "x" }),
  (request) => ({ ...request, headers: { ...request.headers, "sec-fetch-site": "cross-site" } }),
  (request) => ({ ...request, headers: { ...request.headers, ...ELSEWHERE } }),
  (request) => ({
    ...request,
    headers: { ...request.headers, "content-type": JSON_TYPE },
    body: '{"alarm":{}}',
  }),
  (request) => ({
    ...request,
    headers: { ...request.headers, "content-type": JSON_TYPE },
    body: '{"alert":7}',
  }),
  (request) => ({ ...request, headers: { ...request.headers, "content-type": JSON_TYPE }, body: "{" }),
  (request) => ({
    ...request,
    headers: { ...request.headers, "content-type": FORM_TYPE },
    body: "x".repeat(70_000),
  }),
  (request) => ({ ...request, body: new Uint8Array([0x7b, 0xff, 0x7d]) }),
  (request) =>
    request.path === "/api/runs"
      ? { ...request, headers: { ...request.headers, "idempotency-key": "a b" } }
      : { ...request, headers: { ...request.headers, ...ELSEWHERE, origin: "null" } },
);

interface Runs {
  /** Waits for a decision. */
  readonly open: RunView;
  readonly ended: RunView;
}

function noise({ open, ended }: Runs): fc.Arbitrary<BadRequest> {
  const run = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(`run-${"0".repeat(24)}`, ...ODD) },
    { weight: 1, arbitrary: fc.constantFrom(open.run, ended.run) },
  );
  const digest = fc.oneof(
    fc.constantFrom(DIGEST, open.pending?.action ?? "", open.head ?? ""),
    fc.constantFrom(...ODD),
  );
  const source = fc.constantFrom("cloudflare", "alertmanager", "grafana", "webhook", ...ODD);
  const known = fc
    .tuple(fc.constantFrom(...PATHS), run, digest, source)
    .map(([path, ...given]) =>
      [":run", ":digest", ":source"].reduce((filled, name, i) => filled.replace(name, given[i] ?? ""), path),
    );
  const stray = fc.array(fc.constantFrom("api", "runs", "live", "sign-in", ...ODD), { maxLength: 4 });
  const path = fc.oneof(
    { weight: 8, arbitrary: known },
    { weight: 1, arbitrary: known.map((path) => `${path}/`) },
    { weight: 1, arbitrary: stray.map((parts) => `/${parts.join("/")}`) },
  );
  const query = fc.oneof(
    { weight: 4, arbitrary: fc.constant("") },
    fc.constantFrom(
      "?",
      "?next=//evil.example",
      "?status=nonsense&limit=-1",
      "?cursor=%ff",
      "?status=a&status=b",
    ),
  );
  return fc
    .record({ method: METHODS, path, query, headers, body, spoil: spoilStart })
    .map(({ query, spoil, ...request }) => {
      const spoiled = STARTS.test(request.path)
        ? spoil(request)
        : CONTINUES.test(request.path)
          ? { ...request, headers: { ...request.headers, ...ELSEWHERE } }
          : request;
      const hasBody = !["GET", "HEAD"].includes(request.method);
      return { ...spoiled, path: `${request.path}${query}`, body: hasBody ? spoiled.body : null };
    });
}

/** Decisions on the open proposal that would be good but for one thing. */
function spoiledDecision({ open, ended }: Runs): fc.Arbitrary<BadRequest> {
  const good = { proposal: open.pending?.proposal ?? "", feedback: "Answer 409." };
  const api = fc.record({
    how: fc.constantFrom("approve", "reject", "request-changes"),
    spoil: fc.constantFrom<((fields: Record<string, unknown>) => unknown)[]>(
      (fields) => ({ ...fields, extra: 1 }),
      (fields) => ({ ...fields, role: "owner" }),
      (fields) => ({ ...fields, role: "" }),
      (fields) => ({ ...fields, edit: { connector: "flags", method: "get", args: {} } }),
      (fields) => ({ ...fields, assertion: { type: "ssh", publicKey: "", signature: "" } }),
      (fields) => ({ ...fields, proposal: ended.head }),
      (fields) => ({ ...fields, proposal: String(fields.proposal).toUpperCase() }),
      (fields) => ({ ...fields, proposal: [fields.proposal] }),
      (fields) => ({ ...fields, reason: 7, feedback: 7 }),
      (fields) => ({ ...fields, reason: "x".repeat(2001), feedback: "x".repeat(2001) }),
      (fields) => [fields],
      (fields) => ({ data: fields }),
    ),
    type: fc.constantFrom(JSON_TYPE, "application/json; charset=utf-8"),
  });
  const byApi = api.map(({ how, spoil, type }): BadRequest => {
    const { feedback, ...proposal } = good;
    const fields = how === "request-changes" ? { ...proposal, feedback } : proposal;
    const body = JSON.stringify(spoil(fields));
    return { method: "POST", path: `/api/runs/${open.run}/${how}`, headers: { "content-type": type }, body };
  });
  const fields = { proposal: good.proposal, decision: "approve", reason: "" };
  const form = fc.constantFrom<[Record<string, string>, Record<string, string>][]>(
    [{ ...fields, decision: "Approve" }, {}],
    [{ ...fields, decision: "request_changes", reason: " \r\n" }, {}],
    [{ ...fields, reason: "x".repeat(2001) }, {}],
    [{ ...fields, proposal: ended.head ?? "" }, {}],
    [{ ...fields, role: "owner" }, {}],
    [{ ...fields, edit: "{}" }, {}],
    [{ ...fields, decision: "request_changes", "edit:nothing": "" }, {}],
    [{ ...fields, assertion: "{}" }, {}],
    [fields, { "content-type": "multipart/form-data" }],
    [fields, { origin: "https://evil.example" }],
    [fields, { "sec-fetch-site": "same-origin" }],
    [fields, { "sec-fetch-site": "cross-site", origin: ORIGIN }],
  );
  const byForm = form.map(
    ([fields, headers]): BadRequest => ({
      method: "POST",
      path: `/runs/${open.run}/decision`,
      headers: { "content-type": FORM_TYPE, ...headers },
      body: new URLSearchParams(fields).toString(),
    }),
  );
  const goOn: BadRequest[] = [
    { method: "POST", path: `/runs/${open.run}/continue`, headers: { "content-type": FORM_TYPE }, body: "" },
    { method: "POST", path: `/runs/${ended.run}/continue`, headers: { origin: "null" }, body: "" },
  ];
  return fc.oneof(byApi, byForm, fc.constantFrom(...goOn));
}

/** Starts that would be good but for one thing. */
const spoiledStart = fc
  .record({ path: fc.constantFrom("/api/runs", "/runs", "/api/alerts/cloudflare"), spoil: spoilStart })
  .map(({ path, spoil }) => {
    const type = path === "/runs" ? FORM_TYPE : JSON_TYPE;
    return spoil({
      method: "POST",
      path,
      headers: { "content-type": type },
      body: path === "/runs" ? "" : "{}",
    });
  });

/** Messages to the MCP server: every tool but the one that starts, and that one with arguments that it must not take. */
function mcpMessage({ open, ended }: Runs): fc.Arbitrary<BadRequest> {
  const name = fc.constantFrom(
    "get_run",
    "get_gate",
    "get_handoff",
    "verify_bundle",
    "list_runs",
    "approve",
    ...ODD,
  );
  const given = fc.oneof(
    fc.constantFrom({ run: open.run }, { run: ended.run }, { run: "nobody" }, { status: "x" }, {}),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const call = fc.record({ name, arguments: given });
  const start = fc.constantFrom({ alarm: 1 }, { alert: 7 }, { continues: { run: "nobody" } }, [], "x", 0);
  const params = fc.oneof(
    { weight: 2, arbitrary: call },
    { weight: 1, arbitrary: start.map((given) => ({ name: "start_run", arguments: given })) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
  const method = fc.constantFrom(
    "tools/call",
    "tools/list",
    "resources/read",
    "initialize",
    "ping",
    "nonsense",
    "",
  );
  const accept = fc.constantFrom("application/json, text/event-stream", "application/json", "text/html");
  return fc
    .record({ method, params, id: fc.constantFrom(1, "a", null, undefined, {}), accept })
    .map(({ accept, ...message }) => ({
      method: "POST",
      path: "/mcp",
      headers: { "content-type": JSON_TYPE, accept },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    }));
}

/** A request that must be refused, or be a mere look; whatever it is, it must change nothing. */
export function badRequest(runs: Runs): fc.Arbitrary<BadRequest> {
  return fc.oneof(
    { weight: 7, arbitrary: noise(runs) },
    { weight: 2, arbitrary: spoiledDecision(runs) },
    { weight: 1, arbitrary: spoiledStart },
    { weight: 1, arbitrary: mcpMessage(runs) },
  );
}
