/** What agents on other machines ask. A decision given here travels there; the first one counts. */
import { useState } from 'preact/hooks';
import type { RemoteAsk } from '../api/types.ts';
import { Age } from '../parts/age.tsx';
import { TroubleBox } from '../parts/notice.tsx';
import { stale } from '../store/home.ts';
import type { Fetched } from '../task/use-fetched.ts';
import { Part } from './part.tsx';
import { useDeed } from './use-deed.ts';

const FarAsk = ({ ask, onDone }: { ask: RemoteAsk; onDone: () => void }) => {
  const { busy, trouble, give } = useDeed(onDone);
  const [answer, setAnswer] = useState('');
  const off = busy || stale.value;
  const decide = (verb: string, text?: string): void =>
    void give(`/sync/asks/${encodeURIComponent(ask.id)}/decide`, { verb, ...(text === undefined ? {} : { text }) });
  return (
    <li>
      <span class="sync-op">
        <strong>{ask.title || 'A task'}</strong> on {ask.system.name} {ask.kind === 'approval' ? 'asks for permission' : 'asks'}
      </span>
      <Age at={ask.since} />
      <pre class="ask-text">{ask.text}</pre>
      {ask.kind === 'approval' ? (
        <span class="ask-buttons">
          <button type="button" class="primary" disabled={off} onClick={() => decide('approve')}>
            Approve
          </button>
          <button type="button" class="danger" disabled={off} onClick={() => decide('deny')}>
            Deny
          </button>
        </span>
      ) : (
        <form
          class="answer-line"
          onSubmit={(event) => {
            event.preventDefault();
            if (answer.trim()) decide('answer', answer);
          }}
        >
          {ask.choices.map((choice) => (
            <button key={choice} type="button" disabled={off} onClick={() => decide('answer', choice)}>
              {choice}
            </button>
          ))}
          <input
            aria-label={`Answer to: ${ask.text.slice(0, 80)}`}
            value={answer}
            onInput={(event) => setAnswer(event.currentTarget.value)}
          />
          <button class="primary" disabled={off || answer.trim() === ''}>
            Answer
          </button>
        </form>
      )}
      {trouble && <TroubleBox trouble={trouble} />}
    </li>
  );
};

export const FarAsks = ({ got, onDone }: { got: Fetched<RemoteAsk[]>; onDone: () => void }) => (
  <Part title="Asked elsewhere" what="questions of other machines" got={got} none="No agent on another machine waits for you.">
    {(asks) => (
      <ul class="sync-ops">
        {asks.map((ask) => (
          <FarAsk key={ask.id} ask={ask} onDone={onDone} />
        ))}
      </ul>
    )}
  </Part>
);
