// The screen `revisions`: every ReplicaSet of the rollout with its image and its verdict; enter shows how it differs from stable.

import { HASH_LABEL, REVISION } from '../../kinds/labels.js';
import { formerRevisionsOf, indexOf, revisionOf, runsOf, setsOf } from '../board.js';
import type { RolloutFacts } from '../facts.js';
import { subjectOf } from '../find-object.js';
import { revisionSince } from '../history.js';
import { rolloutSubject } from '../page.js';
import type { PageScreen } from '../page-screen.js';
import { type TableColumn, tableContents } from '../page-table.js';
import { phaseWord } from '../reason-analysis.js';
import { nameOf, readKey } from '../rollout-key.js';
import type { StyleName } from '../style.js';
import { roughAgeText } from '../time-words.js';
import { imageWords, readyText } from '../tree.js';
import { cutStart, sanitise } from '../../lib/text-width.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { Instant } from '../../lib/instant.js';
import { eventsOf } from './events.js';
import { pageNow } from '../server-now.js';

type Revision = {
  readonly set: KubeObject;
  readonly side: string;
  readonly verdict: string;
  readonly since: Instant | undefined;
};

function sideOf(facts: RolloutFacts, set: KubeObject): string {
  const hash = set.metadata.labels?.[HASH_LABEL];
  if (hash === facts.stableHash) return 'stable';
  return hash === facts.canaryHash ? (facts.aborted ? 'aborted' : 'canary') : '';
}

function verdictOf(runs: readonly KubeObject[], revision: string, facts: RolloutFacts | undefined): string {
  const phases = runs.filter(({ metadata }) => metadata.annotations?.[REVISION] === revision).map((run) => phaseWord(run, facts));
  const bad = phases.find((phase) => phase === 'Failed' || phase === 'Error' || phase === 'Inconclusive');
  return bad ?? phases.at(-1) ?? '';
}

const sideStyle = ({ side }: Revision): StyleName => (side === 'stable' ? 'stable' : side === 'canary' ? 'canary' : side === 'aborted' ? 'bad' : 'muted');

const columns = (now: number): readonly TableColumn<Revision>[] => [
  { id: 'revision', head: 'REV', width: 4, priority: 1, side: 'left', text: ({ set }) => String(revisionOf(set)), order: ({ set }) => -revisionOf(set) },
  { id: 'former', head: 'WAS', width: 5, priority: 8, text: ({ set }) => formerRevisionsOf(set).join(','), style: () => 'muted' },
  { id: 'side', head: 'SIDE', width: 8, priority: 2, text: ({ side }) => side, style: sideStyle },
  {
    id: 'image',
    head: 'IMAGE',
    width: 24,
    priority: 3,
    grows: true,
    text: ({ set }) => imageWords(set),
    short: ({ set }, width) => cutStart(sanitise(imageWords(set)), width),
  },
  { id: 'pods', head: 'PODS', width: 6, priority: 4, side: 'left', text: ({ set }) => readyText(set) },
  {
    id: 'analysis',
    head: 'ANALYSIS',
    width: 12,
    priority: 5,
    text: ({ verdict }) => verdict,
    style: ({ verdict }) => (verdict === 'Failed' || verdict === 'Error' ? 'bad' : 'muted'),
  },
  { id: 'name', head: 'REPLICASET', width: 30, priority: 7, text: ({ set }) => set.metadata.name, style: () => 'muted' },
  {
    id: 'age',
    head: 'AGE',
    width: 5,
    priority: 6,
    side: 'left',
    text: ({ since }) => roughAgeText(since, now),
    order: ({ since }) => -(since ?? 0),
  },
];

export const revisionsScreen: PageScreen = {
  id: 'revisions',
  word: 'revisions',
  form: 'table',
  about: [],
  sorts: ['revision', 'side', 'image', 'pods', 'analysis', 'age'],
  acts: ['rollout.undo'],
  contents(model, page) {
    const facts = model.board.byKey.get(page.key);
    const index = indexOf(model.board, readKey(page.key));
    const runs = facts === undefined ? [] : runsOf(index, facts);
    const events = eventsOf(model, { ...page, subject: rolloutSubject(page.key) });
    const rows = (facts === undefined ? [] : setsOf(index, facts)).map((set) => ({
      id: set.metadata.uid ?? set.metadata.name,
      link: { screen: 'diff' as const, key: page.key, subject: subjectOf(set) },
      row: {
        set,
        side: facts === undefined ? '' : sideOf(facts, set),
        verdict: verdictOf(runs, set.metadata.annotations?.[REVISION] ?? '', facts),
        since: revisionSince(set, events),
      },
    }));
    return {
      title: `Revisions of ${nameOf(page.key)}`,
      opens: 'what it changes',
      empty: 'there is no ReplicaSet yet',
      ...tableContents(columns(pageNow(model, page)), rows, model.size.columns - 2, page),
    };
  },
};
