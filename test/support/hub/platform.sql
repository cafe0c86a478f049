-- What a hosted project has before our first migration, as far as we use it; laid over @supabase/lite's own auth tables.
do $$ begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin; end if;
  if not exists (select from pg_roles where rolname = 'service_role') then create role service_role nologin bypassrls; end if;
  if not exists (select from pg_roles where rolname = 'hub_owner') then create role hub_owner nologin; end if;
end $$;
grant usage on schema public, auth to anon, authenticated, service_role, hub_owner;

create or replace function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claim', true), ''), nullif(current_setting('request.jwt.claims', true), ''))::jsonb $$;
create or replace function auth.uid() returns uuid language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''), auth.jwt() ->> 'sub')::uuid $$;
create or replace function auth.role() returns text language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claim.role', true), ''), auth.jwt() ->> 'role') $$;

create table if not exists auth.mfa_factors (
  id uuid primary key default gen_random_uuid(), user_id uuid not null references auth.users (id) on delete cascade,
  friendly_name text, factor_type text not null default 'totp', status text not null default 'unverified', secret text, last_step bigint,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create table if not exists auth.mfa_challenges (
  id uuid primary key default gen_random_uuid(), factor_id uuid not null references auth.mfa_factors (id) on delete cascade,
  created_at timestamptz not null default now(), verified_at timestamptz);

create schema if not exists realtime;
grant usage on schema realtime to anon, authenticated, service_role, hub_owner;
create table if not exists realtime.messages (
  id uuid primary key default gen_random_uuid(), topic text not null, extension text not null, event text, payload jsonb,
  private boolean default false, inserted_at timestamp not null default now());
alter table realtime.messages enable row level security;
grant select, insert on realtime.messages to anon, authenticated, service_role;
create or replace function realtime.topic() returns text language sql stable as $$ select nullif(current_setting('realtime.topic', true), '') $$;
-- The hosted one inserts a message that the server then broadcasts; here the gateway is told at COMMIT.
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
language plpgsql as $$ begin
  perform pg_notify('hub_ring', jsonb_build_object('topic', topic, 'event', event, 'payload', payload)::text);
end $$;

-- Migrations run as somebody who is no superuser, as on a hosted project.
alter table realtime.messages owner to hub_owner;
grant create on schema public to hub_owner;
-- As projects made before 2026 do by themselves.
alter default privileges for role hub_owner in schema public grant all on tables to anon, authenticated, service_role;
grant references on auth.users to hub_owner;
grant select on auth.users, auth.mfa_factors to hub_owner;
do $$ begin execute format('grant create on database %I to hub_owner', current_database()); end $$;
