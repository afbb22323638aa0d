// Documents from URLs, from a real server on this machine: what is no document is refused in bounded time and size.
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { readSource } from "../../src/cli/read-source.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { runVerify, UNSEEN, writeDocument } from "./run-cli.ts";

const { bundle } = writeChain(SCENARIOS.approved);

/** A server for one test. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("expected a port");
  return `http://127.0.0.1:${address.port}/`;
}

async function refusal(listener: RequestListener, timeoutMs?: number): Promise<string> {
  const read = await readSource(await serve(listener), { timeoutMs });
  return read.ok ? `accepted ${JSON.stringify(read.value)}` : read.refusal.message;
}

describe("a URL", () => {
  it("gives the bundle and the trust policy, and it is said that the latter was not pinned", async () => {
    const url = await serve(({ url: path }, response) =>
      response.end(JSON.stringify(path === "/trust" ? TRUST : bundle)),
    );
    const { code, stdout } = await runVerify([`${url}bundle`, "--trust", `${url}trust`]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      `  · who answers at ${url}trust: it says whose keys count, and was asked just now`,
    );
    const kept = await runVerify([`${url}bundle`, "--trust", writeDocument(TRUST, "trust.json")]);
    expect(kept.code).toBe(0);
    expect(kept.stdout).not.toContain("who answers at");
  });

  it.each([404, 500, 204])("that answers %i is refused", async (status) => {
    expect(await refusal((_, response) => response.writeHead(status).end())).toMatch(
      new RegExp(
        `^cannot read http.*: expected (an answer of 200, got ${status}|a document, got an empty answer)$`,
      ),
    );
  });

  it("that answers a web page is refused as one", async () => {
    expect(await refusal((_, response) => response.end("<!doctype html><title>Sign in</title>"))).toMatch(
      /: expected JSON, got what looks like a web page$/,
    );
  });

  it("that redirects for ever is refused", async () => {
    expect(await refusal((_, response) => response.writeHead(302, { location: "/" }).end())).toMatch(
      /: redirect count exceeded$/,
    );
  });

  it("at which nobody answers is refused", async () => {
    const read = await readSource("http://127.0.0.1:1/");
    expect(read).toMatchObject({ ok: false });
    expect(!read.ok && read.refusal.message).toMatch(/^cannot read http:\/\/127\.0\.0\.1:1\/: ./);
  });

  it("that never stops sending is left, as soon as it is too much", async () => {
    let left: Promise<unknown> | undefined;
    const endless: RequestListener = (_, response) => {
      left = once(response, "close");
      const chunk = Buffer.alloc(1024 * 1024, 0x20);
      const send = () => {
        while (!response.destroyed && response.write(chunk)) {}
      };
      response.on("drain", send);
      send();
    };
    expect(await refusal(endless)).toMatch(/: expected at most 67108864 bytes, got more$/);
    await left;
  });

  it("that unpacks to too much is refused", async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await refusal((_, response) => response.setHeader("content-encoding", "gzip").end(bomb))).toMatch(
      /: expected at most 67108864 bytes, got more$/,
    );
  });

  it.each([
    ["never answers", () => {}],
    ["begins an answer and never ends it", (_, response) => response.write('{"mediaType":')],
  ] satisfies [string, RequestListener][])("that %s is left when its time is over", async (_, listener) => {
    let left: Promise<unknown> | undefined;
    const slow: RequestListener = (request, response) => {
      left = once(response, "close");
      listener(request, response);
    };
    expect(await refusal(slow, 500)).toMatch(/: expected the whole of it within 0.5 s$/);
    await left;
  });

  it("that breaks off is refused", async () => {
    expect(
      await refusal((_, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"a":', () => response.destroy());
      }),
    ).toMatch(/^cannot read /);
  });

  it("sends nothing to the terminal that is more than text", async () => {
    const url = await serve((_, response) => {
      response.statusMessage = "\u009b31m";
      response.writeHead(500).end("\u001b[2J");
    });
    const { code, stderr } = await runVerify([url, "--trust", url]);
    expect(code).toBe(2);
    expect(stderr).not.toMatch(UNSEEN);
  });
});
