/** Connects this machine to a hub, or signs it in again. What is typed goes to the daemon in the body of one request, and is kept nowhere. */
import { useState } from 'preact/hooks';
import { post, type Trouble } from '../api/http.ts';
import type { EnableSync, SignedInView } from '../api/types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { TroubleBox } from '../parts/notice.tsx';
import { go } from '../router.ts';
import { readBasics, stale, status } from '../store/home.ts';
import { useLookingAgain } from './checks.tsx';
import { hubOpen } from './hub-open.ts';

const close = (): void => {
  hubOpen.value = null;
};

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};
/** Of the form; what is empty is left out. */
const bodyOf = (form: FormData): Partial<EnableSync> => {
  const names = ['url', 'key', 'name', 'email', 'code'] as const;
  const given = Object.fromEntries(names.flatMap((name) => (text(form, name) === '' ? [] : [[name, text(form, name)]])));
  const password = form.get('password');
  return { ...given, password: typeof password === 'string' ? password : '' };
};

/** Where the address bar says http and another machine, passwords would travel readable. */
const ByCommand = ({ again }: { again: boolean }) => {
  useLookingAgain();
  const command = again ? 'ccm login' : 'ccm init';
  const link = status.value?.sync.state ?? 'localOnly';
  const reached = link !== 'localOnly' && link !== 'signedOut';
  return (
    <div class="form">
      <p>
        This page came over plain HTTP from another machine, so no password is typed here. Run this on the machine of the daemon; it asks
        for everything, and this page notices when it is done.
      </p>
      <p class="door-command">
        <code>{command}</code>{' '}
        <button type="button" onClick={() => void navigator.clipboard?.writeText(command)}>
          Copy
        </button>
      </p>
      <p role="status">{reached ? 'Connected.' : 'Waiting for it …'}</p>
    </div>
  );
};

const Form = ({ again }: { again: boolean }) => {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState(false);
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const done = await post<SignedInView>(again ? '/sync/login' : '/sync/enable', bodyOf(new FormData(event.currentTarget)));
    setBusy(false);
    setTrouble(done.ok ? null : done.trouble);
    if (!done.ok) return;
    if (done.data.needs === 'code') return setCode(true);
    close();
    void readBasics();
    go('/sync');
  };
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      {!again && (
        <>
          <p class="dim">
            A hub is a Supabase project of your own with the tables of CCM in it; <code>ccm init</code> asks for the same in a terminal.
          </p>
          <label>
            URL of the project
            <input name="url" type="url" required autofocus placeholder="https://abcd.supabase.co" spellcheck={false} autocomplete="off" />
          </label>
          <label>
            Publishable (anon) key
            <input name="key" required spellcheck={false} autocomplete="off" placeholder="sb_publishable_…" />
          </label>
          <label>
            Name of this machine
            <input name="name" autocomplete="off" placeholder="its host name, unless you say another" maxLength={60} />
          </label>
        </>
      )}
      <div class="form-pair">
        <label>
          Email
          <input name="email" type="email" required autocomplete="username" />
        </label>
        <label>
          Password
          <input name="password" type="password" required autocomplete="current-password" />
        </label>
      </div>
      {code && (
        <label>
          Code of your authenticator app
          <input name="code" required autofocus inputMode="numeric" autocomplete="one-time-code" />
        </label>
      )}
      {trouble && <TroubleBox trouble={trouble} />}
      <footer>
        <span class="dim small">The password goes to the hub once and is kept nowhere.</span>
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button class="primary" disabled={busy || stale.value}>
          {busy ? 'Asking the hub …' : again ? 'Sign in' : 'Connect'}
        </button>
      </footer>
    </form>
  );
};

export const HubDialog = () => {
  const again = hubOpen.value === 'sign-in';
  return (
    <Dialog open={hubOpen.value !== null} onClose={close} title={again ? 'Sign in to the hub' : 'Connect a hub'}>
      {isSecureContext ? <Form again={again} /> : <ByCommand again={again} />}
    </Dialog>
  );
};
