// The server's certificate: made anew at each start, signed by itself, so that the one certificate in the kubeconfig is
// all the trust there is. Its key never leaves the process.

/** The names under which the server may be reached; nothing else is bound. */
export const SERVED_HOSTS = ['127.0.0.1', 'localhost'] as const;

export type Certificate = { readonly certPem: string; readonly keyPem: string };

const VALID_FOR_MS = 365 * 24 * 3_600_000;
// A client whose clock is a little behind must still accept a certificate that was just made.
const VALID_BEFORE_MS = 3_600_000;

/** Takes about 20 ms, and 100 ms of CPU to import the library for the first time: call it after the first paint. */
export async function makeCertificate(nowMs: number): Promise<Certificate> {
  // A CommonJS package in a bundle of its own has its default export only.
  const { default: selfsigned } = await import('selfsigned');
  const made = await selfsigned.generate([{ name: 'commonName', value: 'sluice' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs - VALID_BEFORE_MS),
    notAfterDate: new Date(nowMs + VALID_FOR_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: SERVED_HOSTS[0] },
          { type: 2, value: SERVED_HOSTS[1] },
        ],
      },
    ],
  });
  return { certPem: made.cert, keyPem: made.private };
}
