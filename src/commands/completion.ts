// `sluice completion bash|zsh|fish|powershell`: a script that completes verbs and flags, made from the table of verbs.

import type { Command } from './command.js';
import { UsageError } from './command.js';
import { COMMANDS } from './table.js';

type Verb = { readonly words: string; readonly summary: string; readonly flags: readonly string[] };

/** "--full" out of "    --full               past all steps"; a line may tell of more than one. */
export const flagNames = (lines: readonly string[]): string[] => lines.flatMap((line) => line.match(/--[a-z][a-z-]*/g) ?? []);

async function verbs(): Promise<readonly Verb[]> {
  return Promise.all(
    COMMANDS.map(async ({ words, summary, load }) => ({ words, summary, flags: [...new Set([...flagNames((await load()).flags), '--help'])] })),
  );
}

/** What can stand at each place: the first words, the second ones behind each first. */
function secondWords(all: readonly Verb[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { words } of all) {
    const [first = '', second] = words.split(' ');
    found.set(first, [...(found.get(first) ?? []), ...(second === undefined ? [] : [second])]);
  }
  return found;
}

function bash(all: readonly Verb[]): string {
  const seconds = secondWords(all);
  const forSecond = [...seconds]
    .filter(([, words]) => words.length > 0)
    .map(([first, words]) => `    ${first}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word")); return;;`);
  const forFlags = all.map(({ words, flags }) => `    '${words}'|'${words} '*) COMPREPLY=($(compgen -W '${flags.join(' ')}' -- "$word"));;`);
  return `# bash completion of sluice: source <(sluice completion bash)
_sluice() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W '${[...seconds.keys()].join(' ')}' -- "$word")); return; fi
  if [ "$COMP_CWORD" -eq 2 ] && [[ "$word" != -* ]]; then
    case "\${COMP_WORDS[1]}" in
${forSecond.join('\n')}
    esac
  fi
  [[ "$word" == -* ]] || return
  case "\${COMP_WORDS[*]:1:2}" in
${forFlags.join('\n')}
  esac
}
complete -o default -F _sluice sluice
`;
}

const zshQuoted = (text: string): string => text.replaceAll("'", String.raw`'\''`).replaceAll(':', String.raw`\:`);

function zsh(all: readonly Verb[]): string {
  const seconds = secondWords(all);
  const firsts = [...seconds.keys()].map((first) => `'${first}:${zshQuoted(all.find(({ words }) => words.split(' ')[0] === first)?.summary ?? '')}'`);
  const forSecond = [...seconds].filter(([, words]) => words.length > 0).map(([first, words]) => `      ${first}) compadd -- ${words.join(' ')};;`);
  const forFlags = all.map(({ words, flags }) => `    '${words}'|'${words} '*) compadd -- ${flags.join(' ')};;`);
  return `#compdef sluice
# zsh completion of sluice: sluice completion zsh > "\${fpath[1]}/_sluice"
_sluice() {
  if (( CURRENT == 2 )); then
    local -a verbs=(${firsts.join(' ')})
    _describe 'command' verbs
    return
  fi
  if (( CURRENT == 3 )) && [[ "$words[CURRENT]" != -* ]]; then
    case "$words[2]" in
${forSecond.join('\n')}
      *) _files;;
    esac
    return
  fi
  if [[ "$words[CURRENT]" != -* ]]; then _files; return; fi
  case "\${words[2]} \${words[3]}" in
${forFlags.join('\n')}
  esac
}
if [ "$funcstack[1]" = '_sluice' ]; then _sluice; else compdef _sluice sluice; fi
`;
}

const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;

function fish(all: readonly Verb[]): string {
  const lines = all.flatMap(({ words, summary, flags }) => {
    const [first = '', second] = words.split(' ');
    const seen =
      second === undefined ? `__fish_seen_subcommand_from ${first}` : `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`;
    const verb =
      second === undefined
        ? [`complete -c sluice -n __fish_use_subcommand -a ${first} -d ${fishQuoted(summary)}`]
        : [
            `complete -c sluice -n __fish_use_subcommand -a ${first}`,
            `complete -c sluice -n '__fish_seen_subcommand_from ${first}' -a ${second} -d ${fishQuoted(summary)}`,
          ];
    return [...verb, ...flags.map((flag) => `complete -c sluice -n '${seen}' -l ${flag.slice(2)}`)];
  });
  return `# fish completion of sluice: sluice completion fish | source\n${[...new Set(lines)].join('\n')}\n`;
}

const powershellQuoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const powershellList = (words: readonly string[]): string => `@(${words.map(powershellQuoted).join(', ')})`;

/** Works in Windows PowerShell 5.1, too. Words that end before the cursor are those before the one that is completed. */
function powershell(all: readonly Verb[]): string {
  const seconds = secondWords(all);
  const firsts = [...seconds.keys()].map(
    (first) => `    ${powershellQuoted(first)} = ${powershellQuoted(all.find(({ words }) => words.split(' ')[0] === first)?.summary ?? first)}`,
  );
  const forSecond = [...seconds].filter(([, words]) => words.length > 0).map(([first, words]) => `    ${powershellQuoted(first)} = ${powershellList(words)}`);
  const forFlags = all.map(({ words, flags }) => `    ${powershellQuoted(words)} = ${powershellList(flags)}`);
  return `# PowerShell completion of sluice: sluice completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName 'sluice' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $verbs = [ordered]@{
${firsts.join('\n')}
  }
  $seconds = @{
${forSecond.join('\n')}
  }
  $flags = @{
${forFlags.join('\n')}
  }
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
  $found = @()
  if ($wordToComplete.StartsWith('-')) {
    $verb = ($before | Select-Object -First 2) -join ' '
    if (-not $flags.ContainsKey($verb)) { $verb = "$($before | Select-Object -First 1)" }
    if ($flags.ContainsKey($verb)) { $found = $flags[$verb] }
  } elseif ($before.Count -eq 0) {
    $found = @($verbs.Keys)
  } elseif ($before.Count -eq 1 -and $seconds.ContainsKey($before[0])) {
    $found = $seconds[$before[0]]
  }
  $found | Where-Object { $_.StartsWith($wordToComplete) } | ForEach-Object {
    $tip = if ($before.Count -eq 0 -and $verbs.Contains($_)) { $verbs[$_] } else { $_ }
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $tip)
  }
}
`;
}

const SHELLS: Readonly<Record<string, (all: readonly Verb[]) => string>> = { bash, zsh, fish, powershell };

export const completion: Command = {
  words: 'completion',
  summary: 'Print a script that completes commands and flags in a shell.',
  operands: 'bash|zsh|fish|powershell',
  flags: [],
  examples: ['source <(sluice completion bash)', 'sluice completion fish | source'],
  async run(words, io) {
    const [shell = '', ...more] = words;
    const script = SHELLS[shell];
    if (script === undefined || more.length > 0) throw new UsageError(`one shell is wanted: ${Object.keys(SHELLS).join(', ')}`);
    io.stdout(script(await verbs()));
    return 0;
  },
};
