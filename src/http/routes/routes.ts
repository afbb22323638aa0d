// The API: every route with its documentation. The document, its page, the routing and the tests are made from this table.
import { z } from "zod";
import { openapiDocument } from "../openapi/document.ts";
import { json, type Route } from "../route.ts";
import { DECISION_ROUTES } from "./decision-routes.ts";
import { DEPLOYMENT_ROUTES } from "./deployment-routes.ts";
import { RECORD_ROUTES } from "./record-routes.ts";
import { RUN_ROUTES } from "./run-routes.ts";

/** Documents that were made, by origin. */
const made = new Map<string, ReturnType<typeof openapiDocument>>();

/** The API's document, as it is served under an address. */
export function documentOf(address: string): ReturnType<typeof openapiDocument> {
  const { origin } = new URL(address);
  const known = made.get(origin) ?? openapiDocument(origin, ROUTES);
  // Hosts are few; a client that makes up more does not fill the memory.
  if (made.size < 10) made.set(origin, known);
  return known;
}

export const ROUTES: readonly Route[] = [
  ...RUN_ROUTES,
  ...DECISION_ROUTES,
  ...RECORD_ROUTES,
  ...DEPLOYMENT_ROUTES,
  {
    method: "get",
    path: "/openapi.json",
    id: "getDocument",
    tag: "Deployment",
    summary: "This document",
    answers: [json(200, "OpenAPI 3.1.", z.looseObject({ openapi: z.literal("3.1.0") }))],
    refuses: {},
    handle: (c) => Response.json(documentOf(c.req.url)),
  },
];
