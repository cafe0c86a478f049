/** What a command needs to know from the person. Each change tells the whole body as it would be sent. */
import { useState } from 'preact/hooks';
import type { Task } from '../api/types.ts';
import { profiles } from '../store/home.ts';
import type { Offer } from './offers.ts';

export type Body = Record<string, unknown>;
type Props = { task: Task; offer: Offer; body: Body; onBody: (body: Body, asks: boolean) => void };

/** Dollars as typed → millionths; null when it is no amount. */
export const microOf = (dollars: string): number | null => {
  const amount = Math.round(Number(dollars) * 1_000_000);
  return dollars.trim() !== '' && Number.isFinite(amount) && amount > 0 ? amount : null;
};

export const firstBody = (task: Task, { command }: Offer): Body => ({
  ...(command.needs.includes('priority') ? { priority: task.priority } : {}),
  ...(command.needs.includes('budget') && task.budget !== null ? { budget: task.budget } : {}),
});

const Check = ({ words, on }: { words: string; on: (checked: boolean) => void }) => (
  <label class="check">
    <input type="checkbox" onChange={(event) => on(event.currentTarget.checked)} />
    {words}
  </label>
);

const ForkFields = ({ body, onBody }: Pick<Props, 'body' | 'onBody'>) => {
  const change = (name: string, value: string): void => {
    const { [name]: _, ...rest } = body;
    onBody(value === '' ? rest : { ...rest, [name]: value }, false);
  };
  return (
    <>
      <label>
        What shall be done another way?
        <textarea
          rows={4}
          autofocus
          placeholder="Empty: the same, once more"
          onInput={(event) => change('prompt', event.currentTarget.value)}
        />
      </label>
      <label>
        Agent
        <select onChange={(event) => change('agent', event.currentTarget.value)}>
          <option value="">The same</option>
          {profiles.value
            ?.filter((profile) => profile.available)
            .map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
        </select>
      </label>
    </>
  );
};

export const CommandFields = ({ task, offer, body, onBody }: Props) => {
  const { needs, verb } = offer.command;
  const [dollars, setDollars] = useState(task.budget === null ? '' : String(task.budget / 1_000_000));
  return (
    <>
      {needs.includes('priority') && (
        <label>
          Priority, −10 to 10, higher goes first
          <input
            type="number"
            min={-10}
            max={10}
            value={task.priority}
            onInput={(event) => onBody({ priority: Number(event.currentTarget.value) }, true)}
          />
        </label>
      )}
      {needs.includes('budget') && (
        <label>
          Dollars it may use before it is halted and you are asked
          <input
            type="number"
            min={0.01}
            step={0.01}
            required
            autofocus
            value={dollars}
            onInput={(event) => {
              setDollars(event.currentTarget.value);
              const budget = microOf(event.currentTarget.value);
              onBody(budget === null ? {} : { budget }, budget !== null);
            }}
          />
        </label>
      )}
      {verb === 'fork' && <ForkFields body={body} onBody={onBody} />}
      {verb === 'pr' && <Check words="As a draft" on={(draft) => onBody(draft ? { draft } : {}, true)} />}
      {verb === 'rm' && (
        <Check words="Even if it holds work that is nowhere else" on={(discard) => onBody(discard ? { discard } : {}, true)} />
      )}
    </>
  );
};
