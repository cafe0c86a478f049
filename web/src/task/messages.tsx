/** What was said to the agent, each with its receipt, and a box to say more. */
import { useState } from 'preact/hooks';
import { give } from '../api/act.ts';
import { post, type Trouble } from '../api/http.ts';
import type { Message, Task } from '../api/types.ts';
import { Age } from '../parts/age.tsx';
import { useDraft } from '../parts/draft.ts';
import { Empty, TroubleBox } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { stale } from '../store/home.ts';
import { Foretold } from './foretold.tsx';
import { useFetched } from './use-fetched.ts';
import { useForetold } from './use-foretold.ts';
import { useStepsOf } from './use-steps.ts';

type Done = (answer: { ok: true } | { ok: false; trouble: Trouble }) => void;

const MessageRow = ({ message, onDone }: { message: Message; onDone: Done }) => {
  const { told, consider, forget } = useForetold();
  return (
    <li>
      <p class="message-text">{message.text}</p>
      <p class="message-foot dim">
        <Pill status={message.status} /> <Age at={message.at} />
        {message.reason && <span>{message.reason}</span>}
        {message.commands.map((command) => {
          const rest = (): void => consider('message', message.id, command.verb);
          return (
            <button
              key={command.verb}
              type="button"
              class="plain"
              disabled={stale.value}
              aria-describedby={`told-${message.id}`}
              onPointerEnter={rest}
              onFocus={rest}
              onPointerLeave={forget}
              onBlur={forget}
              onClick={() => void give('message', message.id, command.verb).then(onDone)}
            >
              {command.label}
            </button>
          );
        })}
        <span id={`told-${message.id}`} aria-live="polite">
          {told && <Foretold told={told} />}
        </span>
      </p>
    </li>
  );
};

export const Messages = ({ task }: { task: Task }) => {
  const [text, setText] = useDraft(`message ${task.id}`);
  const [sent, setSent] = useState(0);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const path = `/tasks/${encodeURIComponent(task.id)}/messages`;
  const steps = useStepsOf('message', [task.id, ...task.agents]);
  const list = useFetched<Message[]>(path, `${sent} ${steps}`);
  const told: Done = (answer) => {
    setTrouble(answer.ok ? null : answer.trouble);
    setSent((n) => n + 1);
  };
  const send = async (): Promise<void> => {
    const answer = await post<Message>(path, { text });
    if (answer.ok) setText('');
    told(answer);
  };
  return (
    <div class="messages">
      {list.data?.length === 0 && (
        <Empty title="Nothing was said yet">
          <p class="dim">
            What you send here is typed into the agent when it is ready for it. To a task that has ended it opens a new attempt in the same
            conversation.
          </p>
        </Empty>
      )}
      <ol>
        {list.data?.map((message) => (
          <MessageRow key={message.id} message={message} onDone={told} />
        ))}
      </ol>
      <form
        class="send"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) void send();
        }}
      >
        <textarea
          aria-label="Message to the agent"
          placeholder={task.ended ? 'More work: opens a new attempt in the same conversation' : 'Message to the agent'}
          rows={2}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
        <button class="primary" disabled={text.trim() === '' || stale.value}>
          Send
        </button>
      </form>
      {trouble && <TroubleBox trouble={trouble} />}
    </div>
  );
};
