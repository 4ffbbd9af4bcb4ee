// The screen `why`: one sentence, the next safe act, the evidence, and what else is not well.

import type { RolloutFacts } from '../facts.js';
import { type Explanation, explainWhole } from '../explain/explanation.js';
import type { StyledLine } from '../frame.js';
import { keyText } from '../keymap.js';
import { RESOURCE_QUOTA } from '../../kinds/resource-type.js';
import { moodSign, phaseOrFailing, rolloutMood } from '../mood.js';
import { extraObjects, type Model } from '../model.js';
import type { PageScreen } from '../page-screen.js';
import { labelled, numbered, pairs, paragraph, section } from '../paragraphs.js';
import { nameOf, readKey } from '../rollout-key.js';
import { span } from '../spans.js';
import { sightOf } from '../sight.js';
import type { StyleName } from '../style.js';

const LABEL = 6;

const LEVEL_STYLES: Readonly<Record<Explanation['level'], StyleName>> = {
  good: 'good',
  progress: 'progress',
  attention: 'attention',
  bad: 'bad',
  unknown: 'unknown',
};

function actWords(model: Model, { act }: Explanation): string {
  const key = act.action === undefined ? undefined : keyText(model.keymap, act.action, model.glyphs.ascii);
  return key === undefined ? act.words : `${act.words} (${key})`;
}

function linesOf(model: Model, facts: RolloutFacts): readonly StyledLine[] {
  const width = model.size.columns - 3;
  const found = explainWhole({ ...sightOf(model, facts), quotas: extraObjects(model, facts.cluster, RESOURCE_QUOTA, facts.namespace) });
  const style = LEVEL_STYLES[found.level];
  const sign = moodSign(model.glyphs, rolloutMood(facts));
  const place =
    facts.stepIndex === undefined || facts.stepIndex >= facts.steps.length || facts.aborted ? '' : ` at step ${facts.stepIndex + 1} of ${facts.steps.length}`;
  const sentence = `${found.sentence.charAt(0).toUpperCase()}${found.sentence.slice(1).replace(/\.$/, '')}.`;
  return [
    [span(`${sign} ${phaseOrFailing(facts)}${place}`, style)],
    ...paragraph(sentence, width, style),
    [],
    ...labelled('next', LABEL, actWords(model, found), width, 'strong'),
    ...labelled('cause', LABEL, found.cause, width),
    ...section(
      'What this is concluded from',
      pairs(
        found.evidence.map(({ about, text }) => ({ label: about, text })),
        width,
      ),
    ),
    ...section(
      'Also',
      pairs(
        found.also.map(({ cause, sentence: text }) => ({ label: cause, text })),
        width,
      ),
    ),
  ];
}

export const whyScreen: PageScreen = {
  id: 'why',
  word: 'why',
  form: 'text',
  about: [],
  needs: (_model, { key, subject }) => [{ type: 'objects', cluster: readKey(key).cluster, resource: RESOURCE_QUOTA, namespace: subject.namespace }],
  contents(model, page) {
    const facts = model.board.byKey.get(page.key);
    const lines = facts === undefined ? [] : linesOf(model, facts);
    return { title: `Why ${nameOf(page.key)} is where it is`, empty: 'it no longer exists', lines: numbered(lines) };
  },
};
