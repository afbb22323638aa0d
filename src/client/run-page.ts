// The script of a run's page, and of a receipt's. The pages work without it; what it adds is that the reader's browser verifies the receipts,
// that the page keeps up with the run, and what makes deciding easier: the change first, shortcuts, a countdown, times as the reader's clock.

import { addCopyButtons } from "./copy-buttons.ts";
import { tick } from "./countdown.ts";
import { listenForKeys } from "./decision-keys.ts";
import { openDrawers } from "./drawer.ts";
import { guardDecision, noteSent } from "./half-made-decision.ts";
import { keepUp } from "./keep-up.ts";
import { followSwitch, showKeys } from "./key-switch.ts";
import { showEdits, showEditsAgain } from "./live-edit.ts";
import { showLocalTimes } from "./local-times.ts";
import { openReasonBox } from "./reason-box.ts";
import { guardReview, reviewFirst } from "./review-first.ts";
import { signDecisions } from "./sign-decision.ts";
import { verifyRun } from "./verify-run.ts";

if (document.getElementById("run")) {
  // First of all, before anything here touches what the server sent.
  keepUp(enhance);
  // In this order: what was not to be pressed yet opens no box, and sends nothing.
  guardReview();
  openReasonBox();
  guardDecision();
  signDecisions();
  noteSent();
  listenForKeys();
  showEdits();
  followSwitch();
  openDrawers();
  tick();
  showEditsAgain();
  enhance();
} else {
  showLocalTimes();
  addCopyButtons();
}

/** What is done to the page as it came, and again whenever the server's parts of it have changed. */
function enhance(): void {
  showLocalTimes();
  reviewFirst();
  for (const skip of document.querySelectorAll<HTMLAnchorElement>(".skip")) {
    skip.hidden = document.querySelector(skip.hash) === null;
  }
  showKeys();
  void verifyRun();
}
