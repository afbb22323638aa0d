// The document as others read it: valid OpenAPI 3.1, by a public validator.
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { openapiDocument } from "../../src/http/openapi/document.ts";

it("validates as OpenAPI 3.1", async () => {
  const validator = new Validator();
  const result = await validator.validate(
    JSON.parse(JSON.stringify(openapiDocument("https://countersign.example"))),
  );
  expect(result).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});
