/** A value of JSON as a tree that opens and closes; what a step changed is marked. Text stays text, whatever it holds. */
import { entriesOf } from './json-changes.ts';

type Props = { name: string; value: unknown; path: string; changed: ReadonlySet<string>; depth: number };

/** Long lists and texts are cut; copying gives all of it. */
const most = 200;
const longest = 2000;

const leafText = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
};

const isIn = (changed: ReadonlySet<string>, path: string): boolean =>
  [...changed].some((one) => one === path || one.startsWith(`${path}.`));

export const JsonTree = ({ name, value, path, changed, depth }: Props) => {
  const touched = isIn(changed, path);
  const mark = touched && <span class="json-mark">changed</span>;
  if (value === null || typeof value !== 'object')
    return (
      <div class={`json-leaf${touched ? ' touched' : ''}`}>
        <span class="json-key">{name}</span> <span class={`json-${value === null ? 'null' : typeof value}`}>{leafText(value)}</span> {mark}
      </div>
    );
  const entries = entriesOf(value);
  const size = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  return (
    <details class="json-node" open={depth < 1 || touched}>
      <summary>
        <span class="json-key">{name}</span> <span class="dim">{size}</span> {mark}
      </summary>
      {entries.slice(0, most).map(([key, inner]) => (
        <JsonTree key={key} name={key} value={inner} path={path === '' ? key : `${path}.${key}`} changed={changed} depth={depth + 1} />
      ))}
      {entries.length > most && <p class="dim small">and {entries.length - most} more</p>}
    </details>
  );
};
