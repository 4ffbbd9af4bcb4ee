// Commands and hotkeys of a person's own (commands.yaml), once they are checked. Not to be taken for `plugins` in the settings,
// which are modules for the engine.

/** Kinds that a command can be for, by the words that the file may use: those of kubectl, long and short. */
const KINDS = {
  Rollout: ['rollout', 'rollouts', 'ro'],
  ReplicaSet: ['replicaset', 'replicasets', 'rs'],
  Pod: ['pod', 'pods', 'po'],
  AnalysisRun: ['analysisrun', 'analysisruns', 'ar'],
  Experiment: ['experiment', 'experiments', 'exp'],
  Service: ['service', 'services', 'svc'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ScopeKind = keyof typeof KINDS;

/** Whatever is under the cursor. */
export const ANY_SCOPE = 'all';

export const SCOPE_WORDS: readonly string[] = [...Object.values(KINDS).flat(), ANY_SCOPE];

export function scopeKind(word: string): ScopeKind | undefined {
  return (Object.keys(KINDS) as ScopeKind[]).find((kind) => KINDS[kind].some((each) => each === word));
}

/** `choice` is what k9s calls dropdown. A `secret` goes into the environment only, and is neither shown nor written down. */
export const INPUT_TYPES = ['string', 'number', 'bool', 'choice', 'secret'] as const;

export type InputType = (typeof INPUT_TYPES)[number];

export type Input = {
  readonly name: string;
  readonly label: string;
  readonly type: InputType;
  readonly required: boolean;
  readonly initial: string;
  /** Of a choice. */
  readonly options: readonly string[];
};

/** What is wrong with an answer, as a clause: the file's default is held to it, too. */
export function answerProblem({ type, required, options, label }: Input, value: string): string | undefined {
  if (value === '') return required ? `${label} may not be empty` : undefined;
  if (type === 'number' && (value.trim() === '' || !Number.isFinite(Number(value)))) return `${label} must be a number`;
  return (type === 'bool' || type === 'choice') && !options.includes(value) ? `${label} must be ${options.join(' or ')}` : undefined;
}

type Keyed = {
  readonly name: string;
  readonly description: string;
  /** As keymaps name it; a command may do without. */
  readonly shortCut: string | undefined;
  /** It may take the key of a built-in action. */
  readonly override: boolean;
};

export type OwnCommand = Keyed & {
  /** Empty: any. */
  readonly scopes: readonly ScopeKind[];
  readonly command: string;
  readonly args: readonly string[];
  readonly background: boolean;
  readonly confirm: boolean;
  readonly dangerous: boolean;
  /** The person says that it changes nothing. */
  readonly readOnly: boolean;
  readonly inputs: readonly Input[];
};

/** A key for a line of the command bar. */
export type HotKey = Keyed & { readonly shortCut: string; readonly line: string };

export type Own = { readonly commands: readonly OwnCommand[]; readonly hotKeys: readonly HotKey[] };

export function ownNamed({ commands, hotKeys }: Own, name: string): OwnCommand | HotKey | undefined {
  return [...commands, ...hotKeys].find((each) => each.name === name);
}

export const NO_OWN: Own = { commands: [], hotKeys: [] };
