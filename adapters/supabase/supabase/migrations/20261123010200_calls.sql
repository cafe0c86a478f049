-- The calls of a device, all by the session's own user. Each writing one takes that user's lock first.

-- Who am I, what time is it, how far is the hub: the proof of a connection. `schema` is the version of all this, raised by a migration that a
-- machine has to know of; `oldest` is the version of the oldest machines it still serves.
create function public.ccm_ping() returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare me uuid := ccm_private.me(); h public.ccm_head;
begin
  select * into h from public.ccm_head where user_id = me;
  return jsonb_build_object('uid', me, 'now', ccm_private.ms(clock_timestamp()), 'head', coalesce(h.seq, 0), 'epoch', h.epoch,
    'schema', 2, 'oldest', 2);
end $$;

-- Operations of one device, in its order. Each has a verdict of its own: one that cannot be applied delays no other.
create function public.ccm_push(p_system uuid, p_epoch uuid, p_ops jsonb, p_seen jsonb default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  me uuid := ccm_private.me(); h public.ccm_head; before public.ccm_head; o jsonb; n int; known record; verdicts jsonb[] := '{}';
  latest text := to_char(ccm_private.ms(clock_timestamp()) + 60000, 'FM000000000000000'); why text;
begin
  if p_ops is null or jsonb_typeof(p_ops) <> 'array' then raise exception 'operations are a list' using errcode = '22023'; end if;
  if jsonb_array_length(p_ops) > 60 or octet_length(p_ops::text) > 524288 then raise exception 'batch too large' using errcode = '54000'; end if;
  h := ccm_private.lock_head(me);
  if p_epoch = h.epoch and ccm_private.forgot(h, p_seen) then h := ccm_private.begin_anew(h, p_seen); end if;
  if p_epoch is not null and p_epoch <> h.epoch then
    return jsonb_build_object('epoch', h.epoch, 'head', h.seq, 'now', ccm_private.ms(clock_timestamp()), 'resync', true, 'verdicts', '[]'::jsonb);
  end if;
  for o in select * from jsonb_array_elements(p_ops) loop
    select status, err into known from public.ccm_op where user_id = me and op_id = (o ->> 'op')::uuid;
    if found then
      verdicts := verdicts || jsonb_build_object('op', o ->> 'op', 'is', known.status, 'err', known.err, 'again', true);
      continue;
    end if;
    if coalesce(o ->> 'hlc', '') !~ '^\d{15}-[0-9a-f]{6}-[0-9a-f]{8}$' then
      why := 'bad stamp';
      insert into public.ccm_op (user_id, op_id, status, err) values (me, (o ->> 'op')::uuid, 'rejected', why);
      verdicts := verdicts || jsonb_build_object('op', o ->> 'op', 'is', 'rejected', 'err', why);
      continue;
    end if;
    if left(o ->> 'hlc', 15) > latest then -- Not kept: the device stamps it anew and sends it again.
      verdicts := verdicts || jsonb_build_object('op', o ->> 'op', 'is', 'clock');
      continue;
    end if;
    before := h;
    begin
      h := ccm_private.apply(h, p_system, o);
      insert into public.ccm_op (user_id, op_id, status) values (me, (o ->> 'op')::uuid, 'ok');
      verdicts := verdicts || jsonb_build_object('op', o ->> 'op', 'is', 'ok', 'seq', h.seq);
    exception when data_exception or integrity_constraint_violation or insufficient_privilege then
      h := before;
      why := sqlstate || ' ' || left(sqlerrm, 300);
      insert into public.ccm_op (user_id, op_id, status, err) values (me, (o ->> 'op')::uuid, 'rejected', why);
      verdicts := verdicts || jsonb_build_object('op', o ->> 'op', 'is', 'rejected', 'err', why);
    end;
  end loop;
  perform ccm_private.leave_head(h);
  return jsonb_build_object('epoch', h.epoch, 'head', h.seq, 'now', ccm_private.ms(clock_timestamp()), 'resync', false,
    'seal', ccm_private.seal(h), 'verdicts', to_jsonb(verdicts));
end $$;

-- Rows behind `p_after`, oldest change first. One statement: head and rows are of one moment.
create function public.ccm_pull(p_epoch uuid, p_after bigint, p_limit int default 500, p_seen jsonb default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare me uuid := ccm_private.me(); most int := greatest(1, least(coalesce(p_limit, 500), 1000)); page jsonb;
begin
  select jsonb_build_object('epoch', h.epoch, 'head', h.seq, 'now', ccm_private.ms(clock_timestamp()),
    'reset', p_epoch is distinct from h.epoch, 'seal', ccm_private.seal(h), 'lost', ccm_private.forgot(h, p_seen), 'rows', coalesce((
      select jsonb_agg(r.row order by r.seq) from (
        select seq, row from (
          (select s.seq, jsonb_build_object('tbl', 'system', 'id', s.id, 'seq', s.seq, 'del', s.del, 'doc', s.doc, 'clk', s.clk, 'state',
              jsonb_build_object('lastSeen', ccm_private.ms(s.last_seen), 'facts', s.facts)) as row
            from public.ccm_system s where s.user_id = me and s.seq > f.after order by s.seq limit most)
          union all (select p.seq, jsonb_build_object('tbl', 'project', 'id', p.id, 'seq', p.seq, 'del', p.del, 'doc', p.doc, 'clk', p.clk,
              'state', jsonb_build_object('system', p.system))
            from public.ccm_project p where p.user_id = me and p.seq > f.after order by p.seq limit most)
          union all (select t.seq, ccm_private.task_row(t) from public.ccm_task t where t.user_id = me and t.seq > f.after order by t.seq limit most)
          union all (select a.seq, jsonb_build_object('tbl', 'agent', 'id', a.id, 'seq', a.seq, 'del', a.del, 'doc', a.doc, 'clk', a.clk,
              'state', jsonb_build_object('system', a.system))
            from public.ccm_agent a where a.user_id = me and a.seq > f.after order by a.seq limit most)
          union all (select k.seq, jsonb_build_object('tbl', 'ask', 'id', k.id, 'seq', k.seq, 'del', k.del, 'doc', k.doc, 'clk', k.clk,
              'state', jsonb_build_object('system', k.system, 'decision', k.decision))
            from public.ccm_ask k where k.user_id = me and k.seq > f.after order by k.seq limit most)
          union all (select o.seq, jsonb_build_object('tbl', 'order', 'id', o.id, 'seq', o.seq, 'del', o.del, 'doc', o.doc, 'clk', o.clk,
              'state', jsonb_build_object('system', o.system, 'at', ccm_private.ms(o.at), 'outcome', o.outcome))
            from public.ccm_order o where o.user_id = me and o.seq > f.after order by o.seq limit most)
        ) every order by seq limit most) r), '[]'))
    into page
    from (select me as id) u left join public.ccm_head h on h.user_id = u.id
    cross join lateral (select case when p_epoch is distinct from h.epoch then 0 else coalesce(p_after, 0) end as after) f;
  return page;
end $$;

-- Takes offered tasks of this machine under a lease. The lease counts from after the wait for the lock. A device that saw what this hub does
-- not know is given nothing: its next read begins another history. Under the same key, what was taken before is given again as it is.
create function public.ccm_claim(p_system uuid, p_limit int default 10, p_seen jsonb default null, p_key uuid default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare me uuid := ccm_private.me(); h public.ccm_head; t public.ccm_task; taken jsonb[] := '{}';
begin
  h := ccm_private.lock_head(me);
  perform ccm_private.own_system(me, p_system);
  if ccm_private.forgot(h, p_seen) then
    return jsonb_build_object('epoch', h.epoch, 'head', h.seq, 'seal', null, 'rows', '[]'::jsonb);
  end if;
  h := ccm_private.expire(h);
  for t in select * from public.ccm_task c where c.user_id = me and c.owner = p_system and not c.del and not c.cancel_req
      and (c.exec = 'offered' or (c.exec = 'claimed' and c.lease_until < clock_timestamp()) or (c.exec = 'claimed' and c.claim = p_key))
      order by c.seq limit greatest(1, least(p_limit, 50)) for update skip locked loop
    if t.exec = 'claimed' and t.claim = p_key then
      taken := taken || ccm_private.task_row(t);
      continue;
    end if;
    h.seq := h.seq + 1;
    update public.ccm_task c set exec = 'claimed', fence = c.fence + 1, lease_until = clock_timestamp() + interval '90 s', claim = p_key, seq = h.seq
      where c.user_id = me and c.id = t.id returning * into t;
    taken := taken || ccm_private.task_row(t);
  end loop;
  perform ccm_private.leave_head(h);
  return jsonb_build_object('epoch', h.epoch, 'head', h.seq, 'seal', ccm_private.seal(h), 'rows', to_jsonb(taken));
end $$;

create function public.ccm_renew(p_system uuid, p_id uuid, p_fence bigint) returns boolean language plpgsql security definer set search_path = '' as $$
declare me uuid := ccm_private.me();
begin
  perform ccm_private.lock_head(me);
  update public.ccm_task set lease_until = clock_timestamp() + interval '90 s'
    where user_id = me and id = p_id and owner = p_system and fence = p_fence and exec = 'claimed';
  return found;
end $$;

create function public.ccm_report(p_system uuid, p_id uuid, p_fence bigint, p_run int, p_exec text, p_facts jsonb) returns boolean
language plpgsql security definer set search_path = '' as $$
declare me uuid := ccm_private.me(); h public.ccm_head;
begin
  h := ccm_private.lock_head(me);
  h := ccm_private.report(h, p_system, p_id, p_fence, p_run, p_exec, coalesce(p_facts, '{}'));
  perform ccm_private.leave_head(h);
  return true;
end $$;

create function public.ccm_cancel(p_id uuid) returns boolean language plpgsql security definer set search_path = '' as $$
declare me uuid := ccm_private.me(); h public.ccm_head;
begin
  h := ccm_private.lock_head(me);
  h := ccm_private.cancel(h, p_id);
  perform ccm_private.leave_head(h);
  return true;
end $$;

create function public.ccm_reassign(p_id uuid, p_target uuid) returns boolean language plpgsql security definer set search_path = '' as $$
declare me uuid := ccm_private.me(); h public.ccm_head;
begin
  h := ccm_private.lock_head(me);
  h := ccm_private.reassign(h, p_id, p_target, interval '1 day');
  perform ccm_private.leave_head(h);
  return true;
end $$;

-- I am here. The time is the hub's own, never the device's.
create function public.ccm_heartbeat(p_system uuid, p_facts jsonb) returns jsonb language plpgsql security definer set search_path = '' as $$
declare me uuid := ccm_private.me(); h public.ccm_head;
begin
  h := ccm_private.lock_head(me);
  perform ccm_private.own_system(me, p_system);
  h := ccm_private.expire(h);
  perform ccm_private.leave_head(h);
  h.seq := h.seq + 1;
  update public.ccm_system set last_seen = clock_timestamp(), facts = coalesce(p_facts, '{}') - 'cursor', seq = h.seq,
    cursor = coalesce((p_facts ->> 'cursor')::bigint, cursor) where user_id = me and id = p_system;
  -- Old verdicts go: a device that has been away longer starts with a full read anyway.
  delete from public.ccm_op where user_id = me and at < clock_timestamp() - interval '30 days';
  perform ccm_private.tidy(me);
  -- Without the bell, and without a seal of its own: nobody has to come for this.
  update public.ccm_head set seq = h.seq where user_id = me;
  update public.ccm_seal set seq = h.seq where user_id = me and seq = h.seq - 1;
  return jsonb_build_object('epoch', h.epoch, 'head', h.seq, 'now', ccm_private.ms(clock_timestamp()));
end $$;

-- A device has seen what the hub does not have: the hub was restored from an older copy. From now on that counts as another history.
create function public.ccm_rewound(p_epoch uuid, p_seen jsonb) returns jsonb language plpgsql security definer set search_path = '' as $$
declare me uuid := ccm_private.me(); h public.ccm_head;
begin
  h := ccm_private.lock_head(me);
  if p_epoch = h.epoch and ccm_private.forgot(h, p_seen) then h := ccm_private.begin_anew(h, p_seen); end if;
  return jsonb_build_object('epoch', h.epoch, 'head', h.seq, 'now', ccm_private.ms(clock_timestamp()));
end $$;

revoke execute on function public.ccm_ping(), public.ccm_push(uuid, uuid, jsonb, jsonb),
  public.ccm_pull(uuid, bigint, int, jsonb), public.ccm_claim(uuid, int, jsonb, uuid),
  public.ccm_renew(uuid, uuid, bigint), public.ccm_report(uuid, uuid, bigint, int, text, jsonb), public.ccm_cancel(uuid),
  public.ccm_reassign(uuid, uuid), public.ccm_heartbeat(uuid, jsonb), public.ccm_rewound(uuid, jsonb) from public, anon;
grant execute on function public.ccm_ping(), public.ccm_push(uuid, uuid, jsonb, jsonb),
  public.ccm_pull(uuid, bigint, int, jsonb), public.ccm_claim(uuid, int, jsonb, uuid),
  public.ccm_renew(uuid, uuid, bigint), public.ccm_report(uuid, uuid, bigint, int, text, jsonb), public.ccm_cancel(uuid),
  public.ccm_reassign(uuid, uuid), public.ccm_heartbeat(uuid, jsonb), public.ccm_rewound(uuid, jsonb) to authenticated;
