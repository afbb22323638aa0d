// Runbook pages about the platform. None of them helps with the incident; a search must rank them below.
import type { Runbook } from "./runbooks.ts";

export const PLATFORM_RUNBOOKS: readonly Runbook[] = [
  {
    slug: "tls-renewal",
    title: "TLS certificate is about to expire",
    body: `# TLS certificate is about to expire

Managed certificates renew by themselves thirty days ahead. If the warning is about a custom certificate, upload
the new one beside the old one, wait until every hostname serves it, and only then delete the old one.
A renewal that hangs is nearly always a missing validation record.
`,
  },
  {
    slug: "cache-purge",
    title: "Purging the cache after a bad deploy",
    body: `# Purging the cache after a bad deploy

Purge by prefix, not everything: a full purge sends all traffic to the origin at once. Assets carry a hash in their
name and need no purge. Pages do. Check one page from two regions before you close the ticket.
`,
  },
  {
    slug: "d1-slow-queries",
    title: "D1 queries are slow",
    body: `# D1 queries are slow

Find the query with the highest total time in the insights view. Ask the planner for its plan; a full scan over a
table of more than ten thousand rows wants an index. Add the index in a migration of its own. If rows read per
query stay high after that, the query asks for more than the page shows.
`,
  },
  {
    slug: "on-call-handover",
    title: "On-call handover",
    body: `# On-call handover

Write down what is open, what is muted and until when, and what you would look at first. Say it aloud as well.
The person who takes over acknowledges in the channel; until then the pager is still yours.
`,
  },
  {
    slug: "queue-backlog",
    title: "Queue backlog keeps growing",
    body: `# Queue backlog keeps growing

Compare the arrival rate with the rate of acknowledgements. If a consumer fails on one message over and over,
that message goes to the dead-letter queue after five attempts; look there first. Raise the batch size before
you raise the concurrency.
`,
  },
  {
    slug: "rate-limit-false-positives",
    title: "Rate limiting blocks real customers",
    body: `# Rate limiting blocks real customers

Offices and mobile networks share addresses. Look for many distinct sessions behind one blocked address. Loosen the
rule for that path rather than for the address, and put an end date on the exception.
`,
  },
];
