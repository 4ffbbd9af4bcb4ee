// commands.yaml as a JSON Schema, for editors: made from the rows that the parser reads.

import { COMMAND_ROWS, type FieldKind, type FieldRow, HOT_KEY_ROWS, IDENTIFIER_PATTERN, LONGEST_TEXT, MOST_ENTRIES, NAME_PATTERN } from './rows.js';

type Schema = Readonly<Record<string, unknown>>;

const TEXT = { type: 'string', minLength: 1, maxLength: LONGEST_TEXT };

function schemaOfKind(kind: FieldKind): Schema {
  switch (kind.type) {
    case 'text':
      return TEXT;
    case 'flag':
      return { type: 'boolean' };
    case 'key':
      return { type: 'string', minLength: 1 };
    case 'identifier':
      return { type: 'string', pattern: IDENTIFIER_PATTERN };
    case 'plain':
      return { type: ['string', 'number', 'boolean'] };
    case 'word':
      return { enum: kind.words };
    case 'words':
      return { type: 'array', minItems: 1, items: { enum: kind.words } };
    case 'plain-list':
      return { type: 'array', maxItems: kind.most, items: { type: ['string', 'number', 'boolean'] } };
    case 'maps':
      return { type: 'array', maxItems: kind.most, items: schemaOfRows(kind.rows) };
  }
}

function schemaOfRows(rows: readonly FieldRow[]): Schema {
  const properties = Object.fromEntries(rows.map(({ name, kind, help }) => [name, { description: help, ...schemaOfKind(kind) }]));
  return { type: 'object', properties, required: rows.filter(({ required }) => required).map(({ name }) => name), additionalProperties: false };
}

function section(description: string, rows: readonly FieldRow[]): Schema {
  const names = { pattern: NAME_PATTERN };
  return { description, type: ['object', 'null'], propertyNames: names, maxProperties: MOST_ENTRIES, additionalProperties: schemaOfRows(rows) };
}

export function ownSchema(): Schema {
  const properties = {
    commands: section('programs that are run with fields of the selected object; k9s calls them plugins', COMMAND_ROWS),
    hotKeys: section('keys for lines of the command bar', HOT_KEY_ROWS),
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Commands and hotkeys of Sluice',
    type: 'object',
    properties,
    additionalProperties: false,
  };
}
