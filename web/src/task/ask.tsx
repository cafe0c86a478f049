/** One thing that waits for a person: approve, deny, answer, or go and look. */

import { useState } from 'preact/hooks';
import { give } from '../api/act.ts';
import type { Trouble } from '../api/http.ts';
import type { InboxItem } from '../api/types.ts';
import { Age, Left } from '../parts/age.tsx';
import { useDraft } from '../parts/draft.ts';
import { TroubleBox } from '../parts/notice.tsx';
import { placeText } from '../parts/place.ts';
import { SignMark } from '../parts/sign.tsx';
import { readInbox, stale } from '../store/home.ts';
import { Foretold } from './foretold.tsx';
import { late } from './late.tsx';
import { useForetold } from './use-foretold.ts';

const kindWords = { approval: 'asks for permission', question: 'asks a question', task: 'needs a look' } as const;

/** The text of a permission is a command or a path: shown as it is. */
const Text = ({ item }: { item: InboxItem }) =>
  item.kind === 'approval' ? (
    <pre class="ask-text">
      {item.tool && <span class="ask-tool">{item.tool}</span>}
      {item.text}
    </pre>
  ) : (
    <p class="ask-text">{item.text}</p>
  );

export const Ask = ({ item, inside = false }: { item: InboxItem; inside?: boolean }) => {
  const [busy, setBusy] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [answer, setAnswer] = useDraft(`answer ${item.id}`);
  const act = async (verb: string, body: Record<string, unknown> = {}): Promise<void> => {
    setBusy(verb);
    setTrouble(null);
    const done = await give(item.kind, item.id, verb, body);
    setBusy(null);
    forget();
    if (done.ok) setAnswer('');
    else {
      setTrouble(done.trouble);
      late.value = { id: item.id, title: item.task?.title ?? item.text, trouble: done.trouble };
    }
    // Somebody else may have been first: the list then tells who.
    await readInbox();
  };
  const { told, consider, forget } = useForetold();
  /** Resting on it tells what would come of it. */
  const hands = (verb: string, body: Record<string, unknown> = {}) => {
    const rest = (): void => consider(item.kind, item.id, verb, body);
    return { onPointerEnter: rest, onFocus: rest, onPointerLeave: forget, onBlur: forget, 'aria-describedby': `told-${item.id}` };
  };
  const allowed = (verb: string) => item.commands.find((c) => c.verb === verb);
  const off = busy !== null || stale.value;
  // What cannot be taken back is given where it asks once more: on the page of the task.
  const others = item.commands.filter((c) => c.verb !== 'answer' && c.needs.length === 0 && !(item.kind === 'task' && c.danger));
  return (
    <li class={`ask ask-${item.kind}`} data-row={inside ? undefined : true} data-ask={item.short}>
      <p class="ask-head">
        <span class="tone-ask">
          <SignMark sign={item.kind === 'question' ? 'answer' : 'ask'} />
        </span>
        {item.task && !inside ? (
          <a href={`/tasks/${item.task.short}`} data-row-link>
            {item.task.title}
          </a>
        ) : (
          <strong>The agent {kindWords[item.kind]}</strong>
        )}
        <Age at={item.since} />
      </p>
      {!inside && item.kind !== 'task' && (
        <p class="dim small ask-who">
          {item.kind === 'approval' ? 'asks for permission' : 'asks a question'}
          {placeText(item) && ` · ${placeText(item)}`}
        </p>
      )}
      <Text item={item} />
      {item.expiresAt !== null && (
        <p class="dim small">
          denied by itself in <Left due={item.expiresAt} />
        </p>
      )}
      {allowed('answer') && (
        <form
          class="answer"
          onSubmit={(event) => {
            event.preventDefault();
            if (answer.trim()) void act('answer', { text: answer });
          }}
        >
          {item.choices.length > 0 && (
            <div class="choices">
              {item.choices.map((choice) => (
                <button
                  key={choice}
                  type="button"
                  disabled={off}
                  onClick={() => void act('answer', { text: choice })}
                  {...hands('answer', { text: choice })}
                >
                  {choice}
                </button>
              ))}
            </div>
          )}
          <div class="answer-line">
            <input
              aria-label={`Answer to: ${item.text.slice(0, 80)}`}
              placeholder={item.choices.length > 0 ? 'or in your own words' : 'Your answer'}
              value={answer}
              onInput={(event) => setAnswer(event.currentTarget.value)}
            />
            <button class="primary" disabled={off || answer.trim() === ''} {...hands('answer', { text: answer })}>
              Answer
            </button>
            {others.map((command) => (
              <button key={command.verb} type="button" disabled={off} onClick={() => void act(command.verb)} {...hands(command.verb)}>
                {command.label}
              </button>
            ))}
          </div>
        </form>
      )}
      {others.length > 0 && !allowed('answer') && (
        <div class="ask-buttons">
          {others.map((command) => (
            <button
              key={command.verb}
              type="button"
              class={command.verb === 'approve' ? 'primary' : command.danger || command.verb === 'deny' ? 'danger' : ''}
              disabled={off}
              onClick={() => void act(command.verb)}
              {...hands(command.verb)}
            >
              {busy === command.verb ? `${command.label} …` : command.label}
            </button>
          ))}
        </div>
      )}
      <p id={`told-${item.id}`} class="told" aria-live="polite">
        {told && <Foretold told={told} />}
      </p>
      {trouble && <TroubleBox trouble={trouble} />}
    </li>
  );
};
