/** The palette itself: a text box and a list, by the combobox pattern. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { give, preview } from '../api/act.ts';
import type { Trouble } from '../api/http.ts';
import { helpOpen, paletteOpen } from '../keys.ts';
import { newTaskOpen } from '../pages/new-task-open.ts';
import { Dialog } from '../parts/dialog.tsx';
import { TroubleBox } from '../parts/notice.tsx';
import { go } from '../router.ts';
import { inbox, readInbox, readTask, stale } from '../store/home.ts';
import { orderedTasks } from '../store/task-order.ts';
import { nextTheme } from '../theme.ts';
import { type Entry, entriesOf, matching } from './entries.ts';

const close = (): void => {
  paletteOpen.value = false;
};

const Search = () => {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [told, setTold] = useState('');
  const [sure, setSure] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const found = matching(entriesOf(inbox.value ?? [], orderedTasks.value), typed);
  const index = Math.min(at, Math.max(0, found.length - 1));
  const chosen = found[index];

  useEffect(() => {
    setTold('');
    setSure(null);
    const act = chosen?.act;
    if (!act) return undefined;
    let current = true;
    const timer = setTimeout(() => {
      void preview(act.kind, act.id, act.verb).then((answer) => {
        if (current && answer.ok) setTold(answer.data.consequence);
      });
    }, 150);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [chosen?.id]);
  useEffect(() => list.current?.children[index]?.scrollIntoView({ block: 'nearest' }), [index]);

  const own = { 'new-task': () => (newTaskOpen.value = true), keys: () => (helpOpen.value = true), theme: nextTheme } as const;
  const take = async (entry: Entry): Promise<void> => {
    if (entry.go !== undefined) {
      close();
      go(entry.go);
    } else if (entry.own) {
      close();
      own[entry.own]();
    } else if (entry.act) {
      const { kind, id, verb, danger } = entry.act;
      if (stale.value) return;
      if (danger && sure !== entry.id) return setSure(entry.id);
      const done = await give(kind, id, verb);
      if (!done.ok) return setTrouble(done.trouble);
      close();
      if (kind === 'task') await readTask(id);
      await readInbox();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      setAt((index + by + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      void take(chosen);
    }
  };
  return (
    <div class="palette">
      <input
        autofocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant={chosen ? `palette-${index}` : undefined}
        aria-label="Go to, or do"
        placeholder="Go to a task or a page, or do something"
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="palette-list" role="listbox" aria-label="What fits" ref={list}>
        {found.map((entry, i) => (
          <li
            key={entry.id}
            id={`palette-${i}`}
            role="option"
            aria-selected={i === index}
            class={entry.act?.danger ? 'danger' : ''}
            onPointerMove={() => i !== index && setAt(i)}
            onClick={() => void take(entry)}
          >
            <span class="palette-label">{entry.label}</span>
            <span class="palette-detail">{entry.detail}</span>
          </li>
        ))}
      </ul>
      <p class="palette-told" aria-live="polite">
        {found.length === 0
          ? 'Nothing fits.'
          : sure !== null && sure === chosen?.id
            ? `Enter again: ${told || chosen.label}`
            : told || <span class="dim">↑ ↓ choose, Enter does it. Only what is legal now is listed.</span>}
      </p>
      {trouble && <TroubleBox trouble={trouble} />}
    </div>
  );
};

export const Palette = () => (
  <Dialog open={paletteOpen.value} onClose={close} title="Go to, or do">
    <Search />
  </Dialog>
);
