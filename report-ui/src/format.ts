// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as the text output has them: four significant digits, SI prefixes.
import { el } from "./dom";

const kPrefixes: [number, string][] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
  [1e-3, "m"],
  [1e-6, "µ"],
  [1e-9, "n"],
];
const kWithPrefix = new Set(["", "s", "J", "W", "B", "Hz", "/s", "J s", "B/s", "Wh"]);

export const grouped = (value: number): string => Math.round(value).toLocaleString("en-US");

function digits(value: number, count: number): string {
  const text = Number(value.toPrecision(count)).toString();
  return text.includes("e") ? value.toExponential(count - 1) : text;
}

// The same prefix for all values that stand together.
export function scaleFor(value: number, unit: string): { factor: number; unit: string } {
  const size = Math.abs(value);
  if (!kWithPrefix.has(unit) || size === 0 || (unit === "s" && size >= 1)) return { factor: 1, unit };
  if (unit === "" && size < 1e5 && size >= 1e-3) return { factor: 1, unit };
  const [factor, prefix] = kPrefixes.find(([least]) => size >= least * 0.9999) ?? kPrefixes[kPrefixes.length - 1]!;
  return { factor, unit: prefix + unit };
}

export function amount(value: number, unit: string, count = 4): string {
  if (unit === "" && Number.isInteger(value) && Math.abs(value) < 100000) return grouped(value);
  if (unit === "s" && Math.abs(value) >= 1000) return `${grouped(value)} s`;
  const scale = scaleFor(value, unit);
  return `${digits(value / scale.factor, count)} ${scale.unit}`.trim();
}

export const percent = (share: number, places = 1): string =>
  `${share !== 0 && Math.abs(100 * share) < 0.5 * 10 ** -places ? digits(100 * share, 2) : (100 * share).toFixed(places)} %`;

// "± 0.80 %"
export function halfWidth(low: number | null, high: number | null, mean: number | null): string {
  if (low === null || high === null || mean === null) return "";
  const half = (high - low) / 2;
  if (mean === 0) return `± ${digits(half, 2)}`;
  const share = (100 * half) / Math.abs(mean);
  if (share < 1e-6) return "± 0 %";  // what is left of equal values is their rounding
  return `± ${share < 0.01 ? digits(share, 1) : share.toFixed(share < 1000 ? 2 : 0)} %`;
}

// Whether values of the unit are shown with a prefix: else a column of units says enough.
export const scales = (unit: string): boolean => kWithPrefix.has(unit);

// "% of the machine" is a column too wide.
export const narrow = (unit: string): string => (unit.startsWith("%") ? "%" : unit);

// A number that shows four digits and holds all of them.
export function numberCell(value: number | null | undefined, unit: string, field = ""): HTMLElement | string {
  if (value === null || value === undefined) return el("span", { class: "none", "data-field": field || null }, "–");
  return el(
    "data",
    { value: String(value), title: `${value}${unit ? " " + unit : ""}`, "data-field": field || null },
    amount(value, unit),
  );
}

const two = (n: number): string => String(n).padStart(2, "0");

// Of a time axis whose ticks are `step` seconds apart: "0.25 s", "4:05", "2:10:00", "3 d 06:00".
export function clock(seconds: number, step: number): string {
  const places = step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-9));
  if (Math.abs(seconds) < 600 && step < 60) return `${seconds.toFixed(places)} s`;
  const whole = Math.round(seconds);
  const [days, hours] = [Math.floor(whole / 86400), Math.floor((whole % 86400) / 3600)];
  const minutes = Math.floor((whole % 3600) / 60);
  if (days > 0) return `${days} d ${two(hours)}:${two(minutes)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export const csvField = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
