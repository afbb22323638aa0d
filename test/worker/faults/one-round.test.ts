// Whatever the moment at which a run's object is stopped: nothing is lost, nothing is done twice, and no path gets stuck.
import { stopAtEveryPoint } from "./every-point.ts";
import { scripted, writing } from "./scripts.ts";

const planner = writing("src/http.js");

await stopAtEveryPoint([
  { name: "approve", planner, acts: [{ does: "start" }, { does: "approve" }], ends: "completed" },
  { name: "reject", planner, acts: [{ does: "start" }, { does: "reject" }], ends: "rejected" },
  { name: "expiry", planner, acts: [{ does: "start" }, { does: "lapse" }], ends: "expired" },
  {
    name: "drift",
    planner,
    acts: [
      { does: "start" },
      { does: "edit", path: "src/http.js", content: "// somebody else was here\n" },
      { does: "approve" },
    ],
    ends: "failed",
  },
  {
    name: "nothing to execute",
    planner: scripted("async () => 1"),
    acts: [{ does: "start" }],
    ends: "failed",
  },
]);
