// SPDX-License-Identifier: GPL-3.0-or-later
// node build.mjs FILE: the page's template, one HTML file that loads nothing.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

async function bundle(entry) {
  const built = await build({
    entryPoints: [join(here, "src", entry)],
    absWorkingDir: here,
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["es2020", "chrome90", "firefox90", "safari15"],
    charset: "ascii",
    legalComments: "none",
    logLevel: "warning",
  });
  return built.outputFiles[0].text.trim();
}

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const script = await bundle("main.ts");
const style = await bundle("style.css");
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const licence = readFileSync(join(here, "node_modules/uplot/LICENSE"), "utf8").trim();

const page = `<!doctype html><!--perfwatt page-->
<!--
This page holds uPlot:
${licence}
-->
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>perfwatt</title>
<style>${style}</style>
</head>
<body>
<noscript>This page draws itself with JavaScript. perfwatt show FILE prints the same numbers.</noscript>
<div id="page"></div>
<script type="application/json" id="data">@PERFWATT_DATA@</script>
<script>${script}</script>
</body>
</html>
`;
writeFileSync(process.argv[2] ?? join(here, "page.html"), page);
