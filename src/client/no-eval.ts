// zod may build its parsers with `new Function`, which this site's Content-Security-Policy forbids and would report.
// Imported before anything that makes a schema.
import { config } from "zod";

config({ jitless: true });
