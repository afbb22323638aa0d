// The lawful chains of the corpus, and a bundle as the story that pages show.
import { readBundle } from "../../src/chain/index.ts";
import { readStory, type Story } from "../../src/view/story.ts";
import { conformanceCases } from "../conformance/corpus.ts";

export const lawful = conformanceCases.filter(({ expect: { verdict } }) => verdict !== "invalid");

export function storyOf(input: unknown): Story {
  const bundle = readBundle(input);
  const story = bundle.ok ? readStory(bundle.value) : bundle;
  if (!story.ok) throw new Error(story.refusal.message);
  return story.value;
}
