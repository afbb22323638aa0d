// A run as a story to read: a pure projection of one bundle, parsed and folded once. Adds no fact that the bundle does
// not hold, and checks no signature: whoever serves the bundle has, and whoever reads the page can.
import {
  type Action,
  type Artifacts,
  apply,
  type Bundle,
  type ChainCode,
  changedTexts,
  decodeArtifacts,
  EMPTY,
  nextStep,
  type Policy,
  type Round,
  type RunStatus,
  readAction,
  readManifest,
  roundsOf,
  runStatus,
} from "../chain/index.ts";
import {
  accept,
  type Digest,
  decodeEnvelope,
  type Envelope,
  type Kind,
  type Receipt,
  type ReceiptOf,
  type Result,
  readReceipt,
  type Subject,
  subjectDigest,
} from "../receipt/index.ts";
import {
  alertArtifact,
  artifactJson,
  artifactText,
  type EvidenceCall,
  evidenceCall,
  type HandoffSummary,
  handoffSummary,
  type OutcomeReport,
  outcomeReport,
  type ProbeReport,
} from "./artifact-json.ts";

/** An artifact as the page can show it. `text` is null when the bytes are missing or not text. */
export interface ShownArtifact {
  readonly sha256: string;
  readonly text: string | null;
}

export interface AlertStory {
  readonly receipt: ReceiptOf<"alert">;
  readonly artifact: ShownArtifact;
  readonly measured: ProbeReport | null;
}

export interface EvidenceStory {
  readonly receipt: ReceiptOf<"evidence">;
  readonly code: ShownArtifact;
  readonly items: readonly { readonly artifact: ShownArtifact; readonly call: EvidenceCall | null }[];
}

/** A file's text before and after. `isNew` tells a new file from an empty one. */
export interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly isNew: boolean;
  readonly isText: boolean;
}

/** One trip from a proposal to the end of its execution. `change` is null when the call changes no file. */
export interface RoundStory {
  readonly round: Round;
  readonly code: ShownArtifact;
  readonly artifact: ShownArtifact;
  readonly action: Action | null;
  readonly change: FileChange | null;
}

export interface OutcomeStory {
  readonly receipt: ReceiptOf<"outcome">;
  readonly report: OutcomeReport | null;
}

export interface HandoffStory {
  readonly receipt: ReceiptOf<"handoff">;
  readonly artifact: ShownArtifact;
  readonly summary: HandoffSummary | null;
  readonly files: readonly (readonly [path: string, digest: Digest])[];
}

/** `open` is the round that waits for a human, the last one of `rounds`; null when none does. */
export interface Story {
  readonly run: string;
  readonly status: RunStatus;
  readonly due: Kind | null;
  readonly written: boolean;
  readonly policy: Policy | null;
  readonly receipts: readonly Receipt[];
  readonly alert: AlertStory | null;
  readonly evidence: EvidenceStory | null;
  readonly rounds: readonly RoundStory[];
  readonly open: RoundStory | null;
  readonly outcome: OutcomeStory | null;
  readonly handoff: HandoffStory | null;
}

/** A bundle as it comes from a run: its envelopes are still of unknown form. */
type GivenBundle = Pick<Bundle, "run" | "artifacts"> & { readonly receipts: readonly unknown[] };

/** Reads the story of a bundle, or says which receipt does not stand where it stands. */
export function readStory(bundle: GivenBundle): Result<Story, ChainCode> {
  const { sound } = decodeArtifacts(bundle.artifacts);
  const artifacts: Artifacts = (sha256) => sound.get(sha256);
  const receipts: Receipt[] = [];
  let state = EMPTY;
  for (const envelope of bundle.receipts) {
    const decoded = decodeEnvelope(envelope);
    if (!decoded.ok) return decoded;
    // decodeEnvelope has checked every field of the envelope and that there is no other.
    const receipt = readReceipt(envelope as Envelope, decoded.value);
    if (!receipt.ok) return receipt;
    const next = apply(state, receipt.value, artifacts);
    if (!next.ok) return next;
    state = next.value;
    receipts.push(receipt.value);
  }
  const due = nextStep(state)?.kind ?? null;
  const rounds = roundsOf(receipts).map((round) => roundStory(round, artifacts));
  const evidence = receipts.find((receipt) => receipt.kind === "evidence");
  const handoff = receipts.find((receipt) => receipt.kind === "handoff");
  return accept({
    run: bundle.run,
    status: runStatus(state),
    due,
    written: state.written,
    policy: state.policy,
    receipts,
    alert: state.alert && alertStory(state.alert, artifacts),
    evidence: evidence ? evidenceStory(evidence, artifacts) : null,
    rounds,
    open: due === "decision" ? (rounds.at(-1) ?? null) : null,
    outcome: state.outcome && outcomeStory(state.outcome, artifacts),
    handoff: handoff ? handoffStory(handoff, artifacts) : null,
  });
}

function alertStory(receipt: ReceiptOf<"alert">, artifacts: Artifacts): AlertStory {
  const artifact = shown(receipt, "alert", artifacts);
  const measured = artifactJson(artifacts, artifact.sha256, alertArtifact)?.measured ?? null;
  return { receipt, artifact, measured };
}

function evidenceStory(receipt: ReceiptOf<"evidence">, artifacts: Artifacts): EvidenceStory {
  // An item's name is its signer's own word; the subjects have theirs by place.
  const items = receipt.statement.predicate.items.map((_, i) => {
    const artifact = shown(receipt, `item-${i + 1}`, artifacts);
    return { artifact, call: artifactJson(artifacts, artifact.sha256, evidenceCall) };
  });
  return { receipt, code: shown(receipt, "code", artifacts), items };
}

function roundStory(round: Round, artifacts: Artifacts): RoundStory {
  const artifact = shown(round.proposal, "action", artifacts);
  const action = readAction(artifacts(artifact.sha256) ?? new Uint8Array());
  const texts = changedTexts(round, artifacts);
  return {
    round,
    code: shown(round.proposal, "code", artifacts),
    artifact,
    action: action.ok ? action.value : null,
    change: texts && { ...texts, isNew: round.preview?.statement.predicate.changes[0]?.before === null },
  };
}

function outcomeStory(receipt: ReceiptOf<"outcome">, artifacts: Artifacts): OutcomeStory {
  const sha256 = subjectDigest(receipt.statement, "report");
  return { receipt, report: artifactJson(artifacts, sha256, outcomeReport) };
}

function handoffStory(receipt: ReceiptOf<"handoff">, artifacts: Artifacts): HandoffStory {
  const artifact = shown(receipt, "summary", artifacts);
  const sha256 = subjectDigest(receipt.statement, "repository") ?? "";
  const manifest = readManifest(artifacts(sha256) ?? new Uint8Array());
  return {
    receipt,
    artifact,
    summary: artifactJson(artifacts, artifact.sha256, handoffSummary),
    files: manifest.ok ? [...manifest.value] : [],
  };
}

function shown(
  { statement }: { readonly statement: { readonly subject: readonly Subject[] } },
  name: string,
  artifacts: Artifacts,
): ShownArtifact {
  const sha256 = subjectDigest(statement, name) ?? "";
  return { sha256, text: artifactText(artifacts, sha256) };
}
