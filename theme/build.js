/* Builds the look: scss/poreka.scss → ../src/poreka/web/layout/static/poreka.css, and copies the font with its licence.
 * `--check` writes nothing and fails when the committed files differ from what the sources give. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";
import { slim } from "./slim.js";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/poreka/web/layout/static");
const font = join(here, "node_modules/@fontsource-variable/atkinson-hyperlegible-next");
const check = process.argv.includes("--check");

const sheet = compile(join(here, "scss/poreka.scss"), {
  style: "compressed",
  loadPaths: [join(here, "node_modules")],
  quietDeps: true,
});

const upright = (subset) => readFileSync(join(font, `files/atkinson-hyperlegible-next-${subset}-wght-normal.woff2`));
const fonts = [["fonts/atkinson-latin.woff2", upright("latin")], ["fonts/atkinson-latin-ext.woff2", upright("latin-ext")]];

// Static files are served as /static/<fingerprint>/<name> (poreka/web/static.py): the sheet must know its fonts' addresses.
const fingerprint = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 12);
const css = fonts.reduce(
  (text, [name, bytes]) => text.replaceAll(`url("${name}")`, `url("../${fingerprint(bytes)}/${name}")`),
  slim(sheet.css),
);

const files = [
  ["poreka.css", Buffer.from(css + "\n")],
  ...fonts,
  ["fonts/OFL.txt", readFileSync(join(font, "LICENSE"))],
];

let stale = 0;
mkdirSync(join(out, "fonts"), { recursive: true });
for (const [name, bytes] of files) {
  const path = join(out, name);
  if (check) {
    let same = false;
    try { same = readFileSync(path).equals(bytes); } catch { /* missing counts as stale */ }
    if (!same) { stale += 1; console.error(`stale: ${name}`); }
  } else {
    writeFileSync(path, bytes);
    console.log(`${name} ${(bytes.length / 1024).toFixed(1)} KiB`);
  }
}
process.exitCode = stale ? 1 : 0;
