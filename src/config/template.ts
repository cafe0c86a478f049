/** The config.toml that `ccm init` and the first start write: everything as a comment, so that defaults stay defaults. */
export const configTemplate = `# CCM Orchestrator. Every line is optional; what is commented out is the default.
# Durations: "500ms", "30s", "10m", "2h", "7d". Checked strictly: a wrong key or value is named with its line.
# A daemon that runs reads it as soon as it is saved; a changed port, journal_age or secrets counts from its next start.

# port = 8765                  # on 127.0.0.1; CCM_PORT goes before it
# concurrency = 4              # tasks running at once
# spacing = "500ms"            # between two starts of agents
# allowed_hosts = []           # further Host names to answer to, for a tunnel: ["box.example:443"]
# default_agent = "claude"     # else: the first agent below, else the first of claude, codex, gemini that is installed, else demo
# journal_age = "30d"          # older history is folded into a snapshot
# secrets = "auto"             # keychain | file; auto = the keychain if it answers; CCM_SECRETS goes before it

# approval_expiry = "24h"       # a question that nobody decided is denied then; 0 = never

# [[policy]]                   # answers given in advance, when an agent asks; the first rule that fits counts
# decision = "allow"           # allow | deny | ask (a person decides)
# tool = "Bash"                # these four: "*" stands for anything; absent = any
# pattern = "npm test*"        # of the command, file or address; to allow, every part of a shell line must fit
# project = "shop"
# agent = "claude"
# reason = "tests are harmless" # shown beside the decision, told to the agent when denied

# [budget]                     # dollars; one that is reached halts the task and asks, it kills nothing
# task = 5.0                   # of each task, unless --budget of \`ccm new\` says otherwise
# day = 40.0                   # of everything in one day; no other task starts then
# projects = { shop = 10.0 }   # of one project in one day

# [sync]                       # several machines (docs/sync.md)
# when_away = "wait"           # run-here: a task for a machine that is away is done here, where there is a project of the same name
# away_after = "15m"           # so long it waits before that

# [prices]                     # what tokens cost where the program does not tell; without it cost is unknown, never guessed
# version = "2026-11-01"       # your own mark, shown beside the figures
# [prices.models."my-model-*"] # dollars per million tokens; the first name that fits counts
# input = 3.0
# output = 15.0
# cache_read = 0.3
# cache_write = 3.75

# claude, codex, gemini and demo are there already; a table of the same name changes them, another name adds one.

# [agents.claude]
# command = ["claude"]
# env = { }                    # values stay here and in the agent's own process; "{secret:NAME}" takes what \`ccm secret set NAME\` stored
# permissions = { mode = "default", allow = [], deny = [], add_dirs = [] }
# config = "private"           # own = your own configuration of the program: your login, servers, memory; its questions are yours
# telemetry = false            # true = it may look for updates and tell its maker what it counts, as it does by itself
# idle_timeout = "10m"         # a finished agent is ended after this silence; it can be resumed
# time_limit = 0               # of one attempt; 0 = none

# [agents.tests]
# kind = "custom"
# command = ["sh", "-c", "npm test"]
# mode = "oneshot"             # ends by its exit status
# prompt = "argument"          # paste | argument | stdin; "{prompt}" in command says where
# concurrency = 1              # of this agent at once; 0 = no limit of its own

# [agents.mine]
# kind = "custom"
# command = ["my-agent", "--chat"]
# ready = "^> $"               # patterns on its screen, for programs that do not call \`ccm report\`
# busy = "thinking"
# ask = "\\\\(y/n\\\\)"
# restart = "on-failure"       # never | on-failure
# max_restarts = 5
# boot_timeout = "30s"
# settle = "300ms"             # between a pasted text and its Enter
# resumable = false
# auto_resume = true           # goes on by itself when a usage limit is over
`;
