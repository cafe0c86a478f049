import { nearest } from '../../lib/nearest.ts';
import { exits, usageError } from '../exit.ts';
import type { Run } from '../spec.ts';

const bash = `# Completion of ccm for bash. Descriptions stay behind the tab that separates them.
_ccm() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$(printf '%q' "\${line%%$'\\t'*}")")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _ccm ccm ccm-orchestrator
`;

const zsh = `#compdef ccm ccm-orchestrator
# Completion of ccm for zsh.
_ccm() {
  local line
  local -a found
  for line in "\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#found )); then _describe 'ccm' found; else _files; fi
}
if [[ \${funcstack[1]} == _ccm ]]; then _ccm "$@"; else compdef _ccm ccm ccm-orchestrator; fi
`;

const fish = `# Completion of ccm for fish.
function __ccm_complete
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  # Quoted: an empty word must stay a word.
  set -l found ($words[1] __complete -- $words[2..] "$typed" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$typed"
  end
end
complete -c ccm -f -a '(__ccm_complete)'
complete -c ccm-orchestrator -f -a '(__ccm_complete)'
`;

const scripts: Readonly<Record<string, string>> = { bash, zsh, fish };

export const run: Run = async (cli, { args: [shell = ''] }) => {
  const script = scripts[shell];
  if (script === undefined) {
    const [meant] = nearest(shell, Object.keys(scripts));
    throw usageError(`There is no completion for ${shell}.`, meant ? `Did you mean ${meant}?` : 'There is one for bash, zsh and fish.');
  }
  if (cli.json) cli.emit({ shell, script });
  else cli.stdout.write(script);
  return exits.ok;
};
