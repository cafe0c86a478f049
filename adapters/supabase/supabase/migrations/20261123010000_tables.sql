-- What a hub keeps of one user: what each machine has, and who shall do which task. Everybody sees their own rows only; nobody writes a
-- table directly. `doc` are the columns people edit, each with the stamp of its last edit in `clk`; the other columns belong to the hub.

create schema ccm_private;
revoke all on schema ccm_private from public;
grant usage on schema ccm_private to authenticated;

-- One row per user, locked first by everything that writes: numbers are handed out in the order of commits, so a reader misses none.
-- `epoch` changes whenever history was cut (a restored backup): devices then read everything anew and send again what they have kept.
create table public.ccm_head (
  user_id uuid primary key references auth.users (id) on delete cascade,
  seq bigint not null default 0,
  epoch uuid not null default gen_random_uuid()
);

-- One per writing commit, up to the number it reached. A device says with each call which seal it saw last: a hub that does not have it is an
-- older copy of itself, however far it has come again since. A sign of life puts none: it moves the last one on.
create table public.ccm_seal (
  user_id uuid not null references auth.users (id) on delete cascade,
  seal uuid not null default gen_random_uuid(),
  seq bigint not null,
  primary key (user_id, seal)
);
create unique index ccm_seal_seq on public.ccm_seal (user_id, seq);

-- Every operation that was applied or refused, so that a repeat gets the verdict of the first time.
create table public.ccm_op (
  user_id uuid not null references auth.users (id) on delete cascade,
  op_id uuid not null,
  status text not null check (status in ('ok', 'rejected')),
  err text,
  at timestamptz not null default clock_timestamp(),
  primary key (user_id, op_id)
);
create index ccm_op_age on public.ccm_op (at);

create table public.ccm_system (
  user_id uuid not null references auth.users (id) on delete cascade,
  id uuid not null,
  seq bigint not null,
  del boolean not null default false,
  doc jsonb not null default '{}',
  clk jsonb not null default '{}',
  gone_at timestamptz,
  last_seen timestamptz not null default clock_timestamp(),
  -- How far this machine has read.
  cursor bigint not null default 0,
  facts jsonb not null default '{}',
  primary key (user_id, id)
);
create table public.ccm_project (
  user_id uuid not null references auth.users (id) on delete cascade,
  id uuid not null,
  seq bigint not null,
  del boolean not null default false,
  gone_at timestamptz,
  system uuid not null,
  doc jsonb not null default '{}',
  clk jsonb not null default '{}',
  primary key (user_id, id)
);
-- `owner` is the machine that carries it out. Only the holder of `fence` may move `run`, `exec` and `facts`, and never backwards.
create table public.ccm_task (
  user_id uuid not null references auth.users (id) on delete cascade,
  id uuid not null,
  seq bigint not null,
  del boolean not null default false,
  gone_at timestamptz,
  doc jsonb not null default '{}',
  clk jsonb not null default '{}',
  origin uuid not null,
  owner uuid not null,
  fence bigint not null default 0 check (fence >= 0),
  run integer not null default 0 check (run >= 0),
  exec text not null default 'running' check (exec in ('offered', 'claimed', 'running', 'ended', 'cancelled', 'expired')),
  exec_rank smallint generated always as
    (case exec when 'offered' then 1 when 'claimed' then 2 when 'running' then 3 else 9 end) stored,
  lease_until timestamptz,
  -- The call that took it: repeated because its answer was lost, it gets the same answer.
  claim uuid,
  expires_at timestamptz,
  cancel_req boolean not null default false,
  facts jsonb not null default '{}',
  primary key (user_id, id)
);
create table public.ccm_agent (
  user_id uuid not null references auth.users (id) on delete cascade,
  id uuid not null,
  seq bigint not null,
  del boolean not null default false,
  gone_at timestamptz,
  system uuid not null,
  doc jsonb not null default '{}',
  clk jsonb not null default '{}',
  primary key (user_id, id)
);
-- What an agent asks. `decision` is written once, by whoever is first.
create table public.ccm_ask (
  user_id uuid not null references auth.users (id) on delete cascade,
  id uuid not null,
  seq bigint not null,
  del boolean not null default false,
  gone_at timestamptz,
  system uuid not null,
  doc jsonb not null default '{}',
  clk jsonb not null default '{}',
  decision jsonb,
  primary key (user_id, id)
);

-- What a person on another machine wants of a task (send, pause, resume, its log). `outcome` is written by the machine that carries the task out,
-- until it says that it is final. An order that nobody heard in a day is too late.
create table public.ccm_order (
  user_id uuid not null references auth.users (id) on delete cascade,
  id uuid not null,
  seq bigint not null,
  del boolean not null default false,
  gone_at timestamptz,
  system uuid not null,
  doc jsonb not null default '{}',
  clk jsonb not null default '{}',
  at timestamptz not null default clock_timestamp(),
  outcome jsonb,
  primary key (user_id, id)
);

create unique index ccm_system_seq on public.ccm_system (user_id, seq);
create unique index ccm_project_seq on public.ccm_project (user_id, seq);
create unique index ccm_task_seq on public.ccm_task (user_id, seq);
create unique index ccm_agent_seq on public.ccm_agent (user_id, seq);
create unique index ccm_ask_seq on public.ccm_ask (user_id, seq);
create unique index ccm_order_seq on public.ccm_order (user_id, seq);
create index ccm_order_age on public.ccm_order (user_id, at);
create index ccm_task_open on public.ccm_task (user_id, owner, seq) where exec in ('offered', 'claimed');

-- Texts of known columns have a length, and no row is larger than a page of it can be carried.
create function ccm_private.fits(d jsonb) returns boolean language sql immutable set search_path = '' as $$
  select pg_catalog.octet_length(d::text) <= 262144
    and pg_catalog.jsonb_typeof(d) = 'object'
    and coalesce(pg_catalog.jsonb_typeof(d -> 'title'), 'string') = 'string' and pg_catalog.length(coalesce(d ->> 'title', '')) <= 200
    and coalesce(pg_catalog.jsonb_typeof(d -> 'name'), 'string') = 'string' and pg_catalog.length(coalesce(d ->> 'name', '')) <= 200
    and coalesce(pg_catalog.jsonb_typeof(d -> 'priority'), 'number') = 'number'
$$;
alter table public.ccm_system add constraint ccm_system_fits check (ccm_private.fits(doc) and ccm_private.fits(facts));
alter table public.ccm_project add constraint ccm_project_fits check (ccm_private.fits(doc));
alter table public.ccm_task add constraint ccm_task_fits check (ccm_private.fits(doc) and ccm_private.fits(facts));
alter table public.ccm_agent add constraint ccm_agent_fits check (ccm_private.fits(doc));
alter table public.ccm_ask add constraint ccm_ask_fits check (ccm_private.fits(doc));
alter table public.ccm_order add constraint ccm_order_fits check (ccm_private.fits(doc) and ccm_private.fits(coalesce(outcome, '{}')));

-- A user who turned two-factor authentication on is served only in sessions that proved it.
create function ccm_private.strong() returns boolean language sql stable security definer set search_path = '' as $$
  select coalesce((select auth.jwt()) ->> 'aal', '') = 'aal2'
    or not exists (select from auth.mfa_factors f where f.user_id = (select auth.uid()) and f.status = 'verified')
$$;
grant execute on function ccm_private.strong() to authenticated;

alter table public.ccm_head enable row level security;
alter table public.ccm_seal enable row level security;
alter table public.ccm_op enable row level security;
alter table public.ccm_system enable row level security;
alter table public.ccm_project enable row level security;
alter table public.ccm_task enable row level security;
alter table public.ccm_agent enable row level security;
alter table public.ccm_ask enable row level security;
alter table public.ccm_order enable row level security;

create policy ccm_own on public.ccm_head for select to authenticated
  using (user_id = (select auth.uid()) and (select ccm_private.strong()));
create policy ccm_own on public.ccm_seal for select to authenticated
  using (user_id = (select auth.uid()) and (select ccm_private.strong()));
create policy ccm_own on public.ccm_op for select to authenticated
  using (user_id = (select auth.uid()) and (select ccm_private.strong()));
create policy ccm_own on public.ccm_system for select to authenticated
  using (user_id = (select auth.uid()) and (select ccm_private.strong()));
create policy ccm_own on public.ccm_project for select to authenticated
  using (user_id = (select auth.uid()) and (select ccm_private.strong()));
create policy ccm_own on public.ccm_task for select to authenticated
  using (user_id = (select auth.uid()) and (select ccm_private.strong()));
create policy ccm_own on public.ccm_agent for select to authenticated
  using (user_id = (select auth.uid()) and (select ccm_private.strong()));
create policy ccm_own on public.ccm_ask for select to authenticated
  using (user_id = (select auth.uid()) and (select ccm_private.strong()));
create policy ccm_own on public.ccm_order for select to authenticated
  using (user_id = (select auth.uid()) and (select ccm_private.strong()));

-- Projects made before 2026 grant everything on new tables by themselves: taken back, then reading given, column by column.
revoke all on public.ccm_head, public.ccm_seal, public.ccm_op, public.ccm_system, public.ccm_project, public.ccm_task, public.ccm_agent,
  public.ccm_ask, public.ccm_order from public, anon, authenticated;
grant select (user_id, seq, epoch) on public.ccm_head to authenticated;
grant select (user_id, seal, seq) on public.ccm_seal to authenticated;
grant select (user_id, op_id, status, err, at) on public.ccm_op to authenticated;
grant select (user_id, id, seq, del, doc, clk, last_seen, facts) on public.ccm_system to authenticated;
grant select (user_id, id, seq, del, system, doc, clk) on public.ccm_project, public.ccm_agent to authenticated;
grant select (user_id, id, seq, del, system, doc, clk, decision) on public.ccm_ask to authenticated;
grant select (user_id, id, seq, del, system, doc, clk, at, outcome) on public.ccm_order to authenticated;
grant select (user_id, id, seq, del, doc, clk, origin, owner, fence, run, exec, exec_rank, lease_until, expires_at, cancel_req, facts)
  on public.ccm_task to authenticated;

-- The doorbell of a user is heard in that user's sessions only, and rung by the hub only.
create policy ccm_doorbell on realtime.messages for select to authenticated
  using ((select realtime.topic()) = 'ccm:' || (select auth.uid())::text and (select ccm_private.strong()));
