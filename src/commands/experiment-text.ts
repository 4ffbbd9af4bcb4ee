// The text of `get experiment` and `list experiments`, in the form that users of the plugin know.

import { textAt, timeAt } from '../lib/read.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { formatAge, parseGoDuration } from '../lib/go-duration.js';
import type { Instant } from '../lib/instant.js';
import { alignedLines } from './columns.js';
import { experimentNode, experimentSets, head, ICON_COLOURS, imageLines, type Paint, type RolloutObjects, RUN_ICONS, treeText } from './rollout-tree.js';

/** The whole answer, without a newline at its end. */
export function experimentText(experiment: KubeObject, objects: Omit<RolloutObjects, 'rollout'>, now: Instant, paint: Paint): string {
  const phase = textAt(experiment, 'status', 'phase') ?? 'Pending';
  const message = textAt(experiment, 'status', 'message') ?? '';
  const icon = RUN_ICONS[phase] ?? '?';
  const lines = [
    head('Name:', experiment.metadata.name),
    head('Namespace:', experiment.metadata.namespace ?? ''),
    head('Status:', `${paint(icon, ICON_COLOURS[icon])} ${phase}`),
    ...(message === '' ? [] : [head('Message:', message)]),
    ...imageLines(experimentSets(objects.replicaSets, experiment), paint).map((image, index) => head(index === 0 ? 'Images:' : '', image)),
  ];
  return `${lines.join('\n')}\n\n${treeText(experimentNode(objects, experiment, now), paint)}`;
}

/** One line each, with a heading. */
export function experimentList(experiments: readonly KubeObject[], now: Instant, withNamespace: boolean): string {
  const rows = experiments.map((experiment) => {
    const duration = textAt(experiment, 'spec', 'duration');
    const phase = textAt(experiment, 'status', 'phase') ?? 'Pending';
    const created = timeAt(experiment, 'metadata', 'creationTimestamp') ?? now;
    const namespace = withNamespace ? [experiment.metadata.namespace ?? ''] : [];
    return [...namespace, experiment.metadata.name, phase, duration ?? '-', remaining(experiment, duration, phase, now), formatAge(now - created)];
  });
  const table = [[...(withNamespace ? ['NAMESPACE'] : []), 'NAME', 'STATUS', 'DURATION', 'REMAINING', 'AGE'], ...rows];
  return alignedLines(table).join('\n');
}

function remaining(experiment: KubeObject, duration: string | undefined, phase: string, now: Instant): string {
  const begin = timeAt(experiment, 'status', 'availableAt');
  const lasts = duration === undefined ? undefined : parseGoDuration(duration);
  if (begin === undefined || lasts === undefined || phase !== 'Running') return '-';
  return formatAge(Math.max(0, begin + lasts - now));
}
