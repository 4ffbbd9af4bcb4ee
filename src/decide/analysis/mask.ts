// Keeps secrets out of what is written: measurements, events and logs are read by more people than Secrets are.

import { goQuote } from '../../lib/go-json.js';

const MASK = '*****';

/** A shorter text is no secret; masked in all its forms, it would make holes in every number. */
const SHORTEST_ENCODED = 4;

/** The text with every secret in it masked, as it is and in the forms in which URLs, JSON and headers carry it. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  if (secrets.length === 0 || text === '') return text;
  // Longer ones first: one secret may be part of another.
  return [...new Set(secrets.flatMap(formsOf))].toSorted((a, b) => b.length - a.length).reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

/** Values are numbers for the most part: a secret of a few characters is not looked for in them. */
export function maskValue(value: string, secrets: readonly string[]): string {
  return maskSecrets(
    value,
    secrets.filter((secret) => secret.length >= SHORTEST_ENCODED),
  );
}

function formsOf(secret: string): readonly string[] {
  if (secret === '') return [];
  // What people store often ends with a line break that the source does not repeat.
  const trimmed = secret.trim();
  if (trimmed.length < SHORTEST_ENCODED) return [secret];
  return [secret, ...[secret, trimmed].flatMap((each) => [each, ...encoded(each)])].filter((form) => form !== '');
}

function encoded(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const url = `http://host/?${secret}`;
  return [
    JSON.stringify(secret).slice(1, -1),
    goQuote(secret).slice(1, -1),
    // Lone surrogates have no URL form.
    ...(/\p{Surrogate}/u.test(secret) ? [] : [encodeURIComponent(secret), encodeURI(secret)]),
    new URLSearchParams({ x: secret }).toString().slice(2),
    ...(URL.canParse(url) ? [new URL(url).search.slice(1)] : []),
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ];
}
