// SPDX-License-Identifier: GPL-3.0-or-later
// Variants: those of one recording against their reference, or each before and after.
import type { ComparisonRow, VariantComparison, VariantComparisons } from "./data";
import { type Child, el, section, table } from "./dom";
import { comparisonParts, headsOf, reach, rowsTable, sidesOf } from "./forest";
import { numberCell } from "./format";

const rowsOf = (all: VariantComparisons, quantity: string): ComparisonRow[] =>
  all.variants.flatMap((one) => one.rows.filter((row) => row.quantity === quantity && row.verdict !== "not-comparable"));

function named(all: VariantComparisons): string[] {
  return [...new Set(all.variants.flatMap((one) => one.named))].filter((quantity) => rowsOf(all, quantity).length > 0);
}

function titleOf(all: VariantComparisons): string {
  const references = [...new Set(all.variants.map((one) => one.reference))];
  if (references[0] === "") return "New against old, variant by variant";
  return references.length === 1 ? `Variants against ${references[0]}` : "Variants, each against its reference";
}

function basisOf(all: VariantComparisons): string {
  if (all.variants[0]!.reference === "") return `Basis ${all.basis}. Each variant is compared with itself.`;
  return all.basis === "interleaved"
    ? "Basis interleaved. Tests that ran in turn are compared pair by pair."
    : `Basis ${all.basis}. One variant ran after the other: what drifted meanwhile is in the difference.`;
}

function means(all: VariantComparisons): Child {
  if (all.geometric_means.length === 0) return null;
  const drawn = table("Geometric mean of the ratios", [
    { title: "geometric mean of the ratios", cell: (one) => one.quantity },
    { title: "new / old", cell: (one) => numberCell(one.ratio, "", "ratio"), number: true },
    { title: "of", cell: (one) => `${one.ratios} of ${all.variants.length} variants`, number: true },
  ], all.geometric_means);
  drawn.classList.add("means");
  return drawn;
}

// All quantities of one variant, made when it is opened.
function details(one: VariantComparison): HTMLElement {
  const holder = el("details", { class: "variant", "data-variant": one.variant }, el("summary", {}, one.reference ? `${one.variant} against ${one.reference}` : one.variant));
  holder.addEventListener(
    "toggle",
    () => {
      if (one.other_values.length > 1)
        holder.append(el("p", { class: "warn" }, `${one.other_values.join(" and ")} are not the same: which of them does it cannot be told.`));
      const sides = one.reference ? `${one.old.tests} and ${one.new.tests} tests.` : sidesOf(one);
      holder.append(...comparisonParts(one, sides, headsOf(one.reference)).filter((each): each is Node => each instanceof Node));
    },
    { once: true },
  );
  return holder;
}

// "elapsed: 2 better, 1 the same".
function countsOf(all: VariantComparisons, quantity: string): string {
  const rows = rowsOf(all, quantity);
  const words = { better: "better", worse: "worse", changed: "changed", differs: "differ", same: "the same", "cannot-tell": "cannot be told" };
  const parts = Object.entries(words).map(([verdict, word]) => [rows.filter((row) => row.verdict === verdict).length, word] as const);
  return `${quantity}: ${parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`).join(", ")}`;
}

export function variants(all: VariantComparisons, id: string): HTMLElement | null {
  const quantities = named(all);
  const limit = reach(quantities.flatMap((quantity) => rowsOf(all, quantity)));
  const total = all.variants.reduce((sum, one) => sum + one.rows.length, 0);
  return section(
    id,
    titleOf(all),
    el("p", { class: "lead" }, all.sentence || `Of ${all.variants.length} variants, ${quantities.map((one) => countsOf(all, one)).join("; ") || "nothing can be compared"}.`),
    el("p", { class: "note" }, basisOf(all)),
    all.by_chance > 0 && el("p", { class: "note" }, `${all.by_chance} of ${total} rows with p below 5 % are not claimed: so many do that by chance.`),
    ...quantities.flatMap((quantity) => [
      el("h3", {}, quantity),
      rowsTable(rowsOf(all, quantity), `${quantity} of the variants`, limit, { ...headsOf(all.variants[0]!.reference), of: "variant" }),
    ]),
    means(all),
    all.unmatched.length > 0 && el("p", { class: "note" }, `One side alone has ${all.unmatched.join(", ")}: nothing is said of them.`),
    el("h3", {}, "All quantities"),
    ...all.variants.map(details),
  );
}
