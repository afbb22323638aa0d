// The names under which a server may be reached, where a browser could be made to reach it under another: a page of
// attacker.example whose name suddenly points to this machine is of the same origin as the local server (DNS rebinding).
import { localhostAllowedHostnames } from "@modelcontextprotocol/server";
import type { Context } from "hono";
import type { EdgeEnv, EdgeSettings } from "./edge-env.ts";

/** The deployment's own name, and the names of this machine. */
export function ownNames({ ISSUER }: EdgeSettings): string[] {
  const own = URL.canParse(ISSUER ?? "") ? [new URL(ISSUER ?? "").hostname] : [];
  return [...own, ...localhostAllowedHostnames()];
}

/**
 * The client's address. Cloudflare sets it on every request, whatever the client sends. Without Cloudflare it is this machine, or
 * what the client says it is.
 */
export function clientAddress(c: Context): string {
  return c.req.header("cf-connecting-ip") ?? "::1";
}

/** Whether the client is on the same machine. */
export function isLocal(c: Context): boolean {
  const address = clientAddress(c);
  return address === "::1" || address.startsWith("127.");
}

/**
 * Whether a client came by a name that somebody else could have made point here. An address is nobody's to point; and to be of the
 * same origin as a server that is reached by https, a page would need a certificate for its name there. What a local client says of
 * its address does not count: a page may say it too.
 */
export function isRebound(c: Context<{ Bindings: EdgeEnv }>): boolean {
  const { hostname, protocol } = new URL(c.req.url);
  const isAddress = /^\[|^[\d.]+$/.test(hostname);
  const mayBePointed = protocol === "http:" || isLocal(c);
  return mayBePointed && !isAddress && !ownNames(c.env).includes(hostname);
}
