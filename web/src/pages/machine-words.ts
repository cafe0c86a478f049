/** What each machine is for, in a paragraph. */
export const machineWords: Readonly<Record<string, { title: string; about: string }>> = {
  task: {
    title: 'Task',
    about:
      'One task, from being asked for to its end: what a person follows. It waits for its time, for other tasks and for a place; its attempts are agents, and this chart only hears what they say. It ends by its agent’s verified completion or by a person, and no end is for good: it can be retried or opened again.',
  },
  agent: {
    title: 'Agent',
    about:
      'One attempt at a task: a program in a window, and the conversation with it. The two regions move side by side. Each change names the evidence it was inferred from; evidence that contradicts itself leads to detecting, never straight to an end.',
  },
  message: {
    title: 'Message',
    about:
      'One message to an agent, with receipts: queued, typing, submitted, accepted, turn started, answered. It is typed at most once; when nobody can tell whether it was typed, it waits for a sign of life.',
  },
  approval: {
    title: 'Approval',
    about:
      'One decision a person is asked for: a permission or a question. The first authorised answer wins, from any channel; a later one is refused and told who decided. Without an answer it expires to a denial.',
  },
  'sync-link': {
    title: 'Sync link',
    about:
      'The link between this machine and an optional hub. Online is a proof, never a memory: after a restart the link begins offline and proves itself again. Nothing here touches local work; what cannot be sent is a visible row.',
  },
};
