// What `countersign/planner` offers: planners, and the words they are asked and answer in. Pure; no planner calls or keeps anything.
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
} from "../domain/index.ts";
