// The text of `list rollouts`: one line each, in columns that stay where they are from one line to the next.

import { readPhase } from '../console/phase.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { formatTime, type Instant } from '../lib/instant.js';
import { figuresOf } from './rollout-info.js';

const LEAST_NAME_WIDTH = 10;
const GAP = 2;
const TIMESTAMP_WIDTH = '2026-01-31T09:30:00Z'.length + GAP;

const HEADINGS = ['NAME', 'STRATEGY', 'STATUS', 'STEP', 'SET-WEIGHT', 'READY', 'DESIRED', 'UP-TO-DATE', 'AVAILABLE'] as const;

const WIDTHS = [0, 9, 12, 4, 10, 5, 7, 10, 0] as const;

function cellsOf(rollout: KubeObject, replicaSets: readonly KubeObject[]): readonly string[] {
  const figures = figuresOf(rollout, replicaSets);
  const isCanary = figures.strategy === 'Canary';
  return [
    rollout.metadata.name,
    figures.strategy,
    readPhase(rollout).phase,
    isCanary && figures.stepCount > 0 ? `${figures.stepIndex ?? 0}/${figures.stepCount}` : '-',
    isCanary ? String(figures.setWeight) : '-',
    `${figures.ready}/${figures.current}`,
    String(figures.desired),
    String(figures.updated),
    String(figures.available),
  ];
}

export type ListLayout = {
  readonly contextWidth: number | undefined;
  readonly namespaceWidth: number | undefined;
  readonly nameWidth: number;
  readonly timestamps: boolean;
};

/** Which columns stand before the name: of several contexts each line names its own. */
export type ListShape = { readonly withNamespace: boolean; readonly timestamps: boolean; readonly contexts: readonly string[] };

/** Widths that fit these rollouts; a watch keeps the layout of its first list. */
export function listLayout(rollouts: readonly KubeObject[], { withNamespace, timestamps, contexts }: ListShape): ListLayout {
  const longest = (texts: readonly string[], least: number): number => Math.max(least, ...texts.map((text) => text.length));
  return {
    contextWidth: contexts.length > 1 ? longest(contexts, 'CONTEXT'.length) : undefined,
    namespaceWidth: withNamespace
      ? longest(
          rollouts.map((rollout) => rollout.metadata.namespace ?? ''),
          'NAMESPACE'.length,
        )
      : undefined,
    nameWidth: longest(
      rollouts.map((rollout) => rollout.metadata.name),
      LEAST_NAME_WIDTH,
    ),
    timestamps,
  };
}

function line(cells: readonly string[], context: string, namespace: string, layout: ListLayout): string {
  const column = (text: string, width: number | undefined): string => (width === undefined ? '' : text.padEnd(width + GAP));
  const padded = cells.map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd((index === 0 ? layout.nameWidth : (WIDTHS[index] ?? 0)) + GAP)));
  return `${column(context, layout.contextWidth)}${column(namespace, layout.namespaceWidth)}${padded.join('')}`;
}

export function headingLine(layout: ListLayout): string {
  const headings = line(HEADINGS, 'CONTEXT', 'NAMESPACE', layout);
  return layout.timestamps ? `${'TIMESTAMP'.padEnd(TIMESTAMP_WIDTH)}${headings}` : headings;
}

/** The line with the time at which it was printed before it, where that is wanted. */
export function stamped(text: string, layout: ListLayout, now: Instant): string {
  return layout.timestamps ? `${formatTime(now).padEnd(TIMESTAMP_WIDTH)}${text}` : text;
}

export function rolloutLine(rollout: KubeObject, context: string, layout: ListLayout): string {
  return line(cellsOf(rollout, []), context, rollout.metadata.namespace ?? '', layout);
}
