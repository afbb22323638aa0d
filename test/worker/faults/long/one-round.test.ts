// The same as in approve-reject.test.ts for runs that end otherwise, and for one that continues another.
import { rejectedFor } from "../../continuing.ts";
import { stopAtEveryPoint } from "../every-point.ts";
import { scripted, writing } from "../scripts.ts";

const planner = writing("src/http.js");

await stopAtEveryPoint([
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
  {
    name: "continue a rejected run, then approve",
    planner,
    parent: (await rejectedFor("Not like this.")).run,
    acts: [{ does: "start" }, { does: "approve" }],
    ends: "completed",
  },
  {
    name: "approve, while the list is down",
    planner,
    surroundings: { listIsDown: true },
    acts: [{ does: "start" }, { does: "approve" }],
    ends: "completed",
  },
  {
    name: "approve, with a webhook receiver",
    planner,
    surroundings: { receiver: "up" },
    acts: [{ does: "start" }, { does: "approve" }],
    ends: "completed",
  },
  {
    name: "reject, while that receiver is down",
    planner,
    surroundings: { receiver: "down" },
    acts: [{ does: "start" }, { does: "reject" }],
    ends: "rejected",
  },
  {
    name: "reject a run that is kept for ever",
    planner,
    surroundings: { keptForever: true },
    acts: [{ does: "start" }, { does: "reject" }],
    ends: "rejected",
  },
]);
