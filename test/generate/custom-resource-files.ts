// The CustomResourceDefinitions as files, for installing them with kubectl.

import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';

// JSON has no comments, so the note stands in an annotation.
const NOTE = { 'generated-by': 'npm run generate' };

const WIDTH = 160;

export function customResourceFiles(): readonly { readonly file: string; readonly text: string }[] {
  return customResourceDefinitions().map((definition) => ({
    file: `src/kinds/crds/${definition.metadata.name}.json`,
    text: `${format({ ...definition, metadata: { ...definition.metadata, annotations: NOTE } }, '')}\n`,
  }));
}

/** JSON with what is short on one line: an indented schema would be ten times as many lines, and no easier to read. */
function format(value: unknown, indent: string): string {
  const flat = JSON.stringify(value);
  if (flat.length + indent.length <= WIDTH || typeof value !== 'object' || value === null) return flat;
  const inner = `${indent} `;
  if (Array.isArray(value)) return `[\n${value.map((item) => `${inner}${format(item, inner)}`).join(',\n')}\n${indent}]`;
  const fields = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{\n${fields.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${format(item, inner)}`).join(',\n')}\n${indent}}`;
}
