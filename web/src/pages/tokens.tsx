/** Tokens: who may talk to the daemon, and taking that back. */
import { useState } from 'preact/hooks';
import { post, remove, type Trouble } from '../api/http.ts';
import type { NewToken, TokenView } from '../api/types.ts';
import { Age, Left } from '../parts/age.tsx';
import { Loading, TroubleBox } from '../parts/notice.tsx';
import { plural } from '../parts/words.ts';
import { stale } from '../store/home.ts';
import { useFetched } from '../task/use-fetched.ts';

const scopes = { read: ['read'], act: ['read', 'act'], admin: ['read', 'act', 'admin'] } as const;
type Reach = keyof typeof scopes;

/** Asks once more: whoever holds it is shut out at once, this browser too. */
const Revoke = ({ name, onRevoke }: { name: string; onRevoke: () => void }) => {
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      class="danger small-button"
      disabled={stale.value}
      onClick={() => (sure ? onRevoke() : setSure(true))}
      onBlur={() => setSure(false)}
    >
      {sure ? 'Really revoke' : 'Revoke'}
      <span class="hidden"> {name}</span>
    </button>
  );
};

type RowsProps = { tokens: readonly TokenView[]; label: string; onRevoke: (id: string) => void };
const Rows = ({ tokens, label, onRevoke }: RowsProps) => (
  <div class="table-scroll" tabIndex={0} role="region" aria-label={label}>
    <table class="evidence">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">May</th>
          <th scope="col">Last used</th>
          <th scope="col">Ends</th>
          <th scope="col">
            <span class="hidden">Revoke</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id}>
            <th scope="row">{token.agent === null ? token.name : <a href={`/agents/${token.agent}`}>its agent</a>}</th>
            <td>{token.scopes.join(', ')}</td>
            <td>{token.lastUsedAt === null ? 'never' : <Age at={token.lastUsedAt} how="ago" />}</td>
            <td>{token.expiresAt === null ? token.agent === null ? 'when revoked' : 'with its agent' : <Left due={token.expiresAt} />}</td>
            <td>
              <Revoke name={token.name} onRevoke={() => onRevoke(token.id)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

export const Tokens = () => {
  const [count, setCount] = useState(0);
  const [made, setMade] = useState<NewToken | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const { data, trouble: unread } = useFetched<TokenView[]>('/tokens', count);
  const make = async (event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const [reach, name] = [fields.get('reach'), fields.get('name')];
    if (typeof name !== 'string') return;
    const answer = await post<NewToken>('/tokens', {
      name: name.trim(),
      scopes: scopes[reach === 'act' || reach === 'admin' ? reach : 'read'],
      days: 90,
    });
    setTrouble(answer.ok ? null : answer.trouble);
    setMade(answer.ok ? answer.data : null);
    if (answer.ok) form.reset();
    setCount((n) => n + 1);
  };
  const revoke = async (id: string): Promise<void> => {
    const answer = await remove<unknown>(`/tokens/${encodeURIComponent(id)}`);
    setTrouble(answer.ok ? null : answer.trouble);
    setCount((n) => n + 1);
  };
  const agents = data?.filter(({ agent }) => agent !== null) ?? [];
  return (
    <section class="panel settings-part">
      <h2>Tokens</h2>
      {!data && (unread ? <TroubleBox trouble={unread} /> : <Loading what="tokens" />)}
      {data && (
        <>
          <Rows tokens={data.filter(({ agent }) => agent === null)} label="Tokens" onRevoke={(id) => void revoke(id)} />
          {agents.length > 0 && (
            <details>
              <summary class="dim">{plural(agents.length, 'token')} for reports of agents; such a one opens nothing else</summary>
              <Rows tokens={agents} label="Tokens of agents" onRevoke={(id) => void revoke(id)} />
            </details>
          )}
        </>
      )}
      <form class="form form-line" onSubmit={(event) => void make(event)}>
        <label>
          Name
          <input name="name" required maxLength={60} placeholder="grafana" autocomplete="off" />
        </label>
        <label>
          May
          <select name="reach">
            {(Object.keys(scopes) as Reach[]).map((reach) => (
              <option key={reach} value={reach}>
                {scopes[reach].join(', ')}
              </option>
            ))}
          </select>
        </label>
        <button disabled={stale.value}>Make a token for 90 days</button>
      </form>
      {made && (
        <p role="status">
          The token of {made.name}, told this one time: <code class="secret">{made.token}</code>
        </p>
      )}
      {trouble && <TroubleBox trouble={trouble} />}
    </section>
  );
};
