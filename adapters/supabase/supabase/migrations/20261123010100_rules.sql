-- The rules behind the calls. Nothing here is granted to anybody; each takes the user it works for from its caller.

create function ccm_private.me() returns uuid language plpgsql stable security definer set search_path = '' as $$
begin
  if auth.uid() is null then raise exception 'no session' using errcode = '28000'; end if;
  if not ccm_private.strong() then raise exception 'second factor needed' using errcode = '42501', hint = 'aal2'; end if;
  return auth.uid();
end $$;

create function ccm_private.ms(t timestamptz) returns bigint language sql immutable set search_path = '' as $$
  select (extract(epoch from t) * 1000)::bigint
$$;

-- Takes the user's lock, which is held until COMMIT. Always the first statement that touches rows.
create function ccm_private.lock_head(me uuid) returns public.ccm_head language plpgsql set search_path = '' as $$
declare h public.ccm_head;
begin
  insert into public.ccm_head (user_id) values (me) on conflict do nothing;
  select * into h from public.ccm_head where user_id = me for update;
  return h;
end $$;

-- Closes what `lock_head` opened. The doorbell is only a hint: its failure is not ours.
create function ccm_private.leave_head(h public.ccm_head) returns void language plpgsql set search_path = '' as $$
begin
  update public.ccm_head set seq = h.seq where user_id = h.user_id and seq < h.seq;
  if found then
    insert into public.ccm_seal (user_id, seq) values (h.user_id, h.seq);
    begin
      perform realtime.send(jsonb_build_object('head', h.seq, 'epoch', h.epoch), 'ring', 'ccm:' || h.user_id::text, true);
    exception when others then null; -- Polling is the guarantee.
    end;
  end if;
end $$;

-- The seal of where the hub stands; null before anything was written.
create function ccm_private.seal(h public.ccm_head) returns uuid language sql stable set search_path = '' as $$
  select s.seal from public.ccm_seal s where s.user_id = h.user_id and s.seq = h.seq
$$;

-- A device saw what this hub knows nothing of.
create function ccm_private.forgot(h public.ccm_head, seen jsonb) returns boolean language sql stable set search_path = '' as $$
  select seen is not null and not exists (
    select from public.ccm_seal s where s.user_id = h.user_id and s.seal = (seen ->> 'seal')::uuid and s.seq >= (seen ->> 'seq')::bigint)
$$;

-- This copy is older than what somebody saw: from here on it is another history, with numbers that nobody saw yet.
create function ccm_private.begin_anew(h public.ccm_head, seen jsonb) returns public.ccm_head language plpgsql set search_path = '' as $$
begin
  delete from public.ccm_seal where user_id = h.user_id;
  update public.ccm_head set epoch = gen_random_uuid(), seq = greatest(h.seq, (seen ->> 'seq')::bigint) where user_id = h.user_id returning * into h;
  insert into public.ccm_seal (user_id, seq) values (h.user_id, h.seq);
  return h;
end $$;

-- Column by column the newer stamp wins. Stamps are text of fixed width: the order of bytes is the order of edits.
create function ccm_private.merge(inout doc jsonb, inout clk jsonb, edits jsonb, hlc text) language plpgsql immutable set search_path = '' as $$
declare k text;
begin
  for k in select jsonb_object_keys(edits) loop
    if k !~ '^[a-z][A-Za-z0-9]{0,39}$' then raise exception 'bad column name' using errcode = '22023'; end if;
    if coalesce(clk ->> k, '') collate "C" < hlc collate "C" then
      doc := doc || jsonb_build_object(k, edits -> k);
      clk := clk || jsonb_build_object(k, hlc);
    end if;
  end loop;
end $$;

create function ccm_private.own_system(me uuid, sys uuid) returns void language plpgsql stable set search_path = '' as $$
begin
  if not exists (select from public.ccm_system where user_id = me and id = sys and not del) then
    raise exception 'unknown system' using errcode = '42501';
  end if;
end $$;

-- An offer whose time ran out is over. Looked at whenever somebody comes by: no clockwork of its own.
create function ccm_private.expire(h public.ccm_head) returns public.ccm_head language plpgsql set search_path = '' as $$
declare t record;
begin
  for t in select id from public.ccm_task where user_id = h.user_id and exec = 'offered' and expires_at < clock_timestamp() order by seq loop
    h.seq := h.seq + 1;
    update public.ccm_task set exec = 'expired', seq = h.seq where user_id = h.user_id and id = t.id;
  end loop;
  return h;
end $$;

-- A person wants it ended. Before anybody took it, that is its end; later its owner is told.
create function ccm_private.cancel(h public.ccm_head, task uuid) returns public.ccm_head language plpgsql set search_path = '' as $$
begin
  h.seq := h.seq + 1;
  update public.ccm_task t set cancel_req = true, seq = h.seq,
    exec = case when t.exec = 'offered' then 'cancelled' else t.exec end
    where t.user_id = h.user_id and t.id = task and t.exec_rank < 9;
  if not found then raise exception 'nothing to cancel' using errcode = '22023'; end if;
  return h;
end $$;

-- A new owner gets a new fence: whatever the old one still says is refused from here on.
create function ccm_private.reassign(h public.ccm_head, task uuid, target uuid, ttl interval) returns public.ccm_head
language plpgsql set search_path = '' as $$
begin
  perform ccm_private.own_system(h.user_id, target);
  h.seq := h.seq + 1;
  update public.ccm_task t set owner = target, fence = t.fence + 1, run = 0, exec = 'offered', lease_until = null, cancel_req = false,
    expires_at = clock_timestamp() + ttl, seq = h.seq
    where t.user_id = h.user_id and t.id = task and not t.del;
  if not found then raise exception 'no such task' using errcode = '22023'; end if;
  return h;
end $$;

-- The holder of the fence says how it goes: forward only, and nothing after the end of a run but the next run.
create function ccm_private.report(h public.ccm_head, sys uuid, task uuid, p_fence bigint, p_run int, p_exec text, p_facts jsonb)
returns public.ccm_head language plpgsql set search_path = '' as $$
declare t public.ccm_task; rank smallint;
begin
  select * into t from public.ccm_task where user_id = h.user_id and id = task;
  if not found then raise exception 'no such task' using errcode = '22023'; end if;
  if t.owner <> sys or t.fence <> p_fence then raise exception 'stale fence' using errcode = '42501'; end if;
  if t.exec in ('offered', 'expired') then raise exception 'not claimed' using errcode = '42501'; end if;
  rank := case p_exec when 'claimed' then 2 when 'running' then 3 when 'ended' then 9 when 'cancelled' then 9 end;
  if rank is null then raise exception 'bad state' using errcode = '22023'; end if;
  if p_run < t.run or (p_run = t.run and rank < t.exec_rank) then raise exception 'backwards' using errcode = '42501'; end if;
  if p_run = t.run and t.exec_rank = 9 and t.exec <> p_exec then raise exception 'it has ended' using errcode = '42501'; end if;
  h.seq := h.seq + 1;
  update public.ccm_task set run = p_run, exec = p_exec, facts = p_facts, seq = h.seq,
    cancel_req = case when p_run > t.run then false else cancel_req end
    where user_id = h.user_id and id = task;
  return h;
end $$;

-- What became of an order: told by the machine that has the task, until it said that this was all.
create function ccm_private.done(h public.ccm_head, sys uuid, p_order uuid, p_outcome jsonb) returns public.ccm_head
language plpgsql set search_path = '' as $$
begin
  h.seq := h.seq + 1;
  update public.ccm_order o set outcome = p_outcome, seq = h.seq
    where o.user_id = h.user_id and o.id = p_order and coalesce((o.outcome ->> 'final')::boolean, false) = false
      and exists (select from public.ccm_task t where t.user_id = h.user_id and t.id::text = o.doc ->> 'task' and t.owner = sys);
  if not found then raise exception 'no open order' using errcode = '22023'; end if;
  return h;
end $$;

-- Tombstones that every living machine has read go after 90 days, its seals at once, and orders after two days. A machine that was away for longer reads everything anew.
create function ccm_private.tidy(me uuid) returns void language plpgsql set search_path = '' as $$
declare tbl text; read_by_all bigint;
begin
  delete from public.ccm_order where user_id = me and at < clock_timestamp() - interval '2 days';
  delete from public.ccm_order where user_id = me and at < clock_timestamp() - interval '15 minutes' and doc ->> 'verb' = 'log';
  select min(cursor) into read_by_all from public.ccm_system where user_id = me and not del and last_seen > clock_timestamp() - interval '90 days';
  foreach tbl in array array['system', 'project', 'task', 'agent', 'ask'] loop
    execute format('delete from public.%I where user_id = $1 and del and seq <= $2 and gone_at < clock_timestamp() - interval ''90 days''',
      'ccm_' || tbl) using me, coalesce(read_by_all, 0);
  end loop;
  delete from public.ccm_seal where user_id = me and seq < read_by_all;
end $$;

-- One operation of a device. Raises what is wrong with it; the caller keeps the verdict.
create function ccm_private.apply(h public.ccm_head, sys uuid, o jsonb) returns public.ccm_head language plpgsql set search_path = '' as $$
declare
  me uuid := h.user_id; tbl text := o ->> 'tbl'; row_id uuid := (o ->> 'id')::uuid; kind text := o ->> 'kind'; arg jsonb := coalesce(o -> 'arg', '{}');
  edits jsonb := coalesce(o -> 'set', '{}'); d jsonb; c jsonb; at_home uuid; gone boolean; left_at timestamptz; m record;
begin
  if octet_length(o::text) > 65536 then raise exception 'operation too large' using errcode = '22001'; end if;
  if jsonb_typeof(edits) <> 'object' or jsonb_typeof(arg) <> 'object' then raise exception 'bad operation' using errcode = '22023'; end if;
  if tbl is null or tbl not in ('system', 'project', 'task', 'agent', 'ask', 'order') then raise exception 'unknown table' using errcode = '22023'; end if;
  if tbl <> 'system' then perform ccm_private.own_system(me, sys); end if;

  if kind = 'report' then
    return ccm_private.report(h, sys, row_id, (arg ->> 'fence')::bigint, (arg ->> 'run')::int, arg ->> 'exec', coalesce(arg -> 'facts', '{}'));
  elsif kind = 'cancel' then return ccm_private.cancel(h, row_id);
  elsif kind = 'reassign' then
    return ccm_private.reassign(h, row_id, (arg ->> 'target')::uuid, make_interval(secs => least(coalesce((arg ->> 'ttl')::int, 86400), 2592000)));
  elsif kind = 'decide' then
    h.seq := h.seq + 1;
    update public.ccm_ask set decision = jsonb_build_object('verb', arg -> 'verb', 'text', arg -> 'text', 'by', arg -> 'by', 'system', sys,
      'at', ccm_private.ms(clock_timestamp())), seq = h.seq
      where user_id = me and id = row_id and decision is null and coalesce(doc ->> 'status', 'pending') = 'pending';
    if not found then raise exception 'decided already' using errcode = '22023'; end if;
    return h;
  elsif kind = 'done' then return ccm_private.done(h, sys, row_id, arg);
  elsif kind not in ('set', 'del', 'offer') then raise exception 'unknown operation' using errcode = '22023';
  end if;

  h.seq := h.seq + 1;
  if tbl = 'task' then
    select t.doc, t.clk, t.owner, t.del into d, c, at_home, gone from public.ccm_task t where t.user_id = me and t.id = row_id;
  else
    execute format('select t.doc, t.clk, %s, t.del from public.%I t where t.user_id = $1 and t.id = $2',
      case tbl when 'system' then 't.id' else 't.system' end, 'ccm_' || tbl) into d, c, at_home, gone using me, row_id;
  end if;
  -- What a machine says of itself and of its agents, and what it orders, nobody else says.
  if tbl in ('system', 'agent', 'ask', 'order') and coalesce(at_home, case when tbl = 'system' then row_id else sys end) <> sys then
    raise exception 'row of another system' using errcode = '42501';
  end if;
  select * into m from ccm_private.merge(coalesce(d, '{}'), coalesce(c, '{}'), edits, o ->> 'hlc');
  gone := coalesce(gone, false) or kind = 'del';
  left_at := case when gone then clock_timestamp() end;

  if tbl = 'system' then
    insert into public.ccm_system as t (user_id, id, seq, doc, clk, del, gone_at) values (me, row_id, h.seq, m.doc, m.clk, gone, left_at)
      on conflict (user_id, id) do update set seq = excluded.seq, doc = excluded.doc, clk = excluded.clk, del = excluded.del,
        gone_at = coalesce(t.gone_at, excluded.gone_at);
  elsif tbl = 'task' then
    if kind = 'offer' then perform ccm_private.own_system(me, (arg ->> 'target')::uuid); end if;
    insert into public.ccm_task as t (user_id, id, seq, doc, clk, del, gone_at, origin, owner, exec, fence, expires_at)
      values (me, row_id, h.seq, m.doc, m.clk, gone, left_at, sys,
        case kind when 'offer' then (arg ->> 'target')::uuid else sys end,
        case kind when 'offer' then 'offered' else 'running' end, case kind when 'offer' then 1 else 0 end,
        case kind when 'offer' then clock_timestamp() + make_interval(secs => least(coalesce((arg ->> 'ttl')::int, 86400), 2592000)) end)
      on conflict (user_id, id) do update set seq = excluded.seq, doc = excluded.doc, clk = excluded.clk, del = excluded.del,
        gone_at = coalesce(t.gone_at, excluded.gone_at);
  else
    execute format('insert into public.%I as t (user_id, id, seq, doc, clk, del, gone_at, system) values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (user_id, id) do update set seq = excluded.seq, doc = excluded.doc, clk = excluded.clk, del = excluded.del,
        gone_at = coalesce(t.gone_at, excluded.gone_at)', 'ccm_' || tbl)
      using me, row_id, h.seq, m.doc, m.clk, gone, left_at, sys;
  end if;
  return h;
end $$;

-- A task as its devices read it: columns people edit, and what belongs to the hub.
create function ccm_private.task_row(t public.ccm_task) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('tbl', 'task', 'id', t.id, 'seq', t.seq, 'del', t.del, 'doc', t.doc, 'clk', t.clk, 'state', jsonb_build_object(
    'origin', t.origin, 'owner', t.owner, 'fence', t.fence, 'run', t.run, 'exec', t.exec, 'cancel', t.cancel_req, 'facts', t.facts,
    'leaseUntil', ccm_private.ms(t.lease_until), 'expiresAt', ccm_private.ms(t.expires_at)))
$$;

revoke execute on all functions in schema ccm_private from public;
grant execute on function ccm_private.strong() to authenticated;
