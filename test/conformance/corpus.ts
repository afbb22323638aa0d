// The whole corpus, and its published JSON form. The same bytes every time.
import type { CorpusCase } from "./case.ts";
import { actionCases } from "./cases/actions.ts";
import { anchorCases } from "./cases/anchors.ts";
import { approvalCases } from "./cases/approvals.ts";
import { artifactCases } from "./cases/artifacts.ts";
import { bundleCases } from "./cases/bundles.ts";
import { continuationCases } from "./cases/continuations.ts";
import { decisionCases } from "./cases/decisions.ts";
import { digestCases } from "./cases/digests-and-instants.ts";
import { documentCases } from "./cases/documents.ts";
import { effectCases } from "./cases/effects.ts";
import { envelopeCases } from "./cases/envelope.ts";
import { evidenceCases } from "./cases/evidence.ts";
import { executionCases } from "./cases/executions.ts";
import { expansionCases } from "./cases/expansions.ts";
import { feedbackCases } from "./cases/feedback.ts";
import { handoffCases } from "./cases/handoffs.ts";
import { intentCases } from "./cases/intents.ts";
import { keyCases } from "./cases/keys.ts";
import { lengthCases } from "./cases/lengths.ts";
import { lineageCases } from "./cases/lineages.ts";
import { linkCases } from "./cases/links.ts";
import { listedReviewerCases } from "./cases/listed-reviewers.ts";
import { orderCases } from "./cases/order.ts";
import { outcomeCases } from "./cases/outcomes.ts";
import { parentBundleCases } from "./cases/parent-bundles.ts";
import { parentCases } from "./cases/parents.ts";
import { passkeyDataCases } from "./cases/passkey-data.ts";
import { passkeyCases } from "./cases/passkeys.ts";
import { policyCases } from "./cases/policies.ts";
import { policyTemplateCases } from "./cases/policy-templates.ts";
import { precedenceCases } from "./cases/precedence.ts";
import { laterPrecedenceCases } from "./cases/precedence-later.ts";
import { previewCases } from "./cases/previews.ts";
import { proposalCases } from "./cases/proposals.ts";
import { revertCases } from "./cases/reverts.ts";
import { reviewerKeyCases } from "./cases/reviewer-keys.ts";
import { roleCases } from "./cases/roles.ts";
import { signatureCases } from "./cases/signatures.ts";
import { sizeCases } from "./cases/sizes.ts";
import { spellingCases } from "./cases/spelling.ts";
import { sshCases } from "./cases/ssh-keys.ts";
import { sshSignatureCases } from "./cases/ssh-signatures.ts";
import { statementCases } from "./cases/statement.ts";
import { subjectCases } from "./cases/subjects.ts";
import { unusableCases } from "./cases/unusable.ts";
import { wholeRunCases } from "./cases/whole-runs.ts";
import { workerKeyCases } from "./cases/worker-keys.ts";
import { replayedKeyCases } from "./cases/worker-keys-replayed.ts";
import { publish } from "./published-form.ts";

/** Every case, in the order of the specification. */
export const corpusCases: readonly CorpusCase[] = [
  ...wholeRunCases,
  ...documentCases,
  ...unusableCases,
  ...listedReviewerCases,
  ...envelopeCases,
  ...signatureCases,
  ...spellingCases,
  ...statementCases,
  ...feedbackCases,
  ...lengthCases,
  ...digestCases,
  ...subjectCases,
  ...keyCases,
  ...linkCases,
  ...orderCases,
  ...artifactCases,
  ...policyCases,
  ...policyTemplateCases,
  ...evidenceCases,
  ...proposalCases,
  ...actionCases,
  ...sizeCases,
  ...expansionCases,
  ...effectCases,
  ...previewCases,
  ...decisionCases,
  ...roleCases,
  ...approvalCases,
  ...intentCases,
  ...passkeyDataCases,
  ...passkeyCases,
  ...sshCases,
  ...sshSignatureCases,
  ...reviewerKeyCases,
  ...workerKeyCases,
  ...replayedKeyCases,
  ...executionCases,
  ...outcomeCases,
  ...handoffCases,
  ...bundleCases,
  ...anchorCases,
  ...lineageCases,
  ...parentBundleCases,
  ...parentCases,
  ...continuationCases,
  ...revertCases,
  ...precedenceCases,
  ...laterPrecedenceCases,
];

/** The corpus as JSON text. */
export const corpusJson = (): string => publish(corpusCases);
