// What the Worker exports, nothing else: the HTTP edge, the run, the list of runs, and Code Mode's runtime, which is a facet of each run.
import { app } from "./http/app.ts";

export { CodemodeRuntime } from "@cloudflare/codemode";
export { RunDurableObject } from "./run/run-durable-object.ts";
export { RunIndex } from "./run/run-index.ts";
export default app;
