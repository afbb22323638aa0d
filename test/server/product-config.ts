// The product's own wrangler.toml, read and not repeated, for a configuration that stands elsewhere.
import { resolve } from "node:path";
import { experimental_readRawConfig } from "wrangler";

/** Its paths are made absolute, but for `main`, which each use sets. Without [build]: the pages' scripts are built, or not needed. */
export function productConfig() {
  const { rawConfig } = experimental_readRawConfig({ config: "wrangler.toml" });
  const { build: _, ...product } = rawConfig;
  return { ...product, assets: { ...product.assets, directory: resolve("public") } };
}
