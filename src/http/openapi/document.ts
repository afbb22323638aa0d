// The OpenAPI 3.1 document, from the table of routes. Served at /openapi.json and shown at /docs.
import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { digestField, instantField } from "../../receipt/fields.ts";
import type { Route } from "../route.ts";
import { digest, instant, problemDetails } from "./answers.ts";
import { answerExamples, bodyExamples } from "./examples.ts";

const PARAMETERS: Readonly<Record<string, z.ZodType>> = {
  run: z.string().meta({ description: "The run, as `run-` and 24 lower-case hex digits." }),
  seq: z.string().meta({ description: "The receipt's place in the chain, from 0." }),
  digest: z.string().meta({ description: "64 hex digits of SHA-256, with or without `sha256:`." }),
  resource: z.string().meta({ description: "The name of a resource, percent-encoded." }),
  source: z.enum(["cloudflare", "alertmanager", "grafana", "webhook"]),
};

const problem = { schema: problemDetails };

/** Makes the document. `server` is the origin under which it is served. */
export function openapiDocument(server: string, routes: readonly Route[]): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: describe(route, server) };
  }
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Countersign",
        version: "2",
        summary:
          "An agent stops before it changes production; a human decides; every step leaves a signed receipt.",
        description:
          "Any refusal is `application/problem+json` with a stable `code`, and then nothing was signed. A method that a path does not take is answered with 405 and `Allow`. A JSON body with a number that a double does not hold exactly, or with a repeated member name, is refused with 422, which names the place: what is signed is what was sent. Every example is a request that was sent and the answer it got, most of them about one run; a test sends them again. Agents may rather use `/mcp`, the Model Context Protocol over streamable HTTP.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: server }],
      paths,
    },
    {
      override: ({ zodSchema, jsonSchema }) => {
        // These are refinements, which JSON Schema cannot read off; their documented twins say the same.
        if (zodSchema === digestField) Object.assign(jsonSchema, digest.meta()?.override);
        if (zodSchema === instantField) Object.assign(jsonSchema, instant.meta()?.override);
      },
    },
  );
}

function describe(
  { id, tag, summary, description, path, query, headers, body, answers, refuses }: Route,
  server: string,
) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const operation: ZodOpenApiOperationObject = {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    requestParams: {
      ...(names.length > 0 && {
        path: z.object(Object.fromEntries(names.map((name) => [name, PARAMETERS[name] ?? z.string()]))),
      }),
      ...(query && { query }),
      ...(headers && { header: headers }),
    },
    ...(body && {
      requestBody: {
        required: body.required,
        content: { [body.type]: { schema: body.schema, examples: bodyExamples(id) } },
      },
    }),
    responses: {},
  };
  for (const { status, description: words, content } of answers) {
    operation.responses[`${status}` as "200"] = {
      description: words,
      ...(content && {
        content: { [content.type]: { schema: content.schema, examples: answerExamples(id, status, server) } },
      }),
    };
  }
  for (const [status, words] of Object.entries(refuses)) {
    const examples = answerExamples(id, Number(status), server);
    operation.responses[status as "400"] = {
      description: words,
      content: {
        "application/problem+json": { ...problem, ...(Object.keys(examples).length > 0 && { examples }) },
      },
    };
  }
  operation.responses.default = {
    description: "Any other refusal, such as 401, 403, 429 or 503.",
    content: { "application/problem+json": problem },
  };
  return operation;
}
