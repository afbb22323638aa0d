// What `countersign/planner` offers: planners, and the words they are asked and answer in. Pure; no planner calls or keeps anything.
// Takes them from where they are, so that their types ask for none of a Worker.
export {
  type AlertBrief,
  type EarlierProposal,
  type Evidence,
  type EvidenceItem,
  type Inherited,
  type Planner,
  type PlannerAnswer,
  type ProposalPlan,
  readAnswer,
  type SaidDecision,
  type ScriptedPlanner,
  type Situation,
  scripted,
} from "../domain/planner.ts";
