// Label selectors as one text: `app=a, tier!=b, env in (x, y), !old`.

import { matchesSelector } from '../kinds/label-selector.js';
import type { LabelSelector } from '../kinds/kube-object.js';
import { err, ok, type Result } from '../lib/result.js';

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

export type MatchesLabels = (labels: Readonly<Record<string, string>>) => boolean;

const PART = /\s*(?:!\s*([^\s=!,()]+)|([^\s=!,()]+)\s*(?:(==|=|!=)\s*([^\s,()]*)|(in|notin)\s*\(([^()]*)\))?)\s*(?:,|$)/y;

/** An empty text takes everything. */
export function parseSelector(source: string): Result<MatchesLabels, string> {
  if (source.trim() === '') return ok(() => true);
  const matchExpressions: Expression[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < source.length) {
    const found = PART.exec(source);
    if (found === null || found[0] === '') return err(`${JSON.stringify(source)} is no label selector such as app=a,env in (x,y)`);
    const [, absent, key = absent ?? '', operator, value = '', set, values = ''] = found;
    if (set !== undefined) {
      matchExpressions.push({ key, operator: set === 'in' ? 'In' : 'NotIn', values: values.split(',').map((each) => each.trim()) });
    } else if (operator !== undefined) {
      matchExpressions.push({ key, operator: operator === '!=' ? 'NotIn' : 'In', values: [value] });
    } else {
      matchExpressions.push({ key, operator: absent === undefined ? 'Exists' : 'DoesNotExist' });
    }
  }
  return ok((labels) => matchesSelector({ matchExpressions }, labels));
}
