// What `countersign/planner` offers: planners, and the words they are asked and answer in. Pure; no planner calls or keeps anything.
// Takes them from where they are, so that their types ask for none of a Worker.
export * from "../domain/planner.ts";
