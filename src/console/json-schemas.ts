// Theme and keymap files as JSON Schemas, for editors: made from the tables that the parsers read.

import { ACTIONS } from './actions.js';
import { STYLE_NAMES } from './style.js';

type Schema = Readonly<Record<string, unknown>>;

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

function wholeMap(properties: Schema, required: readonly string[]): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

export function themeSchema(): Schema {
  const colour = {
    description: '"#rrggbb", or one of the 256 colours of the terminal',
    anyOf: [
      { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' },
      { type: 'integer', minimum: 0, maximum: 255 },
    ],
  };
  const flag = { type: 'boolean' };
  const style = {
    type: ['object', 'null'],
    properties: { foreground: colour, background: colour, bold: flag, underline: flag, inverse: flag },
    additionalProperties: false,
  };
  const styles = wholeMap(Object.fromEntries(STYLE_NAMES.map((name) => [name, style])), STYLE_NAMES);
  return { $schema: DRAFT, title: 'A theme of Sluice', ...wholeMap({ name: { type: 'string', minLength: 1 }, styles }, ['name', 'styles']) };
}

export function keymapSchema(): Schema {
  const keys = { type: 'array', items: { type: 'string', minLength: 1 } };
  const actions = ACTIONS.map(({ id, help }) => [id, { description: help, ...keys }]);
  const bindings = { type: 'object', properties: Object.fromEntries(actions), additionalProperties: false };
  return { $schema: DRAFT, title: 'A keymap of Sluice', ...wholeMap({ name: { type: 'string', minLength: 1 }, bindings }, ['name', 'bindings']) };
}
