// The settings file as a JSON Schema, for editors: made from the rows, so that it never says anything else than the parser.

import { mayStandIn, type Scope, SETTINGS, type ValueKind } from './rows.js';

type Schema = Readonly<Record<string, unknown>>;

function schemaOfValue(kind: ValueKind): Schema {
  switch (kind.type) {
    case 'word':
      return { enum: kind.words };
    case 'flag':
      return { type: 'boolean' };
    case 'text':
      return { type: 'string', minLength: 1 };
    case 'duration':
      return { type: 'string', pattern: '^(\\d+(\\.\\d*)?(ms|s|m))+$|^0$', examples: ['0s', '3s'] };
    case 'links': {
      const properties = { name: { type: 'string', minLength: 1 }, url: { type: 'string', pattern: '^https?://' } };
      return { type: 'array', items: { type: 'object', properties, required: ['name', 'url'], additionalProperties: false } };
    }
    case 'plugins': {
      const properties = { name: { type: 'string', minLength: 1 }, module: { type: 'string', minLength: 1 } };
      return { type: 'array', items: { type: 'object', properties, required: ['name', 'module'], additionalProperties: false } };
    }
  }
}

function schemaOfScope(scope: Scope, more: Schema): Schema {
  const rows = SETTINGS.filter((row) => mayStandIn(row, scope));
  const own = Object.fromEntries(rows.map(({ name, kind, help }) => [name, { description: help, ...schemaOfValue(kind) }]));
  return { type: 'object', properties: { ...own, ...more }, additionalProperties: false };
}

export function settingsSchema(): Schema {
  const namespaces = { description: 'by namespace; * stands for any characters', type: 'object', additionalProperties: schemaOfScope('namespace', {}) };
  const contexts = {
    description: 'by context of the kubeconfig; * stands for any characters; the first that fits is taken',
    type: 'object',
    additionalProperties: schemaOfScope('context', { namespaces }),
  };
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Settings of Sluice', ...schemaOfScope('global', { contexts }) };
}
