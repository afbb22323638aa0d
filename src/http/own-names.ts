// The names under which a server may be reached, where a browser could be made to reach it under another: a page of
// attacker.example whose name suddenly points to this machine is of the same origin as the local server (DNS rebinding).
import { localhostAllowedHostnames } from "@modelcontextprotocol/server";
import type { Context } from "hono";
import type { Env } from "../run/env.ts";

/** The deployment's own name, and the names of this machine. */
export function ownNames({ ISSUER }: Env): string[] {
  const own = URL.canParse(ISSUER ?? "") ? [new URL(ISSUER ?? "").hostname] : [];
  return [...own, ...localhostAllowedHostnames()];
}

/** The client's address. Cloudflare sets it on every request, whatever the client sends; without Cloudflare it is this machine. */
export function clientAddress(c: Context): string {
  return c.req.header("cf-connecting-ip") ?? "::1";
}

/** Whether the client is on the same machine. */
export function isLocal(c: Context): boolean {
  const address = clientAddress(c);
  return address === "::1" || address.startsWith("127.");
}

/** Whether a local client came by a name that somebody else could have made point here. An address is nobody's to point. */
export function isRebound(c: Context<{ Bindings: Env }>): boolean {
  const { hostname } = new URL(c.req.url);
  const isAddress = /^\[|^[\d.]+$/.test(hostname);
  return isLocal(c) && !isAddress && !ownNames(c.env).includes(hostname);
}
