// Bundles src/ into dist/page.html and dist/sweep.html: script and style inside, three marks where the program puts
// language, title and data.
import { build } from "esbuild";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";

const licence = "Apache ECharts, Apache-2.0, https://echarts.apache.org";
const template = await readFile("src/page.html", "utf8");
await mkdir("dist", { recursive: true });

async function bundlePage(entry, target) {
  const bundle = await build({
    entryPoints: [entry],
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
  // Written beside and renamed: an interrupted build leaves no half page.
  await writeFile(`${target}.part`, template.replace("/*style*/", () => find(".css")).replace("/*script*/", () => `/* ${licence} */\n${script}`));
  await rename(`${target}.part`, target);
}

await bundlePage("src/main.ts", "dist/page.html");
await bundlePage("src/sweep/main.ts", "dist/sweep.html");
