// `sluice lint -f FILE`: whether rollouts and what belongs to them can be driven as a file has them. Asks no cluster.

import { experimentProblem } from '../decide/experiment/validate.js';
import { asAnalysisRun, parseAnalysisRun } from '../kinds/analysis-run.js';
import { asAnalysisTemplate, parseAnalysisTemplate } from '../kinds/analysis-template.js';
import type { FieldError } from '../kinds/check-schema.js';
import { asExperiment, parseExperiment } from '../kinds/experiment.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { asRollout, parseRollout } from '../kinds/rollout.js';
import type { Result } from '../lib/result.js';
import type { ObjectReader } from '../routers/gather.js';
import { readFlags } from './arguments.js';
import { type Command, UsageError } from './command.js';
import { type Findings, readerOf } from './lint-file.js';
import { lintRollout } from './lint-rollout.js';
import { lintTemplate, metricProblems, templateSource } from './lint-templates.js';

const API_VERSION = 'argoproj.io/v1alpha1';

type Linter = {
  parse(object: KubeObject): Result<unknown, readonly FieldError[]>;
  lint(object: KubeObject, file: ObjectReader, namespace: string): Findings;
};

const STRICT = { unknownFields: 'refuse' } as const;

const templates = (isGlobal: boolean): Linter => ({
  parse: (object) => parseAnalysisTemplate(object, STRICT),
  lint: (object, file, namespace) => lintTemplate(asAnalysisTemplate(object), isGlobal, file, namespace),
});

const LINTERS: Readonly<Record<string, Linter>> = {
  Rollout: { parse: (object) => parseRollout(object, STRICT), lint: (object, file) => lintRollout(asRollout(object), file) },
  AnalysisTemplate: templates(false),
  ClusterAnalysisTemplate: templates(true),
  AnalysisRun: {
    parse: (object) => parseAnalysisRun(object, STRICT),
    lint(object) {
      const { metrics, args } = asAnalysisRun(object).spec;
      return { problems: metricProblems(metrics, args), absent: [] };
    },
  },
  Experiment: {
    parse: (object) => parseExperiment(object, STRICT),
    lint(object, file, namespace) {
      const { spec } = asExperiment(object);
      const problem = experimentProblem(spec);
      return { problems: problem === undefined ? [] : [problem], absent: templateSource(file, namespace, spec.analyses ?? []).absent };
    },
  },
};

/** An object with fields of the wrong form is not looked at further. */
function lintObject(object: KubeObject, linter: Linter, file: ObjectReader, namespace: string): Findings {
  const refused = (problem: string): Findings => ({ problems: [problem], absent: [] });
  if (object.apiVersion !== API_VERSION) return refused(`apiVersion: Invalid value: ${JSON.stringify(object.apiVersion)}: must be ${API_VERSION}`);
  const { name, generateName } = object.metadata as { name?: unknown; generateName?: unknown };
  if (typeof name !== 'string' && typeof generateName !== 'string') return refused('metadata.name: Required value: name or generateName is required');
  const parsed = linter.parse(object);
  if (!parsed.ok) return { problems: parsed.error.map(({ path, message }) => `${path}: ${message}`), absent: [] };
  try {
    return linter.lint(object, file, namespace);
  } catch (error) {
    // Services, workloads and routes have been through no server: what it would not let in is told by whom it hinders.
    if (!(error instanceof Error)) throw error;
    return refused('an object of this file that it refers to is not of the form that a server would take: try `kubectl apply --dry-run=server`');
  }
}

/** A server takes a null for nothing. */
function withoutNulls(object: KubeObject): KubeObject {
  const drop = (_key: string, value: unknown): unknown => (Array.isArray(value) ? value.filter((item) => item !== undefined) : (value ?? undefined));
  return JSON.parse(JSON.stringify(object), drop) as KubeObject;
}

const linterOf = ({ kind, apiVersion }: KubeObject): Linter | undefined =>
  Object.hasOwn(LINTERS, kind) && apiVersion.startsWith('argoproj.io/') ? LINTERS[kind] : undefined;

export const lint: Command = {
  words: 'lint',
  summary: 'Say what is wrong with rollouts, experiments, analysis templates and runs in a file: exit 1 when something is.',
  operands: '-f FILE',
  flags: [
    '-f, --filename FILE      the file, or a folder of files; may be repeated',
    '-n, --namespace NS       the namespace of objects that name none (default: default)',
  ],
  examples: ['sluice lint -f rollout.yaml'],
  async run(words, io) {
    const flags = readFlags(words, { filename: { type: 'string', short: 'f', multiple: true }, namespace: { type: 'string', short: 'n' } });
    const files = flags.texts('filename');
    if (files.length === 0 || flags.operands.length > 0) throw new UsageError('the file is given with -f FILE');
    const { readManifests } = await import('../app/load-manifests.js');
    const documents = await readManifests(files);
    if (!documents.ok) {
      io.stderr(`Error: ${documents.error}\n`);
      return 1;
    }
    const namespace = flags.text('namespace') ?? 'default';
    const objects = documents.value.map(({ origin, object: written }) => {
      const object = withoutNulls(written);
      return { origin, object: { ...object, metadata: { namespace, ...object.metadata } } };
    });
    // What is wrong by itself is told where it stands, not by those that refer to it.
    const whole = objects.filter(({ object }) => linterOf(object)?.parse(object).ok !== false);
    const file = readerOf(
      whole.map(({ object }) => object),
      namespace,
    );
    const found: string[] = [];
    for (const { origin, object } of objects) {
      const linter = linterOf(object);
      if (linter === undefined) continue;
      const where = `${origin}: ${object.kind} ${object.metadata.name}`;
      const { problems, absent } = lintObject(object, linter, file, object.metadata.namespace ?? namespace);
      for (const problem of problems) io.stdout(`${where}: ${problem}\n`);
      if (absent.length > 0) io.stderr(`note: ${where}: not in the file, so not looked at: ${absent.join(', ')}\n`);
      found.push(...problems);
    }
    const [first] = found;
    if (first === undefined) return 0;
    io.stderr(`Error: ${first}\n`);
    return 1;
  },
};
