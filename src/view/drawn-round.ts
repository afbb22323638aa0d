// A round as a page draws it, planned before anything is rendered: so the tape, the question and the button say the same of it, and what
// does not fit is known when the button is drawn.
import type { Json } from "../domain/index.ts";
import type { RunStory, ToldEffect, ToldRound } from "../host/run-story.ts";
import { argumentsCard, type EffectCard, effectCards } from "./effect-cards.ts";
import { laidOutJson } from "./laid-out-json.ts";
import { endsOf, type Room } from "./room.ts";

/** What differs from the revision that this one replaces. `dropped` are the resources that it changed and this one does not. */
export interface SinceRevision {
  readonly revision: number;
  readonly cards: readonly EffectCard[];
  readonly dropped: readonly string[];
}

export interface DrawnRound {
  readonly round: ToldRound;
  readonly cards: readonly EffectCard[];
  readonly since: SinceRevision | null;
  /** The arguments that no effect shows: all of them where a diff cannot be derived; null where there are none. */
  readonly args: Json;
  /** Whether all of what is decided on is drawn. */
  readonly inFull: boolean;
}

/** The rounds of a run, oldest first. The newest has room of its own; the others share what there is, the latest first. */
export function drawRounds(story: RunStory, question: Room, rest: Room): DrawnRound[] {
  const drawn = story.rounds.toReversed().map((round, i) => {
    const isNewest = i === 0;
    const base =
      isNewest && story.view.pending
        ? story.rounds.find(({ proposal }) => proposal.digest === round.proposal.supersedes)
        : null;
    return drawRound(story, round, base ?? null, isNewest ? question : rest);
  });
  return drawn.reverse();
}

function drawRound(story: RunStory, round: ToldRound, base: ToldRound | null, room: Room): DrawnRound {
  const cards = effectCards(round.effects, room);
  const args = shownArguments(story, round, cards);
  return {
    round,
    cards,
    since: base && sinceRevision(base, round, room),
    args,
    inFull: isInFull(round, cards, args),
  };
}

function isInFull({ plan }: ToldRound, cards: readonly EffectCard[], args: Json): boolean {
  const fits = (text: string) => endsOf(text, "code", null).left === 0;
  const areDrawn = cards.every((card) => card.shape !== "diff" || card.drawn.left === 0);
  return areDrawn && (args === null || fits(laidOutJson(args))) && (!plan || fits(plan.text ?? ""));
}

/** An argument that nothing else on the page shows is not folded away. */
function shownArguments({ policy }: RunStory, { action }: ToldRound, cards: readonly EffectCard[]): Json {
  const args = action.args as Json;
  if (cards.length === 0 || cards.some(({ shape }) => shape === "digests")) return args;
  const entry = policy?.effects.find(
    ({ connector, method }) => connector === action.connector && method === action.method,
  );
  if (!entry || typeof args !== "object" || args === null || Array.isArray(args)) return args;
  const shown = new Set(entry.effects.flatMap(namesIn));
  const others = Object.entries(args).filter(([name]) => !shown.has(name));
  return others.length === 0 ? null : Object.fromEntries(others);
}

/** The arguments that a template uses. */
function namesIn(template: {
  readonly resource: string;
  readonly before: string;
  readonly after: string;
}): string[] {
  const placed = [...template.resource.matchAll(/\{\+?(\w+)\}/g)].map(([, name = ""]) => name);
  const given = [template.before, template.after].filter((side) => side.startsWith("$"));
  return [...placed, ...given.map((side) => side.slice(1))];
}

function sinceRevision(base: ToldRound, round: ToldRound, room: Room): SinceRevision {
  const { revision } = base.proposal;
  const resources = new Set(round.effects.map(({ resource }) => resource));
  const dropped = base.effects.map(({ resource }) => resource).filter((name) => !resources.has(name));
  if (round.effects.length === 0) {
    const [before, after] = [base.action, round.action];
    const effect: ToldEffect = {
      resource: "arguments",
      before: { digest: before.digest, value: null },
      after: { digest: after.digest, value: null },
    };
    const card = argumentsCard(before.args as Json, after.args as Json, room);
    return { revision, dropped, cards: before.digest === after.digest ? [] : [{ effect, ...card }] };
  }
  const changed = round.effects.flatMap((effect): ToldEffect[] => {
    const was = base.effects.find(({ resource }) => resource === effect.resource)?.after;
    if (!was || was.digest === "unknown") return [effect];
    return was.digest === effect.after.digest ? [] : [{ ...effect, before: was }];
  });
  return { revision, dropped, cards: effectCards(changed, room) };
}
