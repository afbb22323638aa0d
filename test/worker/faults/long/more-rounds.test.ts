// The same as in approve-reject.test.ts for runs in which a human is asked more than once.
import { stopAtEveryPoint } from "../every-point.ts";
import { writing } from "../scripts.ts";

const TWO = writing("src/http.js", "src/pricing.js");

await stopAtEveryPoint([
  {
    name: "request changes, then approve",
    planner: writing("src/http.js"),
    acts: [
      { does: "start" },
      { does: "request_changes", feedback: "Once more, please." },
      { does: "approve" },
    ],
    ends: "completed",
  },
  {
    name: "two gates",
    planner: TWO,
    acts: [{ does: "start" }, { does: "approve" }, { does: "approve" }],
    ends: "completed",
  },
  {
    name: "two gates, the second rejected",
    planner: TWO,
    acts: [{ does: "start" }, { does: "approve" }, { does: "reject" }],
    ends: "rejected",
  },
]);
