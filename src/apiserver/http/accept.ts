// What form of answer the client wants: the `Accept` header with the parameters that Kubernetes adds (`as`, `g`, `v`).
// kubectl lists several forms in the order of its preference; the first one that is served wins.

export type MediaRange = { readonly type: string; readonly parameters: Readonly<Record<string, string>> };

/** How an object or a list is shown. */
export type Form =
  | { readonly type: 'plain'; readonly encoding: Encoding }
  | { readonly type: 'table'; readonly version: 'v1' | 'v1beta1'; readonly encoding: Encoding }
  /** Only the metadata, as metadata-only clients ask. */
  | { readonly type: 'metadata'; readonly list: boolean; readonly encoding: Encoding };

export type Encoding = 'json' | 'yaml';

export const OFFERED_TYPES = ['application/json', 'application/yaml'] as const;

const MAX_RANGES = 32;

/** The ranges of a header, best first: higher `q`, then the earlier one. */
export function parseAccept(header: string | undefined): readonly MediaRange[] {
  if (header === undefined || header.trim() === '') return [{ type: '*/*', parameters: {} }];
  return header
    .split(',')
    .slice(0, MAX_RANGES)
    .map((part) => {
      const [type, ...rest] = part.split(';').map((piece) => piece.trim());
      const parameters = Object.fromEntries(
        rest.map((piece) => [piece.slice(0, Math.max(0, piece.indexOf('='))).toLowerCase(), piece.slice(piece.indexOf('=') + 1)]),
      );
      return { type: (type ?? '').toLowerCase(), parameters };
    })
    .map((range, index) => ({ range, index, quality: qualityOf(range) }))
    .filter((entry) => entry.quality > 0)
    .toSorted((a, b) => b.quality - a.quality || a.index - b.index)
    .map((entry) => entry.range);
}

function qualityOf(range: MediaRange): number {
  const quality = range.parameters['q'];
  if (quality === undefined) return 1;
  const number = Number(quality);
  return Number.isFinite(number) ? number : 0;
}

/** The encoding that a range asks for; undefined when it is not served (protobuf, CBOR, text). */
export function encodingOf(range: MediaRange): Encoding | undefined {
  if (range.type === '*/*' || range.type === 'application/*' || range.type === 'application/json') return 'json';
  if (range.type === 'application/yaml') return 'yaml';
  return undefined;
}

/** Undefined when nothing that the client accepts is served (406). */
export function chooseForm(header: string | undefined): Form | undefined {
  for (const range of parseAccept(header)) {
    const encoding = encodingOf(range);
    if (encoding === undefined) continue;
    const as = range.parameters['as'];
    const version = range.parameters['v'];
    if (as === undefined) return { type: 'plain', encoding };
    if (range.parameters['g'] !== 'meta.k8s.io') continue;
    if (as === 'Table' && (version === 'v1' || version === 'v1beta1')) return { type: 'table', version, encoding };
    if ((as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') && version === 'v1')
      return { type: 'metadata', list: as.endsWith('List'), encoding };
  }
  return undefined;
}

/** The version of aggregated discovery that the client prefers, or undefined for the plain form. */
export function discoveryVersion(header: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const range of parseAccept(header)) {
    if (encodingOf(range) !== 'json') continue;
    const { as, g: group, v: version } = range.parameters;
    if (as === undefined) return undefined;
    if (as === 'APIGroupDiscoveryList' && group === 'apidiscovery.k8s.io' && (version === 'v2' || version === 'v2beta1')) return version;
  }
  return undefined;
}
