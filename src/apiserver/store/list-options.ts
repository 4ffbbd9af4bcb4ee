// Which options of a list and of a watch go together; the others are refused with 422, as the real server does.

import { err, ok, type Result } from '../../lib/result.js';
import type { ApiOptions, ApiStatus } from './api.js';
import { forbiddenField, invalidOptions, unsupportedValue, type FieldError } from './status.js';

const EXACT = 'Exact';
const NOT_OLDER = 'NotOlderThan';
const MATCH = 'resourceVersionMatch';

const outcome = (errors: readonly FieldError[]): Result<undefined, ApiStatus> =>
  errors.length === 0 ? ok(undefined) : err(invalidOptions('ListOptions', errors));

export function checkListOptions(options: ApiOptions): Result<undefined, ApiStatus> {
  const { resourceVersion = '', resourceVersionMatch: match = '', continue: token = '', sendInitialEvents } = options;
  const errors: FieldError[] = [];
  if (match !== '') {
    if (resourceVersion === '') errors.push(forbiddenField(MATCH, `${MATCH} is forbidden unless resourceVersion is provided`));
    if (token !== '') errors.push(forbiddenField(MATCH, `${MATCH} is forbidden when continue is provided`));
    if (match !== EXACT && match !== NOT_OLDER) errors.push(unsupportedValue(MATCH, match, [EXACT, NOT_OLDER, '']));
    if (match === EXACT && resourceVersion === '0') errors.push(forbiddenField(MATCH, `${MATCH} "exact" is forbidden for resourceVersion "0"`));
  }
  if (sendInitialEvents !== undefined) errors.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return outcome(errors);
}

export function checkWatchOptions({ resourceVersionMatch: match = '', continue: token = '', sendInitialEvents }: ApiOptions): Result<undefined, ApiStatus> {
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && match !== NOT_OLDER) errors.push(forbiddenField(MATCH, `sendInitialEvents requires setting ${MATCH} to ${NOT_OLDER}`));
  if (match !== '') {
    if (sendInitialEvents === undefined) errors.push(forbiddenField(MATCH, `${MATCH} is forbidden for watch unless sendInitialEvents is provided`));
    if (match !== NOT_OLDER) errors.push(unsupportedValue(MATCH, match, [NOT_OLDER]));
    if (token !== '') errors.push(forbiddenField(MATCH, `${MATCH} is forbidden when continue is provided`));
  }
  return outcome(errors);
}
