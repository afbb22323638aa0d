// The token that reads protected bundles, against real servers: who gets it, who does not, and how it must be spelled.
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { readBearerToken } from "../../src/cli/bearer-token.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { continued } from "../conformance/continued.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { runVerify, writeDocument } from "./run-cli.ts";

const parent = writeChain(SCENARIOS.rejected, { run: "run-0" });
const child = continued(parent);

/** What a server was asked: the path, and the token that came along. */
type Asked = readonly [string | undefined, string | undefined];

/** A server for one test, and everything that it was asked. */
async function serve(answer: RequestListener) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers.authorization]);
    answer(request, response);
  }).listen(0);
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("expected a port");
  return { asked, port: address.port, origin: `http://localhost:${address.port}` };
}

const documents: RequestListener = ({ url }, response) => {
  const value = url === "/trust" ? TRUST : url === "/parent" ? parent.bundle : child.bundle;
  response.end(JSON.stringify(value));
};

const redirect =
  (to: string): RequestListener =>
  ({ url }, response) => {
    response.writeHead(url === "/there" ? 200 : 302, { location: to });
    response.end(JSON.stringify(child.bundle));
  };

const verify = (args: readonly string[], token: string) =>
  runVerify([...args, "--trust", writeDocument(TRUST, "trust.json")], undefined, {
    COUNTERSIGN_TOKEN: token,
  });

describe("the token", () => {
  it("goes to the bundles of its origin, and to no trust policy", async () => {
    const { origin, asked } = await serve(documents);
    const urls = [
      `${origin}/child`,
      "--follow",
      "--parent",
      `${origin}/parent`,
      "--trust",
      `${origin}/trust`,
    ];
    const { code } = await runVerify(urls, undefined, { COUNTERSIGN_TOKEN: `${origin}=may=read` });
    expect(code).toBe(0);
    expect(asked).toEqual([
      ["/child", "Bearer may=read"],
      ["/trust", undefined],
      ["/parent", "Bearer may=read"],
    ]);
  });

  it("goes to no other host that a bundle or parent is read from", async () => {
    const [own, other] = [await serve(documents), await serve(documents)];
    const urls = [`${own.origin}/child`, "--follow", "--parent", `${other.origin}/parent`];
    expect((await verify(urls, `${own.origin}=reader`)).code).toBe(0);
    expect((await verify(urls, `${other.origin}=reader`)).code).toBe(0);
    expect(own.asked).toEqual([
      ["/child", "Bearer reader"],
      ["/child", undefined],
    ]);
    expect(other.asked).toEqual([
      ["/parent", undefined],
      ["/parent", "Bearer reader"],
    ]);
  });

  it("goes to no other name, port or scheme of the same host", async () => {
    const { origin, port, asked } = await serve(documents);
    for (const other of [`http://127.0.0.1:${port}`, `https://localhost:${port}`, "http://localhost"]) {
      expect((await verify([`${origin}/child`], `${other}=reader`)).code).toBe(0);
    }
    expect(asked).toEqual(Array(3).fill(["/child", undefined]));
  });

  it("follows a redirect inside its origin, and none that leaves it, nor back", async () => {
    const inside = await serve(redirect("/there"));
    expect((await verify([`${inside.origin}/here`], `${inside.origin}=reader`)).code).toBe(0);
    expect(inside.asked).toEqual([
      ["/here", "Bearer reader"],
      ["/there", "Bearer reader"],
    ]);
    const home = await serve((request, response) => redirect(`${away.origin}/away`)(request, response));
    const away = await serve((request, response) => redirect(`${home.origin}/there`)(request, response));
    expect((await verify([`${home.origin}/here`], `${home.origin}=reader`)).code).toBe(0);
    expect(home.asked).toEqual([
      ["/here", "Bearer reader"],
      ["/there", undefined],
    ]);
    expect(away.asked).toEqual([["/away", undefined]]);
  });

  it("is asked for where it is missing, and told apart where it does not do", async () => {
    const { origin } = await serve((_, response) => response.writeHead(401).end());
    const [missing, wrong] = [await verify([origin], ""), await verify([origin], `${origin}=wrong-token`)];
    expect(missing).toMatchObject({ code: 2, stdout: "" });
    expect(missing.stderr).toContain(`is given as COUNTERSIGN_TOKEN=${origin}=<token>`);
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain("the token in COUNTERSIGN_TOKEN may not read it");
    expect(wrong.stderr).not.toContain("wrong-token");
  });

  it.each([
    ["alone, as it once was", (_: string) => "secret-token"],
    ["for plain http elsewhere", () => "http://192.0.2.1=secret-token"],
    ["with a path", (origin: string) => `${origin}/api=secret-token`],
    ["with a line break", (origin: string) => `${origin}=secret-token\n`],
    ["before its origin", (origin: string) => `secret-token=${origin}`],
  ])("%s is refused, unsent and unrepeated", async (_, spell) => {
    const { origin, asked } = await serve(documents);
    const { code, stdout, stderr } = await verify([`${origin}/child`], spell(origin));
    expect({ code, stdout, asked }).toEqual({ code: 2, stdout: "", asked: [] });
    expect(stderr).toMatch(/^ERR_TOKEN: expected COUNTERSIGN_TOKEN as <origin>=<token>/);
    expect(stderr).not.toContain("secret-token");
  });

  it("is no obstacle to checking files, however it is spelled", async () => {
    expect((await verify([writeDocument(child.bundle)], "anything")).code).toBe(0);
  });
});

describe("an origin", () => {
  it.each([
    ["https://countersign.example", "https://countersign.example"],
    ["https://Countersign.example:443/", "https://countersign.example"],
    ["https://countersign.example:8443", "https://countersign.example:8443"],
    ["http://localhost:8787", "http://localhost:8787"],
    ["http://127.0.0.1:8787", "http://127.0.0.1:8787"],
    ["http://[::1]:8787", "http://[::1]:8787"],
  ])("may be %s", (given, origin) => {
    expect(readBearerToken(`${given}=a=b==`)).toEqual({ ok: true, value: { origin, token: "a=b==" } });
  });

  it.each([
    "http://countersign.example",
    "http://localhost.countersign.example",
    "http://127.0.0.1.countersign.example",
    "http://127.0.0.2",
    "ftp://localhost",
    "file:///",
    "https://user@countersign.example",
    "https://countersign.example?",
    "https://countersign.example#",
    "countersign.example",
    "localhost:8787",
    "null",
    "",
  ])("may not be %j", (given) => {
    expect(readBearerToken(`${given}=token`)).toMatchObject({ ok: false, refusal: { code: "ERR_TOKEN" } });
  });

  it.each(["", " ", "a b", "tök", "a\r\nx-evil: 1"])("may not come with the token %j", (token) => {
    const read = readBearerToken(`https://countersign.example=${token}`);
    expect(read).toMatchObject({ ok: false, refusal: { code: "ERR_TOKEN" } });
  });

  it("need not be there", () => {
    expect([readBearerToken(undefined), readBearerToken("")]).toEqual(
      Array(2).fill({ ok: true, value: null }),
    );
  });
});
