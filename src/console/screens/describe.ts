// The screen `describe`: what matters of an object in words: whose it is, how it stands, its containers, conditions and events.

import { eventTime } from '../board.js';
import { findGitOpsOwner } from '../gitops.js';
import { findObject } from '../find-object.js';
import type { StyledLine } from '../frame.js';
import { maskText } from '../mask.js';
import type { Model } from '../model.js';
import type { Page } from '../page.js';
import type { PageScreen } from '../page-screen.js';
import { numbered, type Pair, pairs, section } from '../paragraphs.js';
import { readPodState } from '../pod-state.js';
import { at, flagAt, listAt, numberAt, textAt, timeAt } from '../../lib/read.js';
import { span } from '../spans.js';
import { ageText } from '../time-words.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { eventsOf, subjectWords } from './events.js';
import { pageNow } from '../server-now.js';

const MOST_EVENTS = 20;

const describeValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const words = (record: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(record ?? {})
    .map(([key, value]) => `${key}=${key.endsWith('last-applied-configuration') ? '…' : maskText(value)}`)
    .join(', ');

function identity(object: KubeObject, now: number): readonly Pair[] {
  const { metadata } = object;
  const owner = metadata.ownerReferences?.[0];
  const row = (label: string, text: string | undefined): Pair[] => (text === undefined || text === '' ? [] : [{ label, text }]);
  return [
    ...row('kind', `${object.kind} (${object.apiVersion})`),
    ...row('name', `${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`),
    ...row('created', `${ageText(timeAt(metadata, 'creationTimestamp'), now)} ago (${metadata.creationTimestamp ?? '?'})`),
    ...row('being deleted', metadata.deletionTimestamp),
    ...row('owned by', owner === undefined ? undefined : `${owner.kind} ${owner.name}`),
    ...row('kept in git by', findGitOpsOwner(object)),
    ...row('labels', words(metadata.labels)),
    ...row('annotations', words(metadata.annotations)),
  ];
}

/** Plain values of the status and of the spec; what is deeper is told below or shown as YAML. */
function plainFields(value: unknown): readonly Pair[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([label, field]) =>
    typeof field === 'string' || typeof field === 'number' || typeof field === 'boolean' ? [{ label, text: maskText(String(field)) }] : [],
  );
}

const STATES = ['waiting', 'running', 'terminated'] as const;

function stateWords(state: unknown, now: number): string {
  const name = STATES.find((each) => at(state, each) !== undefined);
  if (name === undefined) return '';
  const reason = textAt(state, name, 'reason');
  const code = numberAt(state, name, 'exitCode');
  const since = timeAt(state, name, 'startedAt') ?? timeAt(state, name, 'finishedAt');
  const message = textAt(state, name, 'message');
  return [name, reason, code === undefined ? undefined : `exit code ${code}`, since === undefined ? undefined : `since ${ageText(since, now)}`, message]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}

function containers(object: KubeObject, now: number): readonly Pair[] {
  const spec = at(object, 'spec', 'template', 'spec') ?? at(object, 'spec');
  return (['initContainers', 'containers'] as const).flatMap((field) =>
    listAt(spec, field).flatMap((container): Pair[] => {
      const name = textAt(container, 'name') ?? '';
      const status = listAt(object, 'status', field === 'containers' ? 'containerStatuses' : 'initContainerStatuses').find(
        (each) => textAt(each, 'name') === name,
      );
      const last = stateWords(at(status, 'lastState'), now);
      return [
        { label: field === 'containers' ? name : `${name} (init)`, text: textAt(container, 'image') ?? '' },
        ...(status === undefined
          ? []
          : [
              {
                label: '',
                text: `${stateWords(at(status, 'state'), now)}; ${flagAt(status, 'ready') ? 'ready' : 'not ready'}; ${numberAt(status, 'restartCount') ?? 0} restarts`,
              },
            ]),
        ...(last === '' ? [] : [{ label: '', text: `before that: ${last}` }]),
      ];
    }),
  );
}

function conditions(object: KubeObject, now: number): readonly Pair[] {
  return listAt(object, 'status', 'conditions').map((condition) => {
    const message = textAt(condition, 'message') ?? '';
    const since = ageText(timeAt(condition, 'lastTransitionTime'), now);
    const status = textAt(condition, 'status') ?? '';
    const text = `${status} ${textAt(condition, 'reason') ?? ''}${message === '' ? '' : `: ${message}`} (${since})`;
    return { label: textAt(condition, 'type') ?? '', text, ...(status === 'False' ? { style: 'attention' as const } : {}) };
  });
}

/** Of an event its whole message: in the list it is cut. */
function eventPairs(object: KubeObject): readonly Pair[] {
  if (object.kind !== 'Event') return [];
  const fields = ['type', 'reason', 'message', 'count', 'firstTimestamp', 'lastTimestamp', 'eventTime', 'reportingComponent'];
  const source = textAt(object, 'source', 'component');
  return [
    ...fields.flatMap((label) => (object[label] === undefined || object[label] === null ? [] : [{ label, text: describeValue(object[label]) }])),
    { label: 'about', text: `${textAt(object, 'involvedObject', 'kind') ?? ''} ${textAt(object, 'involvedObject', 'name') ?? ''}` },
    ...(source === undefined ? [] : [{ label: 'reported by', text: source }]),
  ];
}

function linesOf(model: Model, page: Page, object: KubeObject): readonly StyledLine[] {
  const width = model.size.columns - 2;
  const now = pageNow(model, page);
  const events = eventsOf(model, page)
    .toSorted((a, b) => eventTime(b) - eventTime(a))
    .slice(0, MOST_EVENTS);
  const state = object.kind === 'Pod' ? [{ label: 'state', text: readPodState(object).word }] : [];
  return [
    [span(subjectWords(page.subject), 'strong')],
    ...pairs([...identity(object, now), ...state, ...eventPairs(object)], width),
    ...section('Spec', pairs(plainFields(object['spec']), width)),
    ...section('Status', pairs(plainFields(object['status']), width)),
    ...section('Containers', pairs(containers(object, now), width)),
    ...section('Conditions', pairs(conditions(object, now), width)),
    ...section(
      'Events',
      pairs(
        events.map((event) => ({
          label: `${ageText(eventTime(event), now)} ${textAt(event, 'reason') ?? ''}`,
          text: textAt(event, 'message') ?? '',
          ...(event['type'] === 'Warning' ? { style: 'attention' as const } : {}),
        })),
        width,
      ),
    ),
  ];
}

export const describeScreen: PageScreen = {
  id: 'describe',
  word: 'describe',
  form: 'text',
  contents(model, page) {
    const object = findObject(model, page);
    return {
      title: `${subjectWords(page.subject)} in words`,
      empty: 'it no longer exists',
      lines: numbered(object === undefined ? [] : linesOf(model, page, object)),
    };
  },
};
