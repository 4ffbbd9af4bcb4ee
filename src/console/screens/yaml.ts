// The screen `yaml`: an object as it is stored, secrets masked; who owns its fields is left out.

import { findObject } from '../find-object.js';
import type { StyledLine } from '../frame.js';
import { maskObject } from '../mask.js';
import type { PageScreen } from '../page-screen.js';
import { numbered } from '../paragraphs.js';
import { span } from '../spans.js';
import { yamlLines } from '../yaml-text.js';
import { subjectWords } from './events.js';

/** Keys stand out, so that the eye finds its place. */
export function yamlLine(line: string): StyledLine {
  const match = /^(\s*(?:- )?)([^\s:"][^:]*|"[^"]*")(:)(.*)$/.exec(line);
  if (match === null) return [span(line)];
  const [, indent = '', key = '', colon = '', rest = ''] = match;
  return [span(indent), span(key, 'progress'), span(colon, 'muted'), span(rest)];
}

export const yamlScreen: PageScreen = {
  id: 'yaml',
  word: 'yaml',
  form: 'text',
  contents(model, page) {
    const { subject } = page;
    const object = findObject(model, page);
    const plain = object === undefined ? undefined : { ...object, metadata: { ...object.metadata, managedFields: undefined } };
    return {
      title: `${subjectWords(subject)} as stored`,
      note: 'secrets are masked',
      empty: 'it no longer exists',
      lines: numbered(plain === undefined ? [] : yamlLines(maskObject(plain)).map(yamlLine)),
    };
  },
};
