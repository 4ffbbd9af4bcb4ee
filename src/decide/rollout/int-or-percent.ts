// "25%" or 3: how many of so many.

/** A number as it is; any text is a share in percent, with or without the sign, as Argo reads it. Undefined when it is neither. */
export function resolve(value: number | string, total: number, round: (exact: number) => number): number | undefined {
  if (typeof value === 'number') return value;
  const percent = Number(value.replace(/%$/, ''));
  return value === '' || Number.isNaN(percent) ? undefined : round((percent * total) / 100);
}
