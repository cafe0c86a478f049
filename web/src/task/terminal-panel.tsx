/** The agent's window: live while it runs, else what was saved of it. The terminal library is loaded only here. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Agent, Task, TaskLog } from '../api/types.ts';
import { Empty, Loading } from '../parts/notice.tsx';
import { recorded } from '../store/recorded.ts';
import type { TerminalProps } from '../terminal/terminal.tsx';
import { useFetched } from './use-fetched.ts';

const useTerminal = (): ComponentType<TerminalProps> | null => {
  const [loaded, setLoaded] = useState<{ view: ComponentType<TerminalProps> } | null>(null);
  useEffect(() => {
    void import('../terminal/terminal.tsx').then((module) => setLoaded({ view: module.Terminal }));
  }, []);
  return loaded?.view ?? null;
};

const hasWindow = (agent: Agent): boolean => agent.pane !== null && agent.process !== 'exited' && agent.process !== 'absent';

export const TerminalPanel = ({ task, agent, frozen }: { task: Task; agent: Agent | null; frozen: boolean }) => {
  const View = useTerminal();
  const live = agent !== null && !recorded.value && hasWindow(agent);
  const path = agent && !live ? `/tasks/${encodeURIComponent(task.id)}/log?agent=${encodeURIComponent(agent.id)}&lines=2000` : null;
  const log = useFetched<TaskLog>(path, agent?.seq ?? 0);
  const content = () => {
    if (task.agents.length === 0)
      return (
        <Empty title="No agent yet">
          <p class="dim">{task.reason ?? 'Its window appears here as soon as the task is started.'}</p>
        </Empty>
      );
    if (recorded.value)
      return (
        <>
          <div class="panel-head">
            <h2>Last screen</h2>
          </div>
          <pre class="recorded-screen" tabIndex={0} aria-label="Last screen of the agent">
            {log.data?.text ?? ''}
          </pre>
        </>
      );
    if (!agent || !View) return <Loading what="the terminal" lines={6} />;
    if (live) return <View key={agent.id} agent={agent.id} attach={agent.attach} frozen={frozen} saved={null} />;
    if (log.trouble || log.data?.text === '')
      return (
        <Empty title="Nothing was saved of its screen">
          <p class="dim">{log.trouble?.detail ?? 'The program printed nothing.'}</p>
        </Empty>
      );
    if (!log.data) return <Loading what="its last screen" lines={6} />;
    return <View key={`${agent.id} saved`} agent={agent.id} attach={[]} frozen={frozen} saved={log.data.text} />;
  };
  return (
    <section class="panel terminal-panel" aria-label="Terminal">
      {content()}
    </section>
  );
};
