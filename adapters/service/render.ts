/** Fills the templates of `units/`. A placeholder without a value, or a value without a placeholder, is a mistake of ours and throws. */
import { readFileSync } from 'node:fs';

/** Beside `adapters/` in a clone and in the package alike. */
const folder = new URL('../../units/', import.meta.url);

export const render = (template: string, values: Readonly<Record<string, string>>): string => {
  const text = readFileSync(new URL(template, folder), 'utf8');
  const used = new Set<string>();
  const filled = text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${template} wants {{${name}}}`);
    used.add(name);
    return value;
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`${template} has no place for ${unused.join(', ')}`);
  return filled;
};
