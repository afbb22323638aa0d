// The script of a run's page. The page works without it; what it adds is that the visitor's browser checks the receipts,
// that the page keeps up with the run, and what makes deciding easier: keys, a countdown, copy buttons.
import { addCopyButtons } from "./copy-buttons.ts";
import { tick } from "./countdown.ts";
import { listenForKeys } from "./decision-keys.ts";
import { guardDecision } from "./half-made-decision.ts";
import { keepUp } from "./keep-up.ts";
import { followSwitch, showKeys } from "./key-switch.ts";
import { verifyRun } from "./verify-run.ts";

// First of all, before anything here touches what the server sent.
keepUp(enhance);
guardDecision();
listenForKeys();
followSwitch();
tick();
enhance();

/** What is done to the page as it came, and again whenever the server's parts of it have changed. */
function enhance(): void {
  addCopyButtons();
  showKeys();
  void verifyRun();
}
