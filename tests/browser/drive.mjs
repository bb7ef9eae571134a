// SPDX-License-Identifier: GPL-3.0-or-later
// node drive.mjs: Chromium, driven by lines of JSON on stdin, each answered by one on stdout.
//   {"open": FILE, "width", "height", "dark"} -> {"seen_ms", "drawn_ms", "cpu_ms", "requests", "said"}
//   {"do": [[ACTION, ...], ...]} -> {"results", "requests", "said"}
// By the page's own clock, which begins with the navigation: seen_ms until it was first painted, with its main channel, drawn_ms until
// all is drawn. What the driver takes to ask is in neither. cpu_ms is the CPU time of the page's main thread in it.
// `requests` are those of the page since it was opened but the one of the file; `said` is what stands in the console, errors of the
// page and its dialogs. ACTIONS has what can be done.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const browser = await chromium.launch({ executablePath: process.env.PERFWATT_CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
let context, page, requests, said;

async function open({ open: file, width = 1280, height = 900, dark = false }) {
  await context?.close();
  context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
  page = await context.newPage();
  [requests, said] = [[], []];
  const url = pathToFileURL(file).href;
  page.on("request", (request) => request.url() === url || requests.push(request.url()));
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => (said.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  const tools = await context.newCDPSession(page);
  await tools.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(url, { waitUntil: "load", timeout: 120000 });
  await page.waitForFunction(() => document.documentElement.dataset.ready === "yes", null, { timeout: 120000 });
  const { metrics } = await tools.send("Performance.getMetrics");
  const [seen_ms, drawn_ms] = await page.evaluate(() =>
    ["first-contentful-paint", "perfwatt-drawn"].map((name) => performance.getEntriesByName(name)[0]?.startTime ?? null));
  return { seen_ms, drawn_ms, cpu_ms: 1000 * metrics.find((one) => one.name === "TaskDuration").value };
}

async function drag(selector, from, to) {
  const target = page.locator(selector).first();
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * (from + to) / 2, y);
  await page.mouse.move(box.x + box.width * to, y);
  await page.mouse.up();
}

const ACTIONS = {
  eval: (code) => page.evaluate(code),
  click: (selector) => page.locator(selector).first().click(),
  dblclick: (selector) => page.locator(selector).first().dblclick(),
  fill: (selector, text) => page.locator(selector).first().fill(text),
  focus: (selector) => page.locator(selector).first().focus(),
  press: (key) => page.keyboard.press(key),
  drag,
  media: (media) => page.emulateMedia({ media }),
  size: (width, height) => page.setViewportSize({ width, height }),
  shot: async (path, full = true) => void (await page.screenshot({ path, fullPage: full })),
  pdf: async (path) => void (await page.pdf({ path, preferCSSPageSize: true, format: "A4" })),
};

async function act(actions) {
  const results = [];
  for (const [name, ...words] of actions) results.push((await ACTIONS[name](...words)) ?? null);
  return { results };
}

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  let answer;
  try {
    answer = job.open ? await open(job) : await act(job.do);
  } catch (error) {
    answer = { failed: String(error) };
  }
  console.log(JSON.stringify({ ...answer, requests, said }));
}
await browser.close();
