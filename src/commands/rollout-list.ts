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

export type ListLayout = { readonly namespaceWidth: number | undefined; readonly nameWidth: number; readonly timestamps: boolean };

/** Widths that fit these rollouts; a watch keeps the layout of its first list. */
export function listLayout(rollouts: readonly KubeObject[], withNamespace: boolean, timestamps = false): ListLayout {
  const longest = (texts: readonly string[], least: number): number => Math.max(least, ...texts.map((text) => text.length));
  return {
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

function line(cells: readonly string[], namespace: string, layout: ListLayout): string {
  const padded = cells.map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd((index === 0 ? layout.nameWidth : (WIDTHS[index] ?? 0)) + GAP)));
  return `${layout.namespaceWidth === undefined ? '' : namespace.padEnd(layout.namespaceWidth + GAP)}${padded.join('')}`;
}

export function headingLine(layout: ListLayout): string {
  const headings = line(HEADINGS, 'NAMESPACE', layout);
  return layout.timestamps ? `${'TIMESTAMP'.padEnd(TIMESTAMP_WIDTH)}${headings}` : headings;
}

/** The line with the time at which it was printed before it, where that is wanted. */
export function stamped(text: string, layout: ListLayout, now: Instant): string {
  return layout.timestamps ? `${formatTime(now).padEnd(TIMESTAMP_WIDTH)}${text}` : text;
}

export function rolloutLine(rollout: KubeObject, layout: ListLayout): string {
  return line(cellsOf(rollout, []), rollout.metadata.namespace ?? '', layout);
}
