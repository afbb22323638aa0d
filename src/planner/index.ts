// What `countersign/planner` offers: planners, and the words they are asked and answer in. No planner keeps anything, and only the one
// that asks a model reaches outside. Takes them from where they are, so that their types ask for none of a Worker.
export * from "../domain/planner.ts";
export type { Model } from "./ask.ts";
export { BOUNDS, type Bounds } from "./bounds.ts";
export { type ModelPlanner, modelPlanner } from "./model-planner.ts";
