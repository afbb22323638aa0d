// A run's page as it is served, of a story that was written by hand: for pictures, and for what a browser does with it.
import type { RunStory } from "../../src/host/run-story.ts";
import { RunPage } from "../../src/view/run-page.tsx";
import { SCENES } from "./scenes.ts";

export const SCENE_NAMES = Object.keys(SCENES);

/** The document. Its instant is shortly after the stories'. */
export function runPage(story: RunStory, origin: string): string {
  const html = (
    <RunPage
      story={story}
      deciding={{ as: "anyone" }}
      refused={null}
      origin={origin}
      now="2026-11-29T07:52:40.000Z"
      keys={new Map()}
    />
  );
  return `<!doctype html>${html}`;
}

export function scenePage(name: string, origin: string): string {
  const scene = SCENES[name];
  if (!scene) throw new Error(`expected a scene, got ${name}`);
  return runPage(scene(), origin);
}
