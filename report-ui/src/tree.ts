// SPDX-License-Identifier: GPL-3.0-or-later
// A whole and its parts, with their shares.
import type { Recording, TreeRow } from "./data";
import { el, table } from "./dom";
import { numberCell, percent } from "./format";

function name(row: TreeRow): HTMLElement {
  const label = el("span", { class: row.remainder ? "rest" : null, title: row.key }, row.name);
  label.style.paddingLeft = `${1.25 * row.depth}em`;
  const cell = el("span", {}, label);
  if (row.negative) cell.append(el("small", { class: "warn" }, " negative: the parts overlap, or their passes differed"));
  if (row.holding.length) cell.append(el("small", {}, ` holds ${row.holding.join(", ")}`));
  return cell;
}

function bar(row: TreeRow): HTMLElement {
  const fill = el("span", { class: "fill" });
  fill.style.width = `${Math.min(100, Math.max(0, 100 * (row.of_root ?? 0)))}%`;
  return el("span", { class: "share", "aria-hidden": "true" }, fill);
}

function tree(rows: TreeRow[]): HTMLElement {
  const root = rows[0]!;
  const band = rows.some((row) => row.band !== null);
  const drawn = table(
    root.name,
    [
      { title: root.unit ? `${root.name} (${root.unit})` : root.name, cell: name },
      { title: "value", cell: (row) => numberCell(row.mean, row.unit, "mean"), number: true },
      { title: "± (95 %)", cell: (row) => numberCell(row.half_width, row.unit), number: true },
      ...(band ? [{ title: "scaled ±", cell: (row: TreeRow) => numberCell(row.band, row.unit), number: true }] : []),
      { title: "of above", cell: (row) => (row.of_parent === null ? "" : percent(row.of_parent)), number: true },
      { title: "of all", cell: (row) => (row.of_root === null ? "" : percent(row.of_root)), number: true },
      { title: "share", cell: bar },
    ],
    rows,
  );
  drawn.classList.add("tree");
  return drawn;
}

export function trees(recording: Recording): HTMLElement | null {
  if (recording.trees.length === 0) return null;
  const holder = el("div", {}, ...recording.trees.map(tree));
  if (recording.trees.some((rows) => rows.some((row) => row.user_only)))
    holder.append(el("p", { class: "note" }, "User mode only."));
  return holder;
}
