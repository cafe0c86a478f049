/** What there is to know about a task besides its picture. The open tab stands in the address. */
import type { Agent, Task } from '../api/types.ts';
import { query, setQuery } from '../router.ts';
import { Changes } from './changes.tsx';
import { Events } from './events.tsx';
import type { Past } from './history.ts';
import { Messages } from './messages.tsx';
import { Outcome } from './outcome.tsx';
import { Snapshot } from './snapshot.tsx';
import { WhyTab } from './why.tsx';

const names = { events: 'Events', why: 'Why', messages: 'Messages', changes: 'Changes', result: 'Result', snapshot: 'Snapshot' } as const;
type Tab = keyof typeof names;
const order: readonly Tab[] = ['events', 'why', 'messages', 'changes', 'result', 'snapshot'];

type Props = { task: Task; agent: Agent | null; past: Past; at: number | null };

export const Tabs = ({ task, agent, past, at }: Props) => {
  const open = order.find((tab) => tab === query.value.get('tab')) ?? 'events';
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = order[(order.indexOf(open) + by + order.length) % order.length] ?? 'events';
    setQuery({ tab: next });
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <section class="panel tabs">
      <div role="tablist" aria-label="About this task" onKeyDown={onKeyDown}>
        {order.map((tab) => (
          <button
            key={tab}
            id={`tab-${tab}`}
            type="button"
            role="tab"
            aria-selected={open === tab}
            aria-controls="tab-panel"
            tabIndex={open === tab ? 0 : -1}
            onClick={() => setQuery({ tab: tab === 'events' ? null : tab })}
          >
            {names[tab]}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${open}`} tabIndex={0}>
        {open === 'events' && <Events past={past} task={task} at={at} />}
        {open === 'why' && <WhyTab task={task} agent={agent} past={past} />}
        {open === 'messages' && <Messages task={task} />}
        {open === 'changes' && <Changes task={task} />}
        {open === 'result' && <Outcome task={task} />}
        {open === 'snapshot' && <Snapshot task={task} agentId={agent?.id ?? null} past={past} at={at} />}
      </div>
    </section>
  );
};
