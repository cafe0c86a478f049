/** The few shapes the pages are made of. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** In a cell: a line break or a bar would end it. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

/** Words of ours in running text: what Markdown would take for markup is left a word. */
export const words = (text: string): string => text.replaceAll(/(?<!`)<([\w-]+)>(?!`)/g, '`<$1>`');

export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${heads.join(' | ')} |`,
  `|${heads.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
];

/** Said first on every page. */
export const made = 'Made from the code by `./run reference`; not to be edited by hand.';
