// The credential of a log-in plugin: kept for as long as it holds, and what is wrong while there is none.

import { err, ok, type Result } from '../lib/result.js';
import { type ExecCredential, type ExecPlugin, runExecPlugin } from './exec-plugin.js';

/** A plugin that has failed is not run again sooner by itself: some open windows, some lock accounts. */
const PLUGIN_RETRY_MS = 30_000;
/** A token that ends this soon is taken for ended. */
const EXPIRY_MARGIN_MS = 5000;

type Environment = Readonly<Record<string, string | undefined>>;

export interface LogIn {
  credential(plugin: ExecPlugin): Promise<Result<ExecCredential, string>>;
  /** Runs it now, whatever there is already; `terminal`: it has the terminal to itself. */
  again(plugin: ExecPlugin, terminal: boolean): Promise<Result<ExecCredential, string>>;
  /** The server refused it. What was brought a moment ago is not brought anew at once. */
  forget(): void;
  /** That it runs, or why it failed, with its own words. */
  trouble(plugin: ExecPlugin): string | undefined;
}

/** The plugin's credential, for as long as it holds; asked for by many at once, it is run once. */
export function createLogIn(environment: Environment, now: () => number): LogIn {
  let held: ExecCredential | undefined;
  let failure: { readonly reason: string; readonly at: number } | undefined;
  let words: string | undefined;
  let running: Promise<Result<ExecCredential, string>> | undefined;
  let ranAt = Number.NEGATIVE_INFINITY;
  const run = async (plugin: ExecPlugin, terminal: boolean): Promise<Result<ExecCredential, string>> => {
    words = '';
    ranAt = now();
    const onWords = (text: string): void => {
      words = text;
    };
    const answer = await runExecPlugin(plugin, { environment, terminal, onWords });
    words = undefined;
    held = answer.ok ? answer.value : undefined;
    failure = answer.ok ? undefined : { reason: answer.error, at: now() };
    return answer;
  };
  const start = (plugin: ExecPlugin, terminal: boolean): Promise<Result<ExecCredential, string>> =>
    run(plugin, terminal).finally(() => {
      running = undefined;
    });
  return {
    async credential(plugin: ExecPlugin): Promise<Result<ExecCredential, string>> {
      if (held !== undefined && (held.expiresAt === undefined || held.expiresAt - EXPIRY_MARGIN_MS > now())) return ok(held);
      if (running === undefined && failure !== undefined && now() - failure.at < PLUGIN_RETRY_MS) return err(failure.reason);
      running ??= start(plugin, false);
      return running;
    },
    async again(plugin: ExecPlugin, terminal: boolean): Promise<Result<ExecCredential, string>> {
      await running;
      running = start(plugin, terminal);
      return running;
    },
    forget() {
      if (now() - ranAt >= PLUGIN_RETRY_MS) held = undefined;
    },
    trouble(plugin: ExecPlugin): string | undefined {
      if (running !== undefined)
        return `the log-in plugin ${plugin.command.split('/').at(-1) ?? ''} is running${words === undefined || words === '' ? '' : `: ${words}`}`;
      return failure?.reason;
    },
  };
}
