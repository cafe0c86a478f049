/** One measured figure. `goal` is what the design asks for; a missed goal is printed as missed. */
export type Figure = {
  name: string;
  value: number;
  unit: string;
  /** What it was measured against, or how. */
  note?: string;
  goal?: { atLeast: number } | { atMost: number };
};

/** Nearest-rank quantile of unsorted samples; `q` between 0 and 1. */
export const quantile = (samples: readonly number[], q: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
};
export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

export const met = ({ value, goal }: Figure): boolean | null =>
  goal === undefined ? null : 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;

const shown = (value: number): string =>
  Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en-US') : Number(value.toPrecision(3)).toString();

/** A Markdown table of figures. */
export const table = (figures: readonly Figure[]): string => {
  const goalText = (f: Figure) => (f.goal === undefined ? '' : 'atLeast' in f.goal ? `≥ ${f.goal.atLeast}` : `≤ ${f.goal.atMost}`);
  const verdict = (f: Figure) => ({ true: 'met', false: '**missed**', null: '' })[String(met(f))] ?? '';
  const rows = figures.map((f) => `| ${f.name} | ${shown(f.value)} ${f.unit} | ${goalText(f)} | ${verdict(f)} | ${f.note ?? ''} |`);
  return ['| what | measured | goal | | note |', '|---|--:|--:|---|---|', ...rows].join('\n');
};
