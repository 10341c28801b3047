// Two languages, side by side where the words are used.

export type Language = "zh" | "en";

export interface Name {
  zh: string;
  en: string;
}

let current: Language = "zh";

export function setLanguage(language: Language): void {
  current = language;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

export function language(): Language {
  return current;
}

/** The words of the current language. */
export function say(zh: string, en: string): string {
  return current === "zh" ? zh : en;
}

/** A name in the current language, or in the other where one is missing. */
export function nameOf(name: Name | undefined, fallback = ""): string {
  if (!name) return fallback;
  return (current === "zh" ? name.zh || name.en : name.en || name.zh) || fallback;
}
