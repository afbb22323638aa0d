// The product as `wrangler dev` serves it, for those who kill it.
import { startDevServer } from "../dev-server.ts";
import type { Deployment, PlaceOptions } from "../place.ts";

/** Starts it and waits until it answers. */
export function serve(place: PlaceOptions): Promise<Deployment> {
  return startDevServer({ ...place, flags: ["--config", "wrangler.toml"] });
}
