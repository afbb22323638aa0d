// Takes over into the page what the server changed between two renderings of it, and leaves everything else as the visitor
// has it: focus, scroll, open folds, words in a box, marks of the verifier. Clones parsed nodes; never parses HTML itself.

/** Brings `live` from the rendering `before`, on which it is based, to the rendering `after`. */
export function mergeServed(live: Element, before: Element, after: Element): void {
  if (before.isEqualNode(after)) return;
  for (const name of new Set([...before.getAttributeNames(), ...after.getAttributeNames()])) {
    const value = after.getAttribute(name);
    if (value === before.getAttribute(name)) continue;
    if (value === null) live.removeAttribute(name);
    else live.setAttribute(name, value);
  }
  // What stands in a box is the visitor's.
  if (live.nodeName !== "TEXTAREA") mergeChildren(live, before, after);
}

function mergeChildren(live: Element, before: Element, after: Element): void {
  const here = keyed(live);
  const was = keyed(before);
  const stillAsServed = here.size === was.size && [...was.keys()].every((key) => here.has(key));
  const wanted = [...keyed(after)].map(([key, node]) => {
    const [mine, old] = [here.get(key), was.get(key)];
    if (!stillAsServed || !mine || !old) return document.importNode(node, true);
    if (mine instanceof Element && old instanceof Element && node instanceof Element) {
      mergeServed(mine, old, node);
    } else if (old.nodeValue !== node.nodeValue) {
      mine.nodeValue = node.nodeValue;
    }
    return mine;
  });
  arrange(live, wanted);
}

/** The children by what they are: kind and id, or kind and place among those alike. */
function keyed(parent: Element): Map<string, ChildNode> {
  const nodes = new Map<string, ChildNode>();
  for (const node of parent.childNodes) {
    const name =
      node instanceof Element ? (node.getAttribute("id") ?? node.getAttribute("aria-labelledby")) : "";
    let place = 0;
    while (nodes.has(`${node.nodeName} ${name} ${place}`)) place++;
    nodes.set(`${node.nodeName} ${name} ${place}`, node);
  }
  return nodes;
}

/** Moves only what has to move: an element that is moved loses focus and scroll. */
function arrange(parent: Element, wanted: readonly Node[]): void {
  const kept = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!kept.has(child)) child.remove();
  for (const [i, node] of wanted.entries()) {
    const there = parent.childNodes[i] ?? null;
    if (there !== node) parent.insertBefore(node, there);
  }
}
