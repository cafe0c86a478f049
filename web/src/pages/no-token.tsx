/** What somebody sees who came without a link. */
const copy = (): void => void navigator.clipboard?.writeText('ccm open');

export const NoToken = ({ refused }: { refused: boolean }) => (
  <main class="door" tabIndex={-1}>
    <div class="door-card">
      <h1>{refused ? 'This link was already used' : 'You need a link to come in'}</h1>
      <p>
        {refused
          ? 'A link opens once, and only for five minutes. Ask for a new one in a terminal on the machine where CCM Orchestrator runs:'
          : 'CCM Orchestrator can type into your terminals, so it lets nobody in by chance. In a terminal on the machine where it runs:'}
      </p>
      <p class="door-command">
        <code>ccm open</code>
        <button type="button" onClick={copy}>
          Copy
        </button>
      </p>
      <p class="dim">
        It prints a link that opens this page for this browser. From a clone of the repository the command is <code>./run ccm open</code>.
      </p>
    </div>
  </main>
);
