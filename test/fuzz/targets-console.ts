// What a person types or writes: keys and escape sequences, themes, keymaps, manifests, kubeconfigs, the command line.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { readManifests } from '../../src/app/load-manifests.js';
import { loadContext, readKubeconfig } from '../../src/cluster/kubeconfig.js';
import { CLUSTER_FLAGS, oneOf, oneOperand, readFlags } from '../../src/commands/arguments.js';
import { UsageError } from '../../src/commands/command.js';
import { lint } from '../../src/commands/lint.js';
import { findCommand } from '../../src/commands/table.js';
import { DEFAULT_KEYMAP, parseKeymap } from '../../src/console/keymap.js';
import { parseOwn } from '../../src/console/own/parse.js';
import { parseTheme } from '../../src/console/theme.js';
import { systemClock } from '../../src/lib/clock.js';
import { createKeyDecoder } from '../../src/terminal/input.js';
import { complaint } from './target.js';
import type { Outcome, Target } from './target.js';

const root = process.env['SLUICE_ROOT'] ?? '.';
const folder = mkdtempSync(path.join(tmpdir(), 'sluice-fuzz-'));
const dataFile = (name: string): unknown => parse(readFileSync(path.join(root, name), 'utf8'));

const OWN = {
  commands: { bundle: { shortCut: 'b', description: 'd', scopes: ['pod', 'all'], command: 'sh', args: ['-ec', 'echo $NAME', '$NAMESPACE', '${label:a}', 5], background: true, inputs: [{ name: 'tail', type: 'choice', options: ['a', 1], default: 'a', required: true }] } },
  hotKeys: { prod: { shortCut: 'f5', description: 'd', command: ':ctx prod', override: false } },
};

const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: a
clusters: [{name: c, cluster: {server: "https://h:1", insecure-skip-tls-verify: true, certificate-authority-data: "Zm9v"}}]
users: [{name: u, user: {token: t, exec: {apiVersion: client.authentication.k8s.io/v1, command: x, args: [y], env: [{name: A, value: b}]}}}]
contexts: [{name: a, context: {cluster: c, user: u, namespace: n}}]
`;

const MANIFEST = 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: shop\nspec:\n  replicas: 3\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n';

/** Written and read as a file, because that is how it comes. */
function inFile(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const KEYS = ['j', '\u001b[A', '\u001b[1;5C', '\u001bOP', '\u001b[200~pasted\u001b[201~', '\u001b[<0;10;20M', '\u001b]11;rgb:00/00/00\u0007', '\u001b[?1;2c', '\u001b[24;80R', '\u001ba', '\u0003', 'é😀', '\u001bP1+r\u001b\\'];

const LINTED = `apiVersion: v1
kind: Service
metadata: {name: live}
spec: {selector: {app: shop}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec: {http: [{name: primary, route: [{destination: {host: live}, weight: 100}, {destination: {host: next}, weight: 0}]}]}
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate}
spec: {args: [{name: a}], templates: [{templateName: b}], metrics: [{name: m, count: 2, interval: 5s, successCondition: 'result > 1', provider: {web: {url: u}}}]}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  strategy:
    canary:
      stableService: live
      canaryService: next
      trafficRouting: {istio: {virtualService: {name: shop}}, managedRoutes: [{name: r}]}
      analysis: {templates: [{templateName: rate}], args: [{name: a, value: x}]}
      steps: [{setWeight: 20}, {setHeaderRoute: {name: r, match: [{headerName: h, headerValue: {exact: e}}]}}, {experiment: {templates: [{name: t, specRef: canary}]}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec: {selector: {matchLabels: {app: shop}}, template: {metadata: {labels: {app: shop}}, spec: {containers: [{name: c, image: i}]}}}
`;

/** Its answer is the last line of what it says, or nothing. */
async function lintText(text: string): Promise<Outcome> {
  let said = '';
  const io = { stdin: (async function* () { /* nothing is typed */ })(), stdout: () => {}, stderr: (line: string) => { said = line; }, environment: {}, clock: systemClock, colour: false, signal: new AbortController().signal };
  const code = await lint.run(['-f', inFile('linted.yaml', text)], io);
  return code === 0 ? undefined : said;
}

/** Whatever the reads are cut into, no part of a sequence is typed as text, and what is held stays small. */
function decodeKeys(text: string): Outcome {
  for (const size of [text.length, 1, 3]) {
    const decoder = createKeyDecoder();
    for (let at = 0; at < text.length; at += Math.max(1, size)) {
      for (const key of decoder.feed(text.slice(at, at + Math.max(1, size)))) {
        if (key.name === '' || (key.name.length > 1 && key.name.includes('\u001b'))) throw new Error(`a key is called ${JSON.stringify(key.name)}`);
      }
    }
    decoder.flush();
    if (decoder.pending()) throw new Error('something is held after all was read');
  }
  return undefined;
}

const FLAGS = { ...CLUSTER_FLAGS, 'all-namespaces': { type: 'boolean', short: 'A' }, full: { type: 'boolean' }, arg: { type: 'string', short: 'a', multiple: true }, output: { type: 'string', short: 'o' } } as const;

function usage(work: () => void): Outcome {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** Verbs that end by themselves when the cluster does not answer: nothing is asked, because the kubeconfig has no cluster. */
async function runVerb(words: readonly string[]): Promise<Outcome> {
  const found = findCommand(words);
  if (found === undefined || ['demo', 'serve', 'engine'].includes(found.entry.words)) return 'no such verb here';
  const said: string[] = [];
  const signal = AbortSignal.abort();
  const command = await found.entry.load();
  const stdin = (async function* nothing() { await Promise.resolve(); yield ''; })();
  try {
    await command.run(found.rest, { stdin, stdout: (text) => said.push(text), stderr: (text) => said.push(text), environment: { HOME: folder, KUBECONFIG: path.join(folder, 'none') }, clock: systemClock, colour: false, signal });
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    // Outside main.ts, which prints it: an error that says what is wrong is an answer.
    if (error instanceof Error && error.constructor !== TypeError && error.constructor !== RangeError && error.message !== '') return error.message;
    throw error;
  }
  return undefined;
}

const words = (text: string): readonly string[] => text.split(' ');

export const CONSOLE_TARGETS: readonly Target[] = [
  { name: 'keys and escape sequences', type: 'text', samples: [...KEYS, KEYS.join('')], run: decodeKeys },
  { name: 'themes', type: 'value', samples: [dataFile('themes/default.yaml'), dataFile('themes/mono.yaml')], run: (value) => complaint(parseTheme(value)) },
  { name: 'keymaps', type: 'value', samples: [dataFile('keymaps/default.yaml')], run: (value) => complaint(parseKeymap(value)) },
  { name: 'commands and hotkeys', type: 'value', samples: [OWN], run: (value) => complaint(parseOwn(value, DEFAULT_KEYMAP)) },
  { name: 'manifest files', type: 'text', samples: [MANIFEST, '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}', 'a: &x [1]\nb: *x\n'], run: async (text) => complaint(await readManifests([inFile('m.yaml', text)])) },
  { name: 'kubeconfigs', type: 'text', samples: [KUBECONFIG], run: async (text) => {
    const source = { file: inFile('config', text), environment: {} };
    const [read, loaded] = [await readKubeconfig(source), await loadContext(source)];
    return complaint(read) ?? complaint(loaded);
  } },
  { name: 'kubeconfigs by their fields', type: 'value', samples: [parse(KUBECONFIG)], run: async (value) => {
    const source = { file: inFile('config', JSON.stringify(value) ?? ''), environment: {} };
    const [read, loaded] = [await readKubeconfig(source), await loadContext(source)];
    return complaint(read) ?? complaint(loaded);
  } },
  { name: 'flags', type: 'text', samples: ['shop -n mall --full', '--context=a -A --arg x=y -a=z', '-o json -- -x', 'a b c'], run: (text) => usage(() => {
    const flags = readFlags(words(text), FLAGS);
    oneOf(flags, 'output', ['json', 'yaml'], 'json');
    oneOperand(flags, 'the name of a rollout');
  }) },
  { name: 'lint', type: 'text', samples: [LINTED, LINTED.replace(/workloadRef.*\n/, 'selector: {matchLabels: {app: shop}}\n  template: {metadata: {labels: {app: shop}}, spec: {containers: [{name: c, image: i}]}}\n')], run: lintText },
  { name: 'verbs', type: 'text', samples: ['promote shop --full -n mall', 'get rollout shop -w --no-color', 'set image shop main=a:1', 'undo shop --to-revision=2', 'eval result>1 --result 2', 'status shop --timeout 5s', 'terminate analysisrun x', 'create analysisrun --from t -a a=b', 'list rollouts -A', 'version --short', 'restart shop --in 10s'], run: (text) => runVerb(words(text)) },
];
