// A request to one of the sandbox's HTTP ends and its answer, as data: sockets are sandbox/http's business, and a
// simulation has none.

export type EndRequest = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** From the query and, where it is a form, from the body. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: string;
  readonly contentType: string;
};

export type EndAnswer = { readonly status: number; readonly contentType: string; readonly body: string; readonly headers?: Readonly<Record<string, string>> };

export const jsonAnswer = (status: number, body: string): EndAnswer => ({ status, contentType: 'application/json', body });

export const textAnswer = (status: number, body: string, headers?: Readonly<Record<string, string>>): EndAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
  ...(headers === undefined ? {} : { headers }),
});
