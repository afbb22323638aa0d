// Whatever the moment at which a run's object is stopped: nothing is lost, nothing is done twice, and no path gets stuck.
// The two paths that most runs take; the others are in long/.
import { stopAtEveryPoint } from "./every-point.ts";
import { writing } from "./scripts.ts";

const planner = writing("src/http.js");

await stopAtEveryPoint([
  { name: "approve", planner, acts: [{ does: "start" }, { does: "approve" }], ends: "completed" },
  { name: "reject", planner, acts: [{ does: "start" }, { does: "reject" }], ends: "rejected" },
]);
