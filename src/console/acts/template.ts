// Acts that change what runs: undo to a revision, set an image, edit the spec, roll back now.

import { letGoOn } from '../../decide/rollout/hold.js';
import { setImage, undo } from '../../decide/rollout/template-commands.js';
import type { Change, Refusal } from '../../kinds/change.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL } from '../../kinds/labels.js';
import { replicaSetOf } from '../../kinds/replica-set.js';
import { asRollout } from '../../kinds/rollout.js';
import { revisionOf, setsOf, setWithHash, workloadOf } from '../board.js';
import { findGitOpsOwner } from '../gitops.js';
import { revisionSince } from '../history.js';
import { hasAt, listAt, textAt } from '../../lib/read.js';
import { ageText } from '../time-words.js';
import { imageWords } from '../tree.js';
import { doubtsAbout, doubtWord, endedHold, keptHold, verdictWords } from './roll-back-doubts.js';
import { type Act, type ActSight, type Inputs, obstacle, type Obstacle, PATCH_DEPLOYMENT, PATCH_ROLLOUT, PATCH_STATUS, type Right } from './act.js';

const usesWorkload = ({ facts }: ActSight): boolean => hasAt(facts.object, 'spec', 'workloadRef');

const templateRights = (sight: ActSight): readonly Right[] => [usesWorkload(sight) ? PATCH_DEPLOYMENT : PATCH_ROLLOUT];

/** The object that holds the pod template, as far as it is seen. */
const holderOf = (sight: ActSight): KubeObject | undefined => (usesWorkload(sight) ? workloadOf(sight.index, sight.facts) : sight.facts.object);

function noTemplate(sight: ActSight): Obstacle | undefined {
  if (holderOf(sight) !== undefined) return undefined;
  const { facts } = sight;
  return obstacle('workload not seen', `${facts.name} takes its pods from a workload that is not seen here (missing, or you may not list it).`);
}

/** Who will take the change back, as a clause. */
export function gitOpsWarning(sight: ActSight): string[] {
  const holder = holderOf(sight);
  const owner = findGitOpsOwner(sight.facts.object) ?? (holder === undefined ? undefined : findGitOpsOwner(holder));
  return owner === undefined ? [] : [`${owner} applies this object from git and will take this back: revert it there too`];
}

const hashOf = (set: KubeObject): string => set.metadata.labels?.[HASH_LABEL] ?? '';

/** "stable, 3d old": what a person chooses by. */
function choiceText(set: KubeObject, sight: ActSight): string {
  const age = ageText(revisionSince(set, sight.events()), sight.now);
  const parts = [hashOf(set) === sight.facts.stableHash ? 'stable' : '', verdictWords(set, sight), age === '' ? '' : `${age} old`];
  return `revision ${revisionOf(set)}  ${imageWords(set)}  ${parts.filter((part) => part !== '').join(', ')}`;
}

/** "back to revision 6 (cart:6) from revision 7" */
function between({ facts, index }: ActSight, to: KubeObject): string {
  const from = setWithHash(index, facts, facts.canaryHash);
  return `back to revision ${revisionOf(to)} (${imageWords(to)})${from === undefined ? '' : ` from revision ${revisionOf(from)}`}`;
}

/** Revisions that it can go back to, newest first. */
function earlier({ facts, index }: ActSight): readonly KubeObject[] {
  return setsOf(index, facts).filter((set) => revisionOf(set) > 0 && hashOf(set) !== facts.canaryHash);
}

function undoChanges(sight: ActSight, revision: number): readonly Change[] | Refusal {
  const sets = setsOf(sight.index, sight.facts).map(replicaSetOf);
  const commanded = undo(asRollout(sight.facts.object), workloadOf(sight.index, sight.facts), sets, revision, 'guarded');
  return 'type' in commanded ? { type: 'refusal', reason: commanded.reason } : commanded;
}

/** The revision that a rollback takes: the stable one while another is on its way, the one before when all is promoted. */
export function rollbackTarget(sight: ActSight): KubeObject | undefined {
  const sets = earlier(sight);
  return sight.facts.inFlight ? sets.find((set) => hashOf(set) === sight.facts.stableHash) : sets[0];
}

/** The one under the cursor, or the one that a rollback would take. */
function offered(sight: ActSight): string {
  const sets = earlier(sight);
  const set = sets.find(({ metadata }) => metadata.name === sight.under) ?? rollbackTarget(sight) ?? sets[0];
  return set === undefined ? '' : String(revisionOf(set));
}

const chosenOf = (sight: ActSight, inputs: Inputs): KubeObject | undefined => earlier(sight).find((each) => String(revisionOf(each)) === inputs['revision']);

export const UNDO: Act = {
  id: 'rollout.undo',
  verb: 'Undo',
  risk: 'other',
  inGroups: false,
  basis: 'template',
  rights: templateRights,
  refuse: (sight) =>
    noTemplate(sight) ?? (earlier(sight).length === 0 ? obstacle('no earlier', `${sight.facts.name} has no earlier revision to go back to.`) : undefined),
  asks(sight) {
    const rows = earlier(sight).map((set) => ({ value: String(revisionOf(set)), text: choiceText(set, sight) }));
    return [{ id: 'revision', label: 'to', initial: offered(sight), rows }];
  },
  settled: (sight): Inputs => ({ revision: offered(sight) }),
  tell(sight, inputs) {
    const set = chosenOf(sight, inputs);
    if (set === undefined) return { effect: 'to a revision', effectWords: 'back to the chosen revision', notes: keptHold(sight) };
    const atOnce = hashOf(set) === sight.facts.stableHash;
    const how = atOnce ? 'it is the stable one, so all traffic goes back to it at once' : 'as a new release, through all steps';
    return {
      effect: 'to a revision',
      effectWords: `${between(sight, set)}: ${how}`,
      goal: `to revision ${revisionOf(set)}`,
      notes: [...keptHold(sight), ...(atOnce ? [] : ['to roll back is faster: it skips the steps'])],
    };
  },
  warns: (sight, inputs) => [...doubtsAbout(chosenOf(sight, inputs), sight), ...gitOpsWarning(sight)],
  changes: (sight, inputs) => undoChanges(sight, Number(inputs['revision'])),
  isObserved: ({ facts }, before) => facts.observed && facts.canaryHash !== before.canaryHash,
};

const containersOf = (sight: ActSight): readonly { readonly name: string; readonly image: string }[] =>
  listAt(holderOf(sight), 'spec', 'template', 'spec', 'containers').map((container) => ({
    name: textAt(container, 'name') ?? '',
    image: textAt(container, 'image') ?? '',
  }));

/** Of the container that is meant; where there is only one, nobody was asked. */
function imageNow(sight: ActSight, inputs: Inputs): string | undefined {
  const containers = containersOf(sight);
  return (containers.find(({ name }) => name === inputs['container']) ?? containers[0])?.image;
}

/** What came of revisions that had this image before. */
function notesOnImage(sight: ActSight, inputs: Inputs): readonly string[] {
  const image = (inputs['image'] ?? '').trim();
  const name = inputs['container'];
  const had = setsOf(sight.index, sight.facts).filter((set) =>
    listAt(set, 'spec', 'template', 'spec', 'containers').some((each) => textAt(each, 'name') === name && textAt(each, 'image') === image),
  );
  return had.flatMap((set) => doubtsAbout(set, sight)).map((doubt) => `this image was out before: ${doubt}`);
}

export const SET_IMAGE: Act = {
  id: 'rollout.set-image',
  verb: 'Set the image of',
  risk: 'on',
  inGroups: false,
  basis: 'template',
  rights: templateRights,
  refuse: noTemplate,
  asks(sight) {
    const containers = containersOf(sight);
    const [first] = containers;
    const image = {
      id: 'image',
      label: 'image',
      initial: first?.image ?? '',
      check: (value: string, inputs: Inputs) => checkImage(value, imageNow(sight, inputs)),
    };
    if (containers.length < 2) return [image];
    return [
      { id: 'container', label: 'of', initial: first?.name ?? '', rows: containers.map(({ name, image: now }) => ({ value: name, text: `${name}  ${now}` })) },
      image,
    ];
  },
  settled: (sight): Inputs => ({ container: containersOf(sight)[0]?.name ?? '' }),
  tell(sight, inputs) {
    const now = imageNow(sight, inputs) ?? '';
    return {
      effect: 'new release',
      effectWords: `container ${inputs['container'] ?? ''}: ${now} becomes ${inputs['image'] ?? ''}, as a new release`,
      notes: [...keptHold(sight), ...notesOnImage(sight, inputs)],
    };
  },
  warns: gitOpsWarning,
  changes(sight, inputs) {
    const pair = { container: inputs['container'] ?? '', image: (inputs['image'] ?? '').trim() };
    return setImage(asRollout(sight.facts.object), workloadOf(sight.index, sight.facts), [pair], 'guarded');
  },
  isObserved: ({ facts }, before) => facts.observed && facts.canaryHash !== before.canaryHash,
};

function checkImage(value: string, now: string | undefined): string | undefined {
  if (value.trim() === '') return 'an image must be given';
  if (value.trim() === now) return `it has the image ${now} already: restart replaces its pods, retry starts an aborted release again`;
  return /\s/.test(value.trim()) ? 'an image has no blanks' : undefined;
}

export const ROLLBACK: Act = {
  id: 'rollout.rollback',
  verb: 'Roll back',
  risk: 'back',
  inGroups: false,
  basis: 'revision',
  rights: (sight) => [...templateRights(sight), PATCH_STATUS, ...(sight.facts.held ? [PATCH_ROLLOUT] : [])],
  refuse(sight) {
    const stands = noTemplate(sight);
    if (stands !== undefined || rollbackTarget(sight) !== undefined) return stands;
    return obstacle('no earlier', `${sight.facts.name} has no earlier revision to go back to.`);
  },
  // Back to what went wrong is no way back.
  offer: (sight) => (doubtWord(rollbackTarget(sight), sight) === undefined ? undefined : 'late'),
  keyWords: (sight) => (doubtWord(rollbackTarget(sight), sight) === undefined ? undefined : ''),
  settled: (sight): Inputs => {
    const set = rollbackTarget(sight);
    return set === undefined ? {} : { revision: String(revisionOf(set)), hash: hashOf(set) };
  },
  tell(sight) {
    const set = rollbackTarget(sight);
    if (set === undefined) return { effect: 'now', effectWords: 'back to the revision before', notes: [] };
    const stays = sight.facts.inFlight;
    const goal = `to revision ${revisionOf(set)}`;
    // In mid-release it is plain what it goes back to; at rest, and after a rollback, it may be what was just left.
    const doubt = doubtWord(set, sight);
    const effect = stays ? goal : `→ rev ${revisionOf(set)}${doubt === undefined ? '' : ` (${doubt})`}`;
    const how = stays ? 'at once, it is the stable one, and all traffic goes back to it' : 'undo, wait for its pods, promote it fully, look at the route';
    return {
      effect,
      effectWords: `${between(sight, set)}: ${how}`,
      goal,
      notes: [...endedHold(sight), ...(stays ? [] : ['no step, pause or analysis holds it up; it stops if the pods of that revision do not start'])],
    };
  },
  warns: (sight) => [...doubtsAbout(rollbackTarget(sight), sight), ...gitOpsWarning(sight)],
  changes(sight, inputs) {
    const undone = undoChanges(sight, Number(inputs['revision']));
    if ('type' in undone || !sight.facts.held) return undone;
    // The old template first: what is let go on before would take the bad one further.
    const released = letGoOn(asRollout(sight.facts.object));
    return 'type' in released ? released : [...undone, ...released];
  },
  isObserved: ({ facts }, _before, inputs) => facts.observed && facts.canaryHash === inputs['hash'] && facts.stableHash === facts.canaryHash,
};

export const EDIT: Act = {
  id: 'rollout.edit',
  verb: 'Edit',
  risk: 'other',
  inGroups: false,
  basis: 'spec',
  rights: () => [PATCH_ROLLOUT],
  refuse: () => undefined,
  tell: () => ({ effect: 'in the editor', effectWords: 'the spec as it was edited', notes: [] }),
  warns: gitOpsWarning,
  // The change comes from the editor (update-edit.ts).
  changes: () => ({ type: 'refusal', reason: 'nothing was edited' }),
  isObserved: ({ facts }, before) => facts.observed && (facts.object.metadata.generation ?? 0) !== before.generation,
};
