#!/usr/bin/env node
// `keys`: prints three fresh signing secrets as JSON, the form that `wrangler secret bulk` reads. Keeps no copy.
import { randomBytes } from "node:crypto";

const secrets = Object.fromEntries(
  ["AGENT_SIGNING_KEY", "HUMAN_SIGNING_KEY", "RUNTIME_SIGNING_KEY"].map((name) => [
    name,
    randomBytes(32).toString("base64url"),
  ]),
);
process.stdout.write(`${JSON.stringify(secrets, null, 2)}\n`);
