// The document as others read it: valid OpenAPI 3.1 by a public validator, every example valid by the schema beside it, and the
// run that the examples tell of verifiable by what the examples hold.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { type RunView, verify } from "../../src/chain/index.ts";
import { openapiDocument } from "../../src/http/openapi/document.ts";
import { EXCHANGES } from "../../src/http/openapi/examples.ts";
import { OPERATIONS } from "../../src/http/openapi/operations.ts";

interface Content {
  readonly examples?: Readonly<Record<string, { readonly value?: unknown; readonly "x-served-at"?: string }>>;
}
interface Described {
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

const text = JSON.stringify(openapiDocument("https://countersign.example"));
const document: { paths: Readonly<Record<string, Readonly<Record<string, Described>>>> } = JSON.parse(text);

/** Where a content stands in the document, and what it is. */
const contents = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, { requestBody, responses }]) => {
    const at = (...parts: string[]) =>
      ["paths", path, method, ...parts]
        .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
        .join("/");
    return [
      ...Object.entries(requestBody?.content ?? {}).map(([type, content]) => ({
        place: at("requestBody", "content", type),
        content,
      })),
      ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
        Object.entries(content).map(([type, one]) => ({
          place: at("responses", status, "content", type),
          content: one,
        })),
      ),
    ];
  }),
);

/** What is served under this path. */
function served(path: string): unknown {
  return path === "/openapi.json"
    ? document
    : JSON.parse(readFileSync(join(import.meta.dirname, "../../public", path), "utf8"));
}

function answerOf(operation: string, name: string): unknown {
  const found = EXCHANGES.find((one) => one.operation === operation && one.name === name);
  if (!found) throw new Error(`expected an example ${operation} ${name}`);
  return found.file === null ? found.answer : served(found.file);
}

it("validates as OpenAPI 3.1", async () => {
  const validator = new Validator();
  const result = await validator.validate(JSON.parse(text));
  expect(result).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

it("is whole when it is saved: nothing in it is to be fetched from elsewhere", () => {
  const elsewhere: string[] = [];
  JSON.parse(text, (name, value) => {
    const isOutside = (name === "$ref" && !/^#\//.test(value)) || /^(externalValue|operationRef)$/.test(name);
    if (isOutside) elsewhere.push(`${name}: ${value}`);
    return value;
  });
  expect(elsewhere).toEqual([]);
});

it("says of each long answer where it is served, as an address that holds wherever the document is kept", () => {
  const addresses = contents
    .flatMap(({ content }) => Object.values(content.examples ?? {}))
    .flatMap((example) => example["x-served-at"] ?? []);
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect(address).toMatch(/^https:\/\/countersign\.example\//);
});

describe("every example in the document", () => {
  // The document's own words for times and names are patterns; format words add nothing to them.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, "document");

  it.each(contents.filter(({ content }) => content.examples))(
    "fits the schema of $place",
    ({ place, content }) => {
      const fits = ajv.compile({ $ref: `document#/${place}/schema` });
      for (const [name, example] of Object.entries(content.examples ?? {})) {
        const address = example["x-served-at"];
        const value = address === undefined ? example.value : served(new URL(address).pathname);
        expect(fits(value), `${name}: ${JSON.stringify(fits.errors)}`).toBe(true);
      }
    },
  );

  it("stands where a reader looks for one: at every body and every success with a body", () => {
    const bare = contents
      .filter(({ content }) => Object.keys(content.examples ?? {}).length === 0)
      .map(({ place }) => place);
    expect(bare.filter((place) => /requestBody|responses\/2/.test(place))).toEqual([]);
  });

  it("was captured: each recorded exchange stands in it once", () => {
    const names = (operation: string) =>
      EXCHANGES.filter((one) => one.operation === operation).map(({ name, status }) => `${status} ${name}`);
    const shown = OPERATIONS.map(({ id, path, method }) => {
      const { responses } = document.paths[path]?.[method] ?? { responses: {} };
      const own = Object.entries(responses).flatMap(([status, { content = {} }]) =>
        Object.values(content).flatMap(({ examples = {} }) =>
          Object.keys(examples).map((name) => `${status} ${name}`),
        ),
      );
      return [id, own.sort()];
    });
    expect(shown).toEqual(OPERATIONS.map(({ id }) => [id, names(id).sort()]));
  });
});

describe("the run that the examples tell of", () => {
  it("verifies under the trust policy of the examples, as the run that was approved", async () => {
    const { run, head } = answerOf("approve", "approved") as RunView;
    const report = await verify(answerOf("getBundle", "bundle"), answerOf("getTrustPolicy", "policy"), {
      run,
    });
    expect(report).toMatchObject({ verdict: "valid", run, head });
    expect(answerOf("getReceipts", "receipts")).toMatchObject({ run, head });
  });
});
