// REVIEW_AUTH = "access": only a token that the team's own key signed, for this application, now, makes anybody a reviewer.
import {
  base64url,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import {
  codeOf,
  type Deployment,
  deploy,
  expectNothingSigned,
  goodBody,
  routesOf,
  signedBy,
  startRun,
} from "./client.ts";
import { withVars } from "./inside.ts";

const WRITING = ["POST", "PUT"];

const TEAM = "https://team.cloudflareaccess.com";
const AUD = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";
const HEADER = { alg: "RS256", kid: "team-key" };

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let team: Pair;
let teamPss: CryptoKey;
let stranger: Pair;
let access: Deployment;
let view: RunView;
/** The text of the team's public key, which anybody can fetch. */
let publicPem: string;

beforeAll(async () => {
  [team, stranger] = await Promise.all([
    generateKeyPair("RS256", { extractable: true }),
    generateKeyPair("RS256", { extractable: true }),
  ]);
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", team.privateKey);
  teamPss = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "RSA-PSS", hash: "SHA-256" }, false, [
    "sign",
  ]);
  publicPem = await exportSPKI(team.publicKey);
  // It names no algorithm, so that nothing but our own pin keeps other algorithms out.
  const jwk = { ...(await exportJWK(team.publicKey)), kid: HEADER.kid, use: "sig" };
  access = deploy({
    REVIEW_AUTH: "access",
    ACCESS_TEAM_DOMAIN: TEAM,
    ACCESS_AUD: AUD,
    ACCESS_JWKS: JSON.stringify({ keys: [jwk] }),
  });
  view = await startRun();
});

const now = () => Math.floor(Date.now() / 1000);

/** Claims as Access makes them for a person. */
function claims(changed: JWTPayload = {}): JWTPayload {
  return {
    iss: TEAM,
    aud: [AUD],
    iat: now(),
    nbf: now(),
    exp: now() + 3600,
    sub: "7335d417",
    type: "app",
    email: "alice@example.com",
    ...changed,
  };
}

/** A compact JWS over these claims. */
function sign(
  payload = claims(),
  header: JWTHeaderParameters = HEADER,
  key: Parameters<SignJWT["sign"]>[0] = team.privateKey,
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

const unsigned = (header: object, payload = claims()) =>
  `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(payload))}.`;

/** Claims without one of them. */
function without(name: string): JWTPayload {
  return Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name));
}

const hmac = (text: string) => new TextEncoder().encode(text);

/** Each token is wrong in exactly one way. */
const FORGED: [string, () => Promise<string> | string][] = [
  ["signed by another key under the team's key id", () => sign(claims(), HEADER, stranger.privateKey)],
  [
    "of a key id that the team does not have",
    () => sign(claims(), { ...HEADER, kid: "other" }, stranger.privateKey),
  ],
  [
    "with a key of its own in its header",
    async () => sign(claims(), { ...HEADER, jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
  ],
  ["that is not signed: alg none", () => unsigned({ alg: "none", kid: HEADER.kid })],
  ["that is not signed: alg None", () => unsigned({ alg: "None" })],
  ["whose signature is empty", () => unsigned(HEADER)],
  [
    "signed HS256 with the public key's text",
    () => sign(claims(), { ...HEADER, alg: "HS256" }, hmac(publicPem)),
  ],
  [
    "signed HS256 with the public key's modulus",
    async () =>
      sign(
        claims(),
        { ...HEADER, alg: "HS256" },
        base64url.decode((await exportJWK(team.publicKey)).n ?? ""),
      ),
  ],
  ["signed PS256 with the right key", () => sign(claims(), { ...HEADER, alg: "PS256" }, teamPss)],
  ["that has expired", () => sign(claims({ exp: now() - 60 }))],
  ["that is not valid yet", () => sign(claims({ nbf: now() + 60 }))],
  ["for another application", () => sign(claims({ aud: ["another"] }))],
  ["for an audience that only starts like ours", () => sign(claims({ aud: AUD.slice(0, -1) }))],
  ["of another team", () => sign(claims({ iss: "https://evil.cloudflareaccess.com" }))],
  ["of an issuer that only starts like ours", () => sign(claims({ iss: `${TEAM}.evil.example` }))],
  ["without an end", () => sign(without("exp"))],
  ["without an audience", () => sign(without("aud"))],
  ["without an issuer", () => sign(without("iss"))],
  ["without a name", () => sign(without("email"))],
  ["with an empty name", () => sign(claims({ email: "" }))],
  [
    "with a critical header that nobody knows",
    () => {
      const token = new SignJWT(claims()).setProtectedHeader({ ...HEADER, crit: ["x"], x: 1 });
      return token.sign(team.privateKey, { crit: { x: true } });
    },
  ],
  [
    "whose claims were changed after signing",
    async () => {
      const [header, , signature] = (await sign()).split(".");
      return `${header}.${base64url.encode(JSON.stringify(claims({ email: "eve@example.com" })))}.${signature}`;
    },
  ],
  ["that comes twice", async () => `${await sign()}, ${await sign()}`],
  ["that is no token", () => "eyJ"],
  ["that is empty", () => ""],
];

describe("Cloudflare Access", () => {
  it("lets a person start and decide, and both receipts name them and the method", async () => {
    const headers = { "cf-access-jwt-assertion": await sign() };
    const started: RunView = await (await access.post("/api/runs", {}, headers)).json();
    const body = { proposal: started.pending?.proposal };
    const done = await access.post(`/api/runs/${started.run}/approve`, body, headers);
    expect(await done.json()).toMatchObject({ status: "completed" });
    const alice = { id: "alice@example.com", method: "access" };
    expect(await signedBy(started.run)).toEqual({ startedBy: alice, reviewer: alice });
  });

  it.each(FORGED)("a token %s starts nothing and signs nothing", async (_, token) => {
    const before = access.asked.length;
    const headers = { "cf-access-jwt-assertion": await token() };
    await expectNothingSigned(view.run, async () => {
      for (const { method, path } of routesOf(view.run)) {
        if (!WRITING.includes(method) || /^\/(sign-|api\/alerts\/)/.test(path)) continue;
        const init = goodBody(path, view);
        const refused = await access.ask(path, { method, ...init, headers: { ...init.headers, ...headers } });
        expect([path, refused.status]).toEqual([path, 401]);
        expect(refused.headers.get("www-authenticate")).toContain(`Cloudflare-Access realm="${TEAM}"`);
        if (path.startsWith("/api/")) expect(await codeOf(refused)).toBe("ERR_CREDENTIAL");
        else expect(await refused.text()).toContain("Nothing was started or signed.");
      }
    });
    expect(access.asked).toHaveLength(before);
  });

  it("counts only in the header that Access sets, not in a cookie or a bearer", async () => {
    const token = await sign();
    for (const headers of [{ cookie: `CF_Authorization=${token}` }, { authorization: `Bearer ${token}` }]) {
      const refused = await access.post("/api/runs", {}, headers);
      expect([refused.status, await codeOf(refused)]).toEqual([401, "ERR_SIGN_IN_REQUIRED"]);
    }
  });

  it("lets a service token start runs, but a machine is not the human who decides", async () => {
    const payload = { ...without("email"), sub: "", common_name: "pager.access" };
    const headers = { "cf-access-jwt-assertion": await sign(payload) };
    const started: RunView = await (await access.post("/api/runs", {}, headers)).json();
    expect((await signedBy(started.run)).startedBy).toEqual({ id: "service:pager.access", method: "access" });
    await expectNothingSigned(started.run, async () => {
      const body = { proposal: started.pending?.proposal };
      const refused = await access.post(`/api/runs/${started.run}/approve`, body, headers);
      expect([refused.status, await codeOf(refused)]).toEqual([403, "ERR_MAY_NOT_DECIDE"]);
    });
  });

  it("does not help a page of another site, whose visitor Access knows", async () => {
    const headers = {
      "cf-access-jwt-assertion": await sign(),
      "sec-fetch-site": "cross-site",
      origin: "https://e",
    };
    const refused = await access.ask("/api/runs", { method: "POST", headers });
    expect([refused.status, await codeOf(refused)]).toEqual([403, "ERR_CROSS_SITE"]);
  });

  it("shows the run's page to its reader by name, and to strangers with the way in", async () => {
    const headers = { "cf-access-jwt-assertion": await sign() };
    const known = await (await access.ask(`/runs/${view.run}`, { headers })).text();
    expect(known).toMatch(/As <b><bdi>alice@example\.com<\/bdi><\/b>/);
    const unknown = await (await access.ask(`/runs/${view.run}`)).text();
    expect(unknown).toContain(`href="/sign-in?next=/runs/${view.run}"`);
    expect(unknown).not.toContain('value="approve"');
    const onward = await access.ask(`/sign-in?next=/runs/${view.run}`, { headers });
    expect([onward.status, onward.headers.get("location")]).toEqual([303, `/runs/${view.run}`]);
  });

  it.each(["Alice@example.com", "alice@EXAMPLE.com"])(
    "knows a starter by another spelling of their address: %s decides no run of their own",
    async (email) => {
      const own = { "cf-access-jwt-assertion": await sign() };
      const other = { "cf-access-jwt-assertion": await sign(claims({ email })) };
      const vars = { SEPARATE_REVIEWER: "true", REVIEW_AUTH: "access" };
      const started: RunView = await withVars(vars, async () =>
        (await access.post("/api/runs", {}, own)).json(),
      );
      const body = { proposal: started.pending?.proposal };
      const refused = await access.post(`/api/runs/${started.run}/approve`, body, other);
      expect(refused.status).toBe(403);
    },
  );

  it("tells nobody to sign in while the team's keys cannot be had", async () => {
    const adrift = access.but({ ACCESS_JWKS: undefined, ACCESS_TEAM_DOMAIN: "http://localhost:9" });
    const headers = { "cf-access-jwt-assertion": await sign() };
    for (const path of ["/", `/runs/${view.run}`]) {
      const page = await (await adrift.ask(path, { headers })).text();
      expect(page, path).not.toContain('href="/sign-in');
      expect(page, path).toMatch(/cannot be fetched or used now|Sign-in does not work here/);
    }
    expect((await adrift.ask("/sign-in", { headers })).status).toBe(503);
  });

  it("leads only to our own pages, whatever was asked for", async () => {
    const headers = { "cf-access-jwt-assertion": await sign() };
    for (const next of [
      "blob:http://localhost:8787/x",
      "//evil.example",
      "https://evil.example/",
      "/\\evil.example",
    ]) {
      const onward = await access.ask(`/sign-in?next=${encodeURIComponent(next)}`, { headers });
      expect(onward.headers.get("location"), next).toMatch(/^\/(?![/\\])/);
    }
  });
});
