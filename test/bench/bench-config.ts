// The configuration that the benchmark's server runs under: the product's own, with one Durable Object class more.
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { productConfig } from "../server/product-config.ts";

/** Writes it into a folder and says where. */
export async function writeBenchConfig(folder: string): Promise<string> {
  const product = productConfig();
  const config = {
    ...product,
    main: resolve("test/bench/server.ts"),
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
