-- Takes the hub out of a project: every table, function and policy of the migrations, and what is in them. The machines keep all they have.
-- Pasted into the SQL editor, or `psql -1 -f`. Nothing else of the project is touched; the accounts of its users stay.
drop policy if exists ccm_doorbell on realtime.messages;
do $$
declare f regprocedure;
begin
  -- Of whatever version: the arguments may be others.
  for f in select p.oid::regprocedure from pg_catalog.pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname in
      ('ccm_ping', 'ccm_push', 'ccm_pull', 'ccm_claim', 'ccm_renew', 'ccm_report', 'ccm_cancel', 'ccm_reassign', 'ccm_heartbeat', 'ccm_rewound') loop
    execute format('drop function %s', f);
  end loop;
end $$;
drop schema if exists ccm_private cascade;
drop table if exists public.ccm_order, public.ccm_ask, public.ccm_agent, public.ccm_task, public.ccm_project, public.ccm_system, public.ccm_op,
  public.ccm_seal, public.ccm_head;
