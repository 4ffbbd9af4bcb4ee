// What Kubernetes takes as the name of a container, a volume or a namespace, and the words in which it refuses another.

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';

/** RFC 1123, as `k8s.io/apimachinery` states it. */
export const DNS_LABEL = {
  pattern: new RegExp(`^${LABEL}$`),
  most: 63,
  text:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character " +
    `(e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
} as const;
