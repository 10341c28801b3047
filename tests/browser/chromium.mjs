// The browser the pages are opened in: $CHROMIUM or one that is installed. Exit code 77 of a test: there is none here.

import { existsSync } from "node:fs";

export const chromium = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));

export function skipWithoutChromium() {
  if (chromium) return;
  console.log("skipped: no Chromium (Debian 12: apt-get install chromium fonts-noto-cjk)");
  process.exit(77);
}
