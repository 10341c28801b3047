// Runs the command that installs what the tests import, where there is a browser to test in.
//
//     node prepare.mjs COMMAND ARGUMENT…

import { spawnSync } from "node:child_process";
import { chromium } from "./chromium.mjs";

if (!chromium) {
  console.log("no Chromium: nothing to install");
} else {
  const [command, ...args] = process.argv.slice(2);
  process.exit(spawnSync(command, args, { stdio: "inherit" }).status ?? 1);
}
