// After each test file that runs in workerd, everything that it stored goes. Files share one workerd: no run of one file, nor its
// alarm, is to turn up in the next.
import { reset } from "cloudflare:test";
import { afterAll } from "vitest";

afterAll(reset);
