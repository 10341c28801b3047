// Bundles src/ into dist/page.html: script and style inside, three marks where the program puts language, title and data.
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";

const bundle = await build({
  entryPoints: ["src/main.ts"],
  bundle: true,
  minify: true,
  write: false,
  outdir: "dist",
  format: "iife",
  target: ["chrome90", "firefox113", "safari16"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
const find = (ending) => bundle.outputFiles.find((file) => file.path.endsWith(ending)).text;

// A closing tag inside a string of the script would end the element.
const script = find(".js").replaceAll("</script", "<\\/script");
const licence = "Apache ECharts, Apache-2.0, https://echarts.apache.org";
const template = await readFile("src/page.html", "utf8");
const page = template
  .replace("/*style*/", () => find(".css"))
  .replace("/*script*/", () => `/* ${licence} */\n${script}`);

await mkdir("dist", { recursive: true });
await writeFile("dist/page.html", page);
