// Elements without a framework.

type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/** Makes an element: `make("p.note", {title: "…"}, "text", child)`. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K | `${K}.${string}`,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name) as HTMLElementTagNameMap[K];
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.replace(/^on/, ""), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(typeof child === "number" ? String(child) : child);
  }
  return element;
}

/** A white panel with a heading, a line of explanation and a body. */
export function panel(title: string, note: string, ...body: Child[]): HTMLElement {
  return make(
    "section.panel",
    {},
    make("h3", {}, title),
    note ? make("p.note", {}, note) : null,
    ...body,
  );
}

/** Buttons of which one is chosen. */
export function choice<T extends string>(
  options: { value: T; label: string }[],
  chosen: T,
  onChoose: (value: T) => void,
  label = "",
): HTMLElement {
  const group = make("div.choice", { role: "group", "aria-label": label || undefined });
  for (const option of options) {
    const button = make("button", { type: "button", "data-value": option.value, "aria-pressed": String(option.value === chosen) }, option.label);
    button.addEventListener("click", () => {
      for (const other of group.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
      onChoose(option.value);
    });
    group.append(button);
  }
  return group;
}
