// Numbers as people read them.

const cache = new Map<number, Intl.NumberFormat>();

/** `12,345.6`; a dash where there is no number. */
export function fixed(value: number | null | undefined, digits = 1): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  let format = cache.get(digits);
  if (!format) {
    format = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    cache.set(digits, format);
  }
  const text = format.format(value);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** Three to five figures, whatever the size. */
export function brief(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  return fixed(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3);
}

/** Energy with the unit that suits its size. */
export function energy(mwh: number | null | undefined): string {
  if (mwh === null || mwh === undefined || !Number.isFinite(mwh)) return "–";
  const size = Math.abs(mwh);
  if (size >= 1e6) return `${fixed(mwh / 1e6, 2)} TWh`;
  if (size >= 1e3) return `${fixed(mwh / 1e3, 1)} GWh`;
  return `${fixed(mwh, 1)} MWh`;
}

export function percent(share: number | null | undefined, digits = 1): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  return `${fixed(share * 100, digits)} %`;
}
