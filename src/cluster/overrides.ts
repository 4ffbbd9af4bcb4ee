// What flags say in place of the kubeconfig, as kubectl's do: another cluster or user of the file, another address, a token.

import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';

export type Overrides = {
  /** Names of entries in the file. */
  readonly cluster?: string;
  readonly user?: string;
  readonly server?: string;
  readonly token?: string;
  readonly certificateAuthority?: string;
  readonly tlsServerName?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
};

/** The name that who comes with a token has, as long as the server has not told another. */
const BY_TOKEN = '--token';

/** Without a kubeconfig, or a context in it, an address is enough: the context has its name. */
export function addBareContext(config: KubeConfig, server: string): string {
  const name = server.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  config.clusters = [...config.clusters, { name, server, skipTLSVerify: false }];
  config.users = [...config.users, { name: '' }];
  config.contexts = [...config.contexts, { name, cluster: name, user: '' }];
  return name;
}

function clusterWith(cluster: Cluster, { server, certificateAuthority, tlsServerName, insecureSkipTlsVerify }: Overrides): Cluster {
  const { caData, caFile, ...rest } = cluster;
  const insecure = insecureSkipTlsVerify ?? cluster.skipTLSVerify;
  const authority =
    certificateAuthority === undefined
      ? { ...(caData === undefined ? {} : { caData }), ...(caFile === undefined ? {} : { caFile }) }
      : { caFile: certificateAuthority };
  return {
    ...rest,
    // Who asks for no check has no use for an authority that would make one.
    ...(insecureSkipTlsVerify === true ? {} : authority),
    skipTLSVerify: insecure,
    ...(server === undefined ? {} : { server }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
  };
}

/** A token says who one is: nothing else that the file has for this user goes along, or the server would go by a certificate. */
function userWith(user: User, { token, clientCertificate, clientKey }: Overrides): User {
  if (token !== undefined) return { name: BY_TOKEN, token };
  if (clientCertificate === undefined && clientKey === undefined) return user;
  const { certData, keyData, ...rest } = user;
  return {
    ...rest,
    ...(clientCertificate === undefined ? (certData === undefined ? {} : { certData }) : { certFile: clientCertificate }),
    ...(clientKey === undefined ? (keyData === undefined ? {} : { keyData }) : { keyFile: clientKey }),
  };
}

/** Changes the context in place; what is named must be there. The failure is a sentence behind the name of the file. */
export function override(config: KubeConfig, context: string, overrides: Overrides): string | undefined {
  const known = config.getContextObject(context);
  if (known === null) return undefined;
  const clusterName = overrides.cluster ?? known.cluster;
  const userName = overrides.user ?? known.user;
  const cluster = config.getClusters().find(({ name }) => name === clusterName);
  const user = config.getUsers().find(({ name }) => name === userName);
  const listed = (all: readonly { readonly name: string }[]): string => all.map(({ name }) => name).join(', ') || 'none';
  if (cluster === undefined && overrides.cluster !== undefined) return `has no cluster ${clusterName} (--cluster); it has: ${listed(config.getClusters())}`;
  if (user === undefined && overrides.user !== undefined) return `has no user ${userName} (--user); it has: ${listed(config.getUsers())}`;
  const nobody: User = { name: userName };
  const as = userWith(user ?? nobody, overrides);
  if (cluster !== undefined) config.clusters = [...config.clusters.filter(({ name }) => name !== clusterName), clusterWith(cluster, overrides)];
  if (user !== undefined || overrides.token !== undefined) config.users = [...config.users.filter(({ name }) => name !== userName), as];
  config.contexts = config.contexts.map((each) => (each.name === context ? { ...each, cluster: clusterName, user: as.name } : each));
  return undefined;
}
