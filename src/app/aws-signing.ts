// Requests signed for AWS's managed Prometheus (version 4 of its signatures), with the credentials that the standard environment
// variables and files of the AWS SDK name, or those of a role that they may take. Loaded with the first question: most programs never ask.

import type * as Identities from '@aws-sdk/credential-providers';
import type * as Checksum from '@smithy/core/checksum';
import type * as Config from '@smithy/core/config';
import type * as Signature from '@smithy/signature-v4';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { AwsIdentity, SignForAws } from '../providers/provider.js';
import { awsFailure, quietSdk } from './aws.js';

/** The name of that service in signatures. */
const SERVICE = 'aps';
/** Credentials may have to be asked for, twice where a role is taken. */
const SIGN_LIMIT_MS = 30_000;
/** Who has other credentials than so many begins anew. */
const MOST_IDENTITIES = 32;
const SESSION_NAME = 'sluice';
/** Credentials that end so soon are asked for anew before they end. */
const REFRESH_BEFORE_MS = 300_000;
const MOST_SAID = 1024;

const nothing = (): void => {};
/** Its advice would stand across the screen. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

type Credentials = ReturnType<typeof Identities.fromNodeProviderChain>;

type Sdk = {
  readonly identities: typeof Identities;
  readonly config: typeof Config;
  readonly checksum: typeof Checksum;
  readonly signature: typeof Signature;
};

async function load(): Promise<Sdk> {
  quietSdk();
  const [identities, config, checksum, signature] = await Promise.all([
    import('@aws-sdk/credential-providers'),
    import('@smithy/core/config'),
    import('@smithy/core/checksum'),
    import('@smithy/signature-v4'),
  ]);
  return { identities, config, checksum, signature };
}

async function regionOf({ config }: Sdk, { region = '', profile = '' }: AwsIdentity): Promise<string> {
  if (region !== '') return region;
  const { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } = config;
  return loadConfig(NODE_REGION_CONFIG_OPTIONS, { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile === '' ? {} : { profile }) })();
}

function credentialsOf({ identities, config }: Sdk, { profile = '', roleArn = '' }: AwsIdentity, region: string): Credentials {
  const own = identities.fromNodeProviderChain({ logger: SILENT, ...(profile === '' ? {} : { profile }) });
  if (roleArn === '') return own;
  const taken = identities.fromTemporaryCredentials({
    masterCredentials: own,
    params: { RoleArn: roleArn, RoleSessionName: SESSION_NAME },
    clientConfig: { region },
  });
  const isEnding = ({ expiration }: { readonly expiration?: Date }): boolean =>
    expiration !== undefined && expiration.getTime() - Date.now() < REFRESH_BEFORE_MS;
  return config.memoize(taken, isEnding, ({ expiration }) => expiration !== undefined);
}

export function createAwsSigner(): SignForAws {
  let loading: Promise<Sdk> | undefined;
  const known = new Map<string, { readonly region: string; readonly credentials: Credentials }>();
  const identityOf = async (loaded: Sdk, identity: AwsIdentity): Promise<{ readonly region: string; readonly credentials: Credentials }> => {
    const key = JSON.stringify([identity.region, identity.profile, identity.roleArn]);
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= MOST_IDENTITIES) known.clear();
    const region = await regionOf(loaded, identity);
    const made = { region, credentials: credentialsOf(loaded, identity, region) };
    known.set(key, made);
    return made;
  };
  return async ({ method, url, headers = {}, body }, identity, signal): Promise<Result<Readonly<Record<string, string>>, string>> => {
    try {
      loading ??= load();
      const loaded = await loading;
      const asked = new URL(url);
      const query: Record<string, string> = Object.fromEntries(asked.searchParams);
      const work = identityOf(loaded, identity).then(({ region, credentials }) =>
        new loaded.signature.SignatureV4({ service: SERVICE, region, credentials, sha256: loaded.checksum.Sha256 }).sign({
          method,
          protocol: asked.protocol,
          hostname: asked.hostname,
          path: asked.pathname,
          query,
          headers: { ...headers, host: asked.host },
          ...(body === undefined ? {} : { body }),
        }),
      );
      return ok((await withinLimit(work, signal)).headers);
    } catch (error) {
      return err(`sigv4: ${awsFailure(error, 'AWS', SIGN_LIMIT_MS).slice(0, MOST_SAID)}`);
    }
  };
}

/** The SDK's own search for credentials hears no signal. */
function withinLimit<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ending = AbortSignal.any([signal, AbortSignal.timeout(SIGN_LIMIT_MS)]);
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      const end = (): void => reject(ending.reason as Error);
      if (ending.aborted) end();
      else ending.addEventListener('abort', end, { once: true });
    }),
  ]);
}
