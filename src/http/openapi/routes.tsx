// `/openapi.json`, and the same as a page at `/docs`. The document is made once for each origin.
import type { Hono } from "hono";
import type { Env } from "../../run/env.ts";
import { DocsPage } from "../../view/docs-page.tsx";
import { htmlResponse } from "../html.ts";
import { resource } from "../resource.ts";
import { openapiDocument } from "./document.ts";

const made = new Map<string, ReturnType<typeof openapiDocument>>();

function documentOf(address: string): ReturnType<typeof openapiDocument> {
  const { origin } = new URL(address);
  const known = made.get(origin) ?? openapiDocument(origin);
  // Hosts are few; a client that makes up more does not fill the memory.
  if (made.size < 10) made.set(origin, known);
  return known;
}

export function addOpenapi(app: Hono<{ Bindings: Env }>): void {
  resource(app, "/openapi.json", { GET: (c) => Response.json(documentOf(c.req.url)) });
  resource(app, "/docs", { GET: (c) => htmlResponse(<DocsPage document={documentOf(c.req.url)} />) });
}
