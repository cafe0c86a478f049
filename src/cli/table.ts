/** Aligned columns that fit the terminal: one flexible column gives way first, then the ones that may be left out. */
import { cut, oneLine, pad, widthOf, wrap } from './width.ts';

export type Cell = string | { text: string; paint: (text: string) => string };

export type Column = {
  title: string;
  /** Takes what is left and is cut first; the widest of its cells is its wish. One per table. */
  flex?: boolean;
  /** Left out when the terminal is too narrow, highest number first. 0 or absent: always shown. */
  spare?: number;
  /** Cells that this column may take at most. */
  max?: number;
  right?: boolean;
};

const GAP = 2;
/** A flexible column narrower than this says nothing: rather leave a spare column out. */
const LEAST = 20;

const textOf = (cell: Cell): string => oneLine(typeof cell === 'string' ? cell : cell.text);

/** The lines of the table, header first, none wider than `width` cells. Cells are made harmless here. */
export const table = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  head: (text: string) => string,
): string[] => {
  const texts = rows.map((row) => row.map(textOf));
  const wish = columns.map((column, i) =>
    Math.min(column.max ?? Number.POSITIVE_INFINITY, Math.max(widthOf(column.title), ...texts.map((row) => widthOf(row[i] ?? '')))),
  );
  const shown = columns.map((_, i) => i);
  const fixed = (): number => shown.reduce((sum, i) => sum + (columns[i]?.flex ? 0 : (wish[i] ?? 0)) + GAP, -GAP);
  const flex = columns.findIndex((column) => column.flex);
  const need = (): number => fixed() + (flex === -1 ? 0 : Math.min(wish[flex] ?? 0, LEAST));
  const spares = columns.map((column, i) => ({ i, spare: column.spare ?? 0 })).filter(({ spare }) => spare > 0);
  for (const { i } of spares.sort((a, b) => b.spare - a.spare)) if (need() > width) shown.splice(shown.indexOf(i), 1);
  if (flex !== -1) wish[flex] = Math.max(1, Math.min(wish[flex] ?? 0, width - fixed()));

  const render = (cells: readonly string[], paint: (text: string, column: number) => string): string =>
    shown
      .map((i, place) => {
        const space = wish[i] ?? 0;
        const text = cut(cells[i] ?? '', space);
        if (columns[i]?.right) return ' '.repeat(Math.max(0, space - widthOf(text))) + paint(text, i);
        // No blanks at the end of a line: they only make trouble when copied.
        return paint(text, i) + (place === shown.length - 1 ? '' : pad('', space - widthOf(text)));
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  return [
    render(
      columns.map((column) => column.title),
      head,
    ),
    ...texts.map((row, r) =>
      render(row, (text, i) => {
        const cell = rows[r]?.[i];
        return typeof cell === 'object' ? cell.paint(text) : text;
      }),
    ),
  ];
};

/** `label  value` lines with aligned values, wrapped to `width` cells; pairs whose value is null or blank are left out. */
export const pairs = (rows: readonly (readonly [string, Cell | null])[], width: number, paintLabel: (text: string) => string): string[] => {
  const shown = rows.filter((row): row is readonly [string, Cell] => row[1] !== null && textOf(row[1]) !== '');
  const labels = Math.max(0, ...shown.map(([label]) => widthOf(label)));
  return shown.flatMap(([label, cell]) =>
    wrap(textOf(cell), Math.max(20, width - labels - GAP)).map((line, i) => {
      const text = typeof cell === 'string' ? line : cell.paint(line);
      return `${i === 0 ? paintLabel(pad(label, labels)) : pad('', labels)}${' '.repeat(GAP)}${text}`;
    }),
  );
};
