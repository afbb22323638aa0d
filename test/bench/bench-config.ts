// The configuration that the benchmark's server runs under: the product's own wrangler.toml, read and not repeated, with one
// Durable Object class more.
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { experimental_readRawConfig } from "wrangler";

/** Writes it into a folder and says where. */
export async function writeBenchConfig(folder: string): Promise<string> {
  const { rawConfig } = experimental_readRawConfig({ config: "wrangler.toml" });
  // Paths in it are relative to the file, which stands elsewhere. The pages' scripts are built already, or not needed.
  const { build: _, ...product } = rawConfig;
  const config = {
    ...product,
    main: resolve("test/bench/server.ts"),
    assets: { ...product.assets, directory: resolve("public") },
    durable_objects: {
      bindings: [
        ...(product.durable_objects?.bindings ?? []),
        { name: "BARE", class_name: "BareRunDurableObject" },
      ],
    },
    migrations: [
      ...(product.migrations ?? []),
      { tag: "bench", new_sqlite_classes: ["BareRunDurableObject"] },
    ],
  };
  const file = join(folder, "wrangler.json");
  await writeFile(file, JSON.stringify(config));
  return file;
}
