/** One file of a diff: numbered, coloured lines; each can be remarked on. */
import { useMemo, useState } from 'preact/hooks';
import { useColours } from './colour.ts';
import type { DiffFile, DiffLine } from './diff-lines.ts';
import type { LineKeys } from './remarks.ts';

type LineProps = {
  line: DiffLine;
  pieces: readonly { text: string; type: string | undefined }[] | undefined;
  file: string;
  remark: string | undefined;
  first: boolean;
  onRemark: (text: string | null) => void;
};

/** Where a remark opens, the next keys belong to it: elsewhere they would be commands of the page. */
const focusOnce = (field: HTMLTextAreaElement | null): void => {
  if (field && field.dataset['seen'] === undefined) {
    field.dataset['seen'] = 'yes';
    field.focus();
  }
};

const signs = { add: '+', del: '−', same: ' ' } as const;

const Line = ({ line, pieces, file, remark, first, onRemark }: LineProps) => {
  const { kind } = line;
  if (kind === 'hunk' || kind === 'meta')
    return (
      <div class={`dl ${kind}`}>
        <span />
        <span />
        <code>{line.text}</code>
      </div>
    );
  const number = line.after ?? line.before;
  return (
    <>
      <div class={`dl ${kind}`}>
        <button
          type="button"
          class="dl-no"
          tabIndex={first ? 0 : -1}
          aria-label={`Comment on line ${number} of ${file}`}
          title="Comment on this line"
          onClick={() => onRemark(remark ?? '')}
        >
          {number}
        </button>
        <span class="dl-sign" aria-hidden="true">
          {signs[kind]}
        </span>
        <code>
          {pieces
            ? pieces.map((piece, i) => (
                <span key={i} class={piece.type ? `syn-${piece.type}` : ''}>
                  {piece.text}
                </span>
              ))
            : line.text.slice(1)}
        </code>
      </div>
      {remark !== undefined && (
        <div class="dl-remark">
          <textarea
            rows={2}
            ref={focusOnce}
            aria-label={`Comment on line ${number} of ${file}`}
            placeholder="What should be different here?"
            value={remark}
            onInput={(event) => onRemark(event.currentTarget.value)}
          />
          <button type="button" class="plain" onClick={() => onRemark(null)}>
            Remove
          </button>
        </div>
      )}
    </>
  );
};

type Props = {
  file: DiffFile;
  keys: LineKeys;
  open: boolean;
  remarks: ReadonlyMap<DiffLine, string>;
  onRemark: (line: DiffLine, text: string | null) => void;
};

export const FileDiff = ({ file, keys, open: first, remarks, onRemark }: Props) => {
  const [open, setOpen] = useState(first);
  const coloured = useColours(file.name, file.lines, open);
  const start = useMemo(() => file.lines.findIndex((line) => line.after !== null || line.before !== null), [file]);
  // One line number can be reached by Tab; the arrows go from line to line.
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0 || !(event.target instanceof HTMLButtonElement) || !(event.currentTarget instanceof Element)) return;
    const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.dl-no')];
    const next = buttons[buttons.indexOf(event.target) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <code>{file.name}</code> <span class="plus">+{file.added}</span> <span class="minus">−{file.removed}</span>
      </summary>
      {open && (
        <div class="dls" role="group" aria-label={`Changes in ${file.name}`} onKeyDown={onKeyDown}>
          {file.lines.map((line, i) => (
            <Line
              key={keys.get(line)}
              line={line}
              pieces={coloured.get(line)}
              file={file.name}
              remark={remarks.get(line)}
              first={i === start}
              onRemark={(text) => onRemark(line, text)}
            />
          ))}
        </div>
      )}
    </details>
  );
};
