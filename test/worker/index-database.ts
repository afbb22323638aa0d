// The index's database as the set-up leaves it: every migration applied. Runs before each test file that runs in workerd,
// and gives the tests of the index its migrations, to break and restore it with.
import { applyD1Migrations, type D1Migration, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll } from "vitest";

declare global {
  namespace Cloudflare {
    interface Env {
      readonly MIGRATIONS: D1Migration[];
    }
  }
}

await applyD1Migrations(env.INDEX, env.MIGRATIONS);

// Files share one workerd. No run of one file, nor its alarm, is to turn up in the next.
afterAll(reset);
