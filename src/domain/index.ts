// The domain port. Pure: it knows no URL, no view and no storage.
export {
  type AnyGatedCall,
  type Call,
  type CallContext,
  type DoneCall,
  type EffectTemplate,
  type Found,
  type GatedCall,
  gated,
  type RemoteCall,
  type RemoteContext,
} from "./call.ts";
export {
  type Check,
  type ConnectorContext,
  type Domain,
  defineDomain,
  freeCalls,
  type Measurement,
  type PlainConnector,
  type Read,
  type ReadContext,
  read,
} from "./domain.ts";
export type { Json } from "./json.ts";
export { NotApplied } from "./not-applied.ts";
export {
  type AlertBrief,
  type Asking,
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
  type Spent,
  scripted,
} from "./planner.ts";
export type { Resources } from "./resources.ts";
