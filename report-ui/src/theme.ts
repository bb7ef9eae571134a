// SPDX-License-Identifier: GPL-3.0-or-later
// Light, dark, or as the system has it.
import { button } from "./dom";

type Theme = "auto" | "light" | "dark";
const kNames: Record<Theme, string> = { auto: "Theme: system", light: "Theme: light", dark: "Theme: dark" };
const kNext: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };

const listeners = new Set<() => void>();
export const onTheme = (listener: () => void): void => void listeners.add(listener);
export const forgetThemeListeners = (): void => listeners.clear();
const tell = (): void => listeners.forEach((listener) => listener());

// Those asked for, of the theme in use.
const colours = new Map<string, string>();

export function colour(name: string): string {
  let value = colours.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    colours.set(name, value);
  }
  return value;
}

function remembered(): Theme {
  try {
    const kept = localStorage.getItem("perfwatt-theme");
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto";
  }
}

const system = matchMedia("(prefers-color-scheme: dark)");

function use(theme: Theme): void {
  document.documentElement.dataset.theme = theme !== "auto" ? theme : system.matches ? "dark" : "light";
  colours.clear();
  tell();
}

export function themeButton(): HTMLButtonElement {
  let theme = remembered();
  use(theme);
  const made = button(kNames[theme], () => {
    theme = kNext[theme];
    try {
      localStorage.setItem("perfwatt-theme", theme);
    } catch {
      // A page from a file may have nowhere to keep it.
    }
    made.textContent = kNames[theme];
    use(theme);
  }, { class: "quiet theme" });
  system.addEventListener("change", () => use(theme));
  // What is drawn on a canvas keeps its colours: paper is light.
  addEventListener("beforeprint", () => use("light"));
  addEventListener("afterprint", () => use(theme));
  return made;
}
