// The screen `diff`: the pod template of one revision against the stable one's, values of secrets masked.

import { HASH_LABEL, REVISION } from '../../kinds/labels.js';
import { indexOf, setsOf, setWithHash } from '../board.js';
import { compareLines, nearChanges } from '../diff-lines.js';
import type { StyledLine } from '../frame.js';
import { maskObject } from '../mask.js';
import type { Model } from '../model.js';
import type { Page } from '../page.js';
import type { PageScreen } from '../page-screen.js';
import { numbered } from '../paragraphs.js';
import { at } from '../../lib/read.js';
import { nameOf } from '../rollout-key.js';
import { span } from '../spans.js';
import { yamlLines } from '../yaml-text.js';
import { isRecord } from '../../lib/deep.js';
import type { KubeObject } from '../../kinds/kube-object.js';

function templateLines(set: KubeObject): readonly string[] {
  const template = at(set, 'spec', 'template');
  const labels = at(template, 'metadata', 'labels');
  const plain = isRecord(labels) ? Object.fromEntries(Object.entries(labels).filter(([key]) => key !== HASH_LABEL)) : labels;
  const metadata = at(template, 'metadata');
  return yamlLines(maskObject({ metadata: { ...(isRecord(metadata) ? metadata : {}), labels: plain }, spec: at(template, 'spec') }));
}

const revisionOf = (set: KubeObject): string => set.metadata.annotations?.[REVISION] ?? '?';

type Sides = { readonly old: KubeObject | undefined; readonly fresh: KubeObject | undefined };

/** The revision asked for against stable; of the rollout itself the newest, and at rest what serves against what was before. */
function sidesOf(model: Model, { key, subject }: Page): Sides {
  const facts = model.board.byKey.get(key);
  if (facts === undefined) return { old: undefined, fresh: undefined };
  const index = indexOf(model.board, facts);
  const sets = setsOf(index, facts);
  const stable = setWithHash(index, facts, facts.stableHash);
  if (subject.kind === 'ReplicaSet') {
    const asked = sets.find(({ metadata }) => metadata.name === subject.name);
    return asked === stable ? { old: sets.find((set) => set !== stable), fresh: stable } : { old: stable, fresh: asked };
  }
  const canary = setWithHash(index, facts, facts.canaryHash);
  return canary === stable ? { old: sets.find((set) => set !== stable), fresh: stable } : { old: stable, fresh: canary };
}

const STYLES = { ' ': 'text', '-': 'stable', '+': 'canary' } as const;

function linesOf({ old, fresh }: Sides): readonly StyledLine[] {
  if (old === undefined || fresh === undefined) return [];
  const near = nearChanges(compareLines(templateLines(old), templateLines(fresh)));
  if (near.length === 0) return [[span('the pod templates are the same', 'muted')]];
  return near.map((line): StyledLine => (line === undefined ? [span('…', 'muted')] : [span(`${line.sign} ${line.text}`, STYLES[line.sign])]));
}

export const diffScreen: PageScreen = {
  id: 'diff',
  word: 'diff',
  form: 'text',
  about: ['ReplicaSet'],
  contents(model, page) {
    const sides = sidesOf(model, page);
    const { old, fresh } = sides;
    return {
      title:
        old === undefined || fresh === undefined
          ? `Pod templates of ${nameOf(page.key)}`
          : `Pod template: - revision ${revisionOf(old)}, + revision ${revisionOf(fresh)}`,
      note: 'secrets are masked',
      empty: 'there is only one revision',
      lines: numbered(linesOf(sides)),
    };
  },
};
