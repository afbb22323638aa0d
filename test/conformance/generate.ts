// Writes corpus.json beside this file.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { corpusJson } from "./corpus.ts";

writeFileSync(join(import.meta.dirname, "corpus.json"), corpusJson());
