// No binding that Cloudflare would refuse: a Durable Object's class has to be in a migration.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { experimental_readRawConfig } from "wrangler";
import { unmigratedBindings } from "../../scripts/deployment/unmigrated.ts";

const examples = readdirSync("examples", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith("wrangler.toml"))
  .map((path) => join("examples", path));

describe("a Durable Object binding", () => {
  it.each(["wrangler.toml", ...examples])("of %s names a class that a migration makes", (config) => {
    const { rawConfig } = experimental_readRawConfig({ config });
    expect(rawConfig.durable_objects?.bindings).not.toEqual([]);
    expect(unmigratedBindings(rawConfig)).toEqual([]);
  });

  const bound = { bindings: [{ name: "CODEMODE", class_name: "CodemodeRuntime" }] };
  it.each([
    ["no migration at all", {}],
    ["another class", { migrations: [{ new_sqlite_classes: ["RunIndex"] }] }],
    [
      "a class that was renamed",
      {
        migrations: [
          { new_sqlite_classes: ["CodemodeRuntime"] },
          { renamed_classes: [{ from: "CodemodeRuntime", to: "Other" }] },
        ],
      },
    ],
    [
      "a class that was deleted",
      { migrations: [{ new_classes: ["CodemodeRuntime"] }, { deleted_classes: ["CodemodeRuntime"] }] },
    ],
  ])("is told of where there is %s", (_, { migrations }: { migrations?: object[] }) => {
    expect(unmigratedBindings({ durable_objects: bound, migrations })).toEqual([
      "the binding CODEMODE names the class CodemodeRuntime, which is in no migration",
    ]);
  });

  it("of another Worker is that Worker's to migrate", () => {
    const bindings = [{ name: "THEIRS", class_name: "Their", script_name: "their-worker" }];
    expect(unmigratedBindings({ durable_objects: { bindings } })).toEqual([]);
  });
});
