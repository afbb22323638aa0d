// The script of a run's page. The page works without it; what it adds is that the visitor's browser checks the receipts.
import { verifyRun } from "./verify-run.ts";

await verifyRun();
