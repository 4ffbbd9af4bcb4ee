// Pods: how they begin, what may change while they live, by which fields they are selected.

import type { KubeObject } from '../../../kinds/kube-object.js';
import { defaultPodTemplate } from '../../../kinds/pod-defaults.js';
import type { PodSpec } from '../../../kinds/pod-template.js';
import { deepEqual, isRecord } from '../../../lib/deep.js';
import { listAt, recordAt, textAt, type Draft, type FieldPath, type KindRules } from '../kind.js';
import { validateContainers } from './containers.js';
import { forbiddenField, type FieldError } from '../status.js';

/** The template with the real server's defaults; a spec without containers is left for validation to refuse. */
export function withPodDefaults(template: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const spec: Record<string, unknown> = { ...recordAt(template, 'spec') };
  spec['containers'] ??= [];
  return defaultPodTemplate({ ...template, spec: { ...spec, containers: listAt(spec, 'containers') as PodSpec['containers'] } });
}

/** Best effort without any request or limit, guaranteed when each container's limits are its requests. */
function qosClass(spec: unknown): string {
  const containers = listAt(spec, 'containers');
  const resources = containers.map((container) => recordAt(container, 'resources'));
  if (resources.every((each) => Object.keys(recordAt(each, 'requests')).length + Object.keys(recordAt(each, 'limits')).length === 0)) return 'BestEffort';
  const guaranteed = resources.every((each) => {
    const limits = recordAt(each, 'limits');
    const requests = { ...limits, ...recordAt(each, 'requests') };
    return limits['cpu'] !== undefined && limits['memory'] !== undefined && deepEqual(limits, requests);
  });
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function setDefaults(draft: Draft): void {
  const filled = withPodDefaults({ spec: draft['spec'] });
  const spec: Record<string, unknown> = { ...recordAt(filled, 'spec') };
  spec['enableServiceLinks'] ??= true;
  spec['serviceAccountName'] ??= 'default';
  spec['serviceAccount'] ??= spec['serviceAccountName'];
  spec['priority'] ??= 0;
  spec['preemptionPolicy'] ??= 'PreemptLowerPriority';
  draft['spec'] = spec;
}

const CHANGEABLE = ['activeDeadlineSeconds', 'terminationGracePeriodSeconds', 'tolerations', 'schedulingGates'];

const FORBIDDEN =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,' +
  '`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** What may not change, without the parts that may. A pod that has no node yet can be given one. */
function fixedPart(spec: unknown, bound: boolean): Record<string, unknown> {
  const fixed: Record<string, unknown> = { ...recordAt({ spec }, 'spec') };
  for (const key of CHANGEABLE) delete fixed[key];
  if (!bound) delete fixed['nodeName'];
  for (const list of ['containers', 'initContainers']) {
    if (Array.isArray(fixed[list])) fixed[list] = listAt(fixed, list).map((container) => (isRecord(container) ? { ...container, image: '' } : container));
  }
  return fixed;
}

function validate(draft: Draft, old: KubeObject | undefined): readonly FieldError[] {
  const spec = recordAt(draft, 'spec');
  if (old === undefined) return validateContainers(spec, 'spec');
  const bound = textAt(old['spec'], 'nodeName') !== '';
  return deepEqual(fixedPart(spec, bound), fixedPart(old['spec'], bound)) ? [] : [forbiddenField('spec', FORBIDDEN)];
}

const specField =
  (key: string) =>
  (object: KubeObject): string =>
    textAt(object['spec'], key);
const statusField =
  (key: string) =>
  (object: KubeObject): string =>
    textAt(object['status'], key);

const ADMITTED: readonly FieldPath[] = ['priority', 'preemptionPolicy', 'serviceAccount', 'serviceAccountName'].map((key) => ['spec', key]);

export const POD_RULES: KindRules = {
  serverSet: ADMITTED,
  answersDeleted: true,
  hasGeneration: true,
  prepareCreate: (draft) => {
    draft['status'] = { phase: 'Pending', qosClass: qosClass(draft['spec']) };
  },
  setDefaults,
  validate,
  selectableFields: {
    'spec.nodeName': specField('nodeName'),
    'spec.restartPolicy': specField('restartPolicy'),
    'spec.schedulerName': specField('schedulerName'),
    'spec.serviceAccountName': specField('serviceAccountName'),
    'status.phase': statusField('phase'),
    'status.podIP': statusField('podIP'),
    'status.nominatedNodeName': statusField('nominatedNodeName'),
  },
};
