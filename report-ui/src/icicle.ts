// SPDX-License-Identifier: GPL-3.0-or-later
// Regions as wide as what they took, each below the one that it is within; one that is chosen fills the width.
import type { RegionRow } from "./data";
import { button, el } from "./dom";

export interface Node {
  row: RegionRow;
  above: Node | null;
  within: Node[];
  size: number; // at least that of all within: an estimate may be less
}

const kLevel = 26; // px
const kNarrowest = 0.0008; // of the width: what is narrower cannot be seen
const kTints = 6;

// `rows`: what is within a region follows it.
export function treeOf(rows: RegionRow[], value: (row: RegionRow) => number | null): Node[] {
  const roots: Node[] = [];
  const open: Node[] = [];
  for (const row of rows) {
    open.length = Math.min(open.length, row.depth);
    const above = open[open.length - 1] ?? null;
    const node: Node = { row, above, within: [], size: Math.max(0, value(row) ?? 0) };
    (above?.within ?? roots).push(node);
    open.push(node);
  }
  const grow = (node: Node): number =>
    (node.size = Math.max(node.size, node.within.reduce((sum, one) => sum + grow(one), 0)));
  roots.forEach(grow);
  return roots;
}

export const sizeOf = (nodes: Node[]): number => nodes.reduce((sum, one) => sum + one.size, 0);

function tintOf(name: string): number {
  let hash = 7;
  for (let i = 0; i < name.length; ++i) hash = (hash * 31 + name.charCodeAt(i)) >>> 0;
  return hash % kTints;
}

export interface IcicleUse {
  say: (row: RegionRow) => string; // of one that is pointed at
  point: (row: RegionRow | null) => void;
}

// Its `draw` shows other roots.
export function icicle(use: IcicleUse): { element: HTMLElement; draw: (roots: Node[]) => void } {
  const element = el("div", { class: "icicle", role: "group", "aria-label": "Regions by what they took" });
  let roots: Node[] = [];

  const box = (node: Node, level: number, left: number, width: number, dim: boolean, chosen: Node | null): HTMLElement => {
    const { row } = node;
    const made = button(row.name, () => show(chosen === node ? node.above : node), {
      class: `tint${tintOf(row.name)}${dim ? " dim" : ""}`,
      "data-region": row.path,
      "aria-label": use.say(row),
      title: use.say(row),
      "aria-pressed": chosen === node ? "true" : null,
    });
    made.style.left = `${100 * left}%`;
    made.style.width = `${100 * width}%`;
    made.style.top = `${kLevel * level}px`;
    made.addEventListener("pointerenter", () => use.point(row));
    made.addEventListener("focus", () => use.point(row));
    return made;
  };

  const show = (chosen: Node | null): void => {
    const made: HTMLElement[] = [];
    const path: Node[] = [];
    for (let at = chosen; at; at = at.above) path.unshift(at);
    path.forEach((node, level) => made.push(box(node, level, 0, 1, node !== chosen, chosen)));
    let deepest = path.length;
    const add = (nodes: Node[], level: number, left: number, perUnit: number): void => {
      for (const node of nodes) {
        const width = node.size * perUnit;
        if (width >= kNarrowest) {
          made.push(box(node, level, left, width, false, chosen));
          deepest = Math.max(deepest, level + 1);
          add(node.within, level + 1, left, perUnit);
        }
        left += width;
      }
    };
    const [top, whole] = chosen ? [chosen.within, chosen.size] : [roots, sizeOf(roots)];
    if (whole > 0) add(top, path.length, 0, 1 / whole);
    const kept = element.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.region : undefined;
    element.replaceChildren(...made);
    element.style.height = `${kLevel * deepest}px`;
    made.find((one) => kept !== undefined && one.dataset.region === kept)?.focus();
  };

  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(null);
  });
  element.addEventListener("pointerleave", () => use.point(null));
  return { element, draw: (all) => ((roots = all), show(null)) };
}
