// The whole corpus, and its published JSON form. The same bytes every time.
import type { CorpusCase } from "./case.ts";
import { artifactCases } from "./cases/artifacts.ts";
import { bundleCases } from "./cases/bundles.ts";
import { continuationCases } from "./cases/continuations.ts";
import { decisionCases } from "./cases/decisions.ts";
import { documentCases } from "./cases/documents.ts";
import { effectCases } from "./cases/effects.ts";
import { endCases } from "./cases/ends.ts";
import { envelopeCases } from "./cases/envelope.ts";
import { evidenceCases } from "./cases/evidence.ts";
import { executionCases } from "./cases/executions.ts";
import { intentCases } from "./cases/intents.ts";
import { keyCases } from "./cases/keys.ts";
import { lineageCases } from "./cases/lineages.ts";
import { linkCases } from "./cases/links.ts";
import { listedReviewerCases } from "./cases/listed-reviewers.ts";
import { orderCases } from "./cases/order.ts";
import { parentCases } from "./cases/parents.ts";
import { passkeyCases } from "./cases/passkeys.ts";
import { policyCases } from "./cases/policies.ts";
import { previewCases } from "./cases/previews.ts";
import { proposalCases } from "./cases/proposals.ts";
import { quorumCases } from "./cases/quorums.ts";
import { revertCases } from "./cases/reverts.ts";
import { reviewerKeyCases } from "./cases/reviewer-keys.ts";
import { signatureCases } from "./cases/signatures.ts";
import { sizeCases } from "./cases/sizes.ts";
import { spellingCases } from "./cases/spelling.ts";
import { sshCases } from "./cases/ssh-keys.ts";
import { statementCases } from "./cases/statement.ts";
import { subjectCases } from "./cases/subjects.ts";
import { unusableCases } from "./cases/unusable.ts";
import { wholeRunCases } from "./cases/whole-runs.ts";
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
  ...subjectCases,
  ...keyCases,
  ...linkCases,
  ...orderCases,
  ...artifactCases,
  ...policyCases,
  ...evidenceCases,
  ...proposalCases,
  ...sizeCases,
  ...effectCases,
  ...previewCases,
  ...decisionCases,
  ...quorumCases,
  ...intentCases,
  ...passkeyCases,
  ...sshCases,
  ...reviewerKeyCases,
  ...executionCases,
  ...endCases,
  ...bundleCases,
  ...lineageCases,
  ...parentCases,
  ...continuationCases,
  ...revertCases,
];

/** The corpus as JSON text. */
export const corpusJson = (): string => publish(corpusCases);
