/** Made by `./run hub-types` from the migrated database; not written by hand. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type HubTables = {
  ccm_agent: {
    user_id: string;
    id: string;
    seq: number;
    del: boolean;
    gone_at: string | null;
    system: string;
    doc: Json;
    clk: Json;
  };
  ccm_ask: {
    user_id: string;
    id: string;
    seq: number;
    del: boolean;
    gone_at: string | null;
    system: string;
    doc: Json;
    clk: Json;
    decision: Json | null;
  };
  ccm_head: {
    user_id: string;
    seq: number;
    epoch: string;
  };
  ccm_op: {
    user_id: string;
    op_id: string;
    status: string;
    err: string | null;
    at: string;
  };
  ccm_order: {
    user_id: string;
    id: string;
    seq: number;
    del: boolean;
    gone_at: string | null;
    system: string;
    doc: Json;
    clk: Json;
    at: string;
    outcome: Json | null;
  };
  ccm_project: {
    user_id: string;
    id: string;
    seq: number;
    del: boolean;
    gone_at: string | null;
    system: string;
    doc: Json;
    clk: Json;
  };
  ccm_seal: {
    user_id: string;
    seal: string;
    seq: number;
  };
  ccm_system: {
    user_id: string;
    id: string;
    seq: number;
    del: boolean;
    doc: Json;
    clk: Json;
    gone_at: string | null;
    last_seen: string;
    cursor: number;
    facts: Json;
  };
  ccm_task: {
    user_id: string;
    id: string;
    seq: number;
    del: boolean;
    gone_at: string | null;
    doc: Json;
    clk: Json;
    origin: string;
    owner: string;
    fence: number;
    run: number;
    exec: string;
    exec_rank: number | null;
    lease_until: string | null;
    claim: string | null;
    expires_at: string | null;
    cancel_req: boolean;
    facts: Json;
  };
};

export type HubCalls = {
  ccm_cancel: { args: { p_id: string }; result: boolean };
  ccm_claim: { args: { p_system: string; p_limit?: number; p_seen?: Json; p_key?: string }; result: Json };
  ccm_heartbeat: { args: { p_system: string; p_facts: Json }; result: Json };
  ccm_ping: { args: Record<string, never>; result: Json };
  ccm_pull: { args: { p_epoch: string | null; p_after: number; p_limit?: number; p_seen?: Json }; result: Json };
  ccm_push: { args: { p_system: string; p_epoch: string | null; p_ops: Json; p_seen?: Json }; result: Json };
  ccm_reassign: { args: { p_id: string; p_target: string }; result: boolean };
  ccm_renew: { args: { p_system: string; p_id: string; p_fence: number }; result: boolean };
  ccm_report: { args: { p_system: string; p_id: string; p_fence: number; p_run: number; p_exec: string; p_facts: Json }; result: boolean };
  ccm_rewound: { args: { p_epoch: string | null; p_seen: Json }; result: Json };
};
