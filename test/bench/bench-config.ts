// The configuration that the benchmark's server runs under: the product's own, with one Durable Object class more.
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { experimental_readRawConfig } from "wrangler";

/** Writes it into a folder and says where. Without [build]: no page is asked for. */
export async function writeBenchConfig(folder: string): Promise<string> {
  const { rawConfig } = experimental_readRawConfig({ config: "wrangler.toml" });
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
